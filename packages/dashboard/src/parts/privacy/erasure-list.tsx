import { useErasures } from '../../api/privacy.ts';
import { full } from '../../model/format.ts';
import { stamp } from '../../model/times.ts';
import { privacy as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { LongTable } from '../ui/long-table.tsx';

/** Every erasure of the tenant. */
export function ErasureList() {
  const { columns } = words.erasures;
  return (
    <Panel title={words.erasures.title} of={words.erasures.of}>
      <Answered query={useErasures()}>
        {({ erasures }) =>
          erasures.length === 0 ? (
            <p className="empty-note">{words.erasures.empty}</p>
          ) : (
            <LongTable
              label={words.erasures.title}
              rows={erasures}
              rowKey={({ id }) => id}
              head={
                <>
                  <th scope="col">{columns.time}</th>
                  <th scope="col" className="number">
                    {columns.rows}
                  </th>
                  <th scope="col">{columns.complete}</th>
                  <th scope="col">{columns.id}</th>
                </>
              }
            >
              {({ id, time, erased, complete }) => (
                <>
                  <th scope="row" className="no-wrap">
                    {stamp(Date.parse(time))}
                  </th>
                  <td className="number">{full(erased.reduce((sum, { rows }) => sum + rows, 0))}</td>
                  <td>
                    <span className={complete ? 'badge good' : 'badge bad'}>
                      {complete ? words.erasures.complete : words.erasures.incomplete}
                    </span>
                  </td>
                  <td>
                    <code>{id}</code>
                  </td>
                </>
              )}
            </LongTable>
          )
        }
      </Answered>
    </Panel>
  );
}
