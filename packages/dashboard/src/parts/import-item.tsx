import type { ImportResult } from '@vedette/contract';
import { describeError, type Problem } from '../api/client.ts';
import { full, percent } from '../model/format.ts';
import { periodIn } from '../model/times.ts';
import type { ImportItem } from '../state/import-queue.ts';
import { useView } from '../state/view-context.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { ScrollSpace } from './ui/scroll-space.tsx';

interface Props {
  item: ImportItem;
  size: string;
  onRemove: () => void;
  /** After the range was set to the file's. */
  onShow: () => void;
}

/** One file of the import dialog: waiting, under way, or with its result. */
export function ImportItemView({ item, size, onRemove, onShow }: Props) {
  const { file, state, progress, result, problem } = item;
  return (
    <>
      <div className="import-item-head">
        <Icon name={state === 'done' ? 'check' : state === 'failed' ? 'warning' : 'file'} />
        <strong title={file.name}>{file.name}</strong>
        <span className="muted">{size}</span>
        <span className="import-state" role="status">
          {stateText(item)}
        </span>
        {state === 'waiting' && (
          <button
            type="button"
            className="icon-button small"
            onClick={onRemove}
            aria-label={text.import.remove(file.name)}
            title={text.import.remove(file.name)}
          >
            <Icon name="cross" />
          </button>
        )}
      </div>
      {state === 'sending' && <progress max={1} value={progress.sent} aria-label={stateText(item)} />}
      {problem !== undefined && state === 'failed' && (
        <p className="form-error" role="alert">
          <ProblemWords problem={problem} />
        </p>
      )}
      {result !== undefined && <ResultView result={result} onShow={onShow} />}
    </>
  );
}

function ProblemWords({ problem }: { problem: Problem }) {
  const { title, detail, lang } = describeError(problem);
  return (
    <>
      {title}
      {detail !== '' && <span lang={lang}>: {detail}</span>}
    </>
  );
}

function stateText({ state, progress }: ImportItem): string {
  switch (state) {
    case 'waiting':
      return text.import.waiting;
    case 'sending':
      if (progress.lines > 0) return text.import.progress(full(progress.lines));
      return progress.sent < 1 ? text.import.sending(percent(progress.sent)) : text.import.finishing;
    case 'done':
      return text.import.done;
    case 'cancelled':
      return text.import.cancelled;
    default:
      return text.import.failed;
  }
}

function ResultView({ result, onShow }: { result: ImportResult; onShow: () => void }) {
  const { setRange } = useView();
  const { lines, window } = result;
  const show = () => {
    if (window === null) return;
    setRange({ kind: 'custom', from: Date.parse(window.from), to: Date.parse(window.to) + 1 });
    onShow();
  };
  return (
    <div className="import-result">
      <dl>
        <Fact name={text.import.format} value={result.format} />
        <Fact name={text.import.read} value={full(lines.read)} />
        <Fact name={text.import.accepted} value={full(lines.accepted)} />
        <Fact name={text.import.rejected} value={full(lines.rejected)} alarm={lines.rejected > 0} />
        {lines.known > 0 && <Fact name={text.import.known} value={full(lines.known)} title={text.import.knownHelp} />}
        {window !== null && (
          <Fact name={text.import.window} value={periodIn(Date.parse(window.from), Date.parse(window.to))} />
        )}
      </dl>
      {result.truncated !== null && <p className="form-error">{`${text.import.truncated} ${result.truncated}`}</p>}
      {lines.rejected > 0 && <Rejects result={result} />}
      {window !== null && (
        <button type="button" className="button small" onClick={show}>
          {text.import.show}
        </button>
      )}
    </div>
  );
}

function Fact({ name, value, title, alarm }: { name: string; value: string; title?: string; alarm?: boolean }) {
  return (
    <div title={title} className={alarm === true ? 'alarm' : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Why lines were rejected, with the first examples. */
function Rejects({ result }: { result: ImportResult }) {
  const reasons = Object.entries(result.reasons).sort(([, a], [, b]) => b - a);
  return (
    <div className="rejects">
      <h3>{text.import.reasons}</h3>
      <ul className="reasons">
        {reasons.map(([reason, times]) => (
          <li key={reason}>
            <code>{reason}</code> {full(times)}
          </li>
        ))}
      </ul>
      {result.rejects.length > 0 && (
        <details>
          <summary>{text.import.examples(result.rejects.length)}</summary>
          <ScrollSpace label={text.import.reasons}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col" className="number">
                    {text.import.line}
                  </th>
                  <th scope="col">{text.import.reason}</th>
                  <th scope="col">{text.import.excerpt}</th>
                </tr>
              </thead>
              <tbody>
                {result.rejects.map((reject) => (
                  <tr key={reject.line}>
                    <td className="number">{full(reject.line)}</td>
                    <td title={reject.reason} lang="en">
                      {reject.detail || reject.reason}
                    </td>
                    <td>
                      <code>{reject.excerpt}</code>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollSpace>
        </details>
      )}
    </div>
  );
}
