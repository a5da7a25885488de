import type { ScanFinding } from '@vedette/contract';
import { full } from '../../model/format.ts';
import { privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { LongTable } from '../ui/long-table.tsx';

/** What was found, that which may not be there first. */
export function ScanFindings({ findings }: { findings: readonly ScanFinding[] }) {
  const { columns } = words.scan;
  const sorted = findings.toSorted((a, b) => Number(a.excepted !== null) - Number(b.excepted !== null));
  return (
    <Panel title={words.scan.findings}>
      {findings.length === 0 ? (
        <p className="empty-note">{words.scan.noFindings}</p>
      ) : (
        <LongTable
          label={words.scan.findings}
          spaceClass="all"
          className="cells"
          rows={sorted}
          rowKey={({ kind, place, excepted }) => `${kind} ${place} ${excepted ?? ''}`}
          head={
            <>
              <th scope="col">{columns.kind}</th>
              <th scope="col">{columns.place}</th>
              <th scope="col" className="number">
                {columns.count}
              </th>
              <th scope="col">{columns.sample}</th>
              <th scope="col">{columns.verdict}</th>
            </>
          }
        >
          {({ kind, place, count, sample, excepted }) => (
            <>
              <td className="no-wrap">{words.scan.kinds[kind]}</td>
              <th scope="row" className="break wide-cell">
                {place}
              </th>
              <td className="number">{full(count)}</td>
              <td>
                <code className="break">{sample}</code>
              </td>
              <td className="wide-cell">
                {excepted === null ? (
                  <span className="badge bad">{words.scan.not}</span>
                ) : (
                  words.scan.excepted(excepted)
                )}
              </td>
            </>
          )}
        </LongTable>
      )}
    </Panel>
  );
}
