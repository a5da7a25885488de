import { useErasures } from '../../api/privacy.ts';
import { full, stamp } from '../../model/format.ts';
import { privacy as words } from '../../texts/privacy.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';

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
            <div className="table-space" tabIndex={0} role="group" aria-label={words.erasures.title}>
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">{columns.time}</th>
                    <th scope="col" className="number">
                      {columns.rows}
                    </th>
                    <th scope="col">{columns.complete}</th>
                    <th scope="col">{columns.id}</th>
                  </tr>
                </thead>
                <tbody>
                  {erasures.map(({ id, time, erased, complete }) => (
                    <tr key={id}>
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
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answered>
    </Panel>
  );
}
