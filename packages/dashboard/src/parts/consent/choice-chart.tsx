import type { ConsentDay } from '@vedette/contract';
import { dayColumns, dayWindow } from '../../model/consent-days.ts';
import { width } from '../../model/format.ts';
import { useView } from '../../state/view-context.ts';
import { consent as words } from '../../texts/consent.ts';
import { ColumnsPanel } from '../columns.tsx';

const KINDS = (['granted', 'partly', 'refused'] as const).map((name) => ({ name, label: words.days[name] }));
const BESIDES = [words.days.withdrawn, words.days.gpc, words.days.shown];

/** Choices by day; undefined while they are not known. */
export function ChoiceChart({ days }: { days: readonly ConsentDay[] | undefined }) {
  const view = useView();
  const { window, bin } = dayWindow(view.window, view.mostBars);
  return (
    <ColumnsPanel
      title={words.days.title}
      of={words.days.of(width(bin.ms))}
      kinds={KINDS}
      besides={BESIDES}
      columns={days && dayColumns(days, window, bin)}
      window={window}
      ms={bin.ms}
    />
  );
}
