import type { ConsentDay } from '@vedette/contract';
import { shareOf, totalsOf } from '../../model/consent-days.ts';
import { full, percent, short } from '../../model/format.ts';
import { text, consent as words } from '../../text.ts';
import { FigureStrip, type StripFigure } from '../figure-strip.tsx';

/** The choices of the window and what part of them was which; undefined while they are not known. */
export function ChoiceFigures({ days }: { days: readonly ConsentDay[] | undefined }) {
  const totals = days && totalsOf(days);
  const rate = (name: 'granted' | 'partly' | 'refused' | 'gpc'): Pick<StripFigure, 'value' | 'note'> => {
    if (totals === undefined) return { value: undefined, note: words.figures.ofChoices('0,000') };
    const share = shareOf(totals[name], totals.choices);
    return {
      value: share === null ? text.none : percent(share),
      note: share === null ? words.figures.none : words.figures.ofChoices(short(totals[name])),
    };
  };
  // A share stands in while there is none.
  const answered = totals === undefined ? 0 : shareOf(totals.choices, totals.shown);
  return (
    <FigureStrip
      label={words.figures.label}
      figures={[
        {
          title: words.figures.choices,
          help: words.figures.choicesHelp,
          value: totals && short(totals.choices),
          note: (
            <>
              {words.figures.choicesNote(full(totals?.shown ?? 0))}
              {answered !== null && <span className="figure-base">{words.figures.unanswered(percent(answered))}</span>}
            </>
          ),
        },
        { title: words.figures.granted, help: words.figures.choicesHelp, ...rate('granted') },
        { title: words.figures.partly, help: words.figures.choicesHelp, ...rate('partly') },
        { title: words.figures.refused, help: words.figures.choicesHelp, ...rate('refused') },
        {
          title: words.figures.withdrawn,
          help: words.figures.withdrawnHelp,
          value: totals && short(totals.withdrawn),
          note: words.figures.withdrawnHelp,
        },
        { title: words.figures.gpc, help: words.figures.gpcHelp, ...rate('gpc') },
      ]}
    />
  );
}
