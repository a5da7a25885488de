import type { KeptData, PrivacyAnswer } from '@vedette/contract';
import { full } from '../../model/format.ts';
import { momentIn } from '../../model/times.ts';
import { text, privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { ScrollSpace } from '../ui/scroll-space.tsx';

/** The policy in sentences, and every kind of data that is kept. */
export function KeptPart({ answer: { plain, kept } }: { answer: PrivacyAnswer }) {
  return (
    <>
      <Panel title={words.plain.title}>
        <ul className="plain-words" lang="en">
          {plain.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Panel>
      <Panel title={words.kept.title} of={words.kept.of}>
        {kept.length === 0 ? <p className="empty-note">{words.kept.empty}</p> : <KeptTable kept={kept} />}
      </Panel>
    </>
  );
}

function KeptTable({ kept }: { kept: readonly KeptData[] }) {
  const { columns } = words.kept;
  return (
    <ScrollSpace label={words.kept.title} className="all">
      <table className="table kept-table">
        <thead>
          <tr>
            <th scope="col">{columns.name}</th>
            <th scope="col">{columns.why}</th>
            <th scope="col">{columns.until}</th>
            <th scope="col" className="number">
              {columns.rows}
            </th>
            <th scope="col">{columns.oldest}</th>
          </tr>
        </thead>
        <tbody>
          {kept.map(({ name, what, why, where, until, rows, oldest }) => (
            <tr key={name}>
              <th scope="row" lang="en">
                <strong>{name}</strong>
                <span>{what}</span>
                <small className="muted">{where}</small>
              </th>
              <td data-label={columns.why}>
                <span lang="en">{why}</span>
              </td>
              <td data-label={columns.until}>
                <span lang="en">{until}</span>
              </td>
              <td data-label={columns.rows} className="number">
                {rows === null ? <span className="muted">{words.kept.unknown}</span> : full(rows)}
              </td>
              <td data-label={columns.oldest} className="no-wrap">
                {oldest === null ? text.none : momentIn(Date.parse(oldest))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollSpace>
  );
}
