import type { TrafficAnswer } from '@vedette/contract';
import { full, percent, short } from '../model/format.ts';
import { useView } from '../state/view-context.ts';
import { text, explore as words } from '../text.ts';

/**
 * Where the figures of an answer come from, whether they are estimated, and of how much of the traffic they are. What is
 * not so is not said, so that the line is short where everything is counted.
 */
export function AnswerLine({ answer }: { answer: TrafficAnswer | undefined }) {
  const { exact, setExact } = useView();
  if (answer === undefined) return <span className="skeleton">{text.footer.source['roll-up']}</span>;
  const { source, sampling, coverage } = answer;
  return (
    <span className="answer-line">
      {text.footer.source[source] ?? source}
      {sampling < 1 && (
        <>
          {' · '}
          <strong className="estimated">{words.sampling.estimated(percent(sampling))}</strong>{' '}
          <button type="button" className="link" onClick={() => setExact(true)}>
            {words.sampling.countExactly}
          </button>
        </>
      )}
      {sampling === 1 && exact && (
        <>
          {' · '}
          {words.sampling.exact}{' '}
          <button type="button" className="link" onClick={() => setExact(false)}>
            {words.sampling.allowSample}
          </button>
        </>
      )}
      {coverage !== null && coverage.kept < coverage.requests && (
        <>
          {' · '}
          <span title={`${full(coverage.kept)} / ${full(coverage.requests)}\n${words.sampling.keptHelp}`}>
            {words.sampling.kept(short(coverage.kept), short(coverage.requests))}
          </span>
        </>
      )}
    </span>
  );
}
