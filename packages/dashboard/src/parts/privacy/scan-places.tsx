import type { ScanAnswer } from '@vedette/contract';
import { bytes, full } from '../../model/format.ts';
import { privacy as words } from '../../texts/privacy.ts';
import { Panel } from '../panel.tsx';

/** What the scan looked at, and what it did not, with the reason. */
export function ScanPlaces({ scan: { looked_at: looked, skipped } }: { scan: ScanAnswer }) {
  const { lookedColumns } = words.scan;
  return (
    <div className="two-columns">
      <Panel title={words.scan.looked} of={words.scan.lookedOf(looked.length)}>
        <div className="table-space" tabIndex={0} role="group" aria-label={words.scan.looked}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{lookedColumns.place}</th>
                <th scope="col" className="number">
                  {lookedColumns.items}
                </th>
                <th scope="col" className="number">
                  {lookedColumns.bytes}
                </th>
              </tr>
            </thead>
            <tbody>
              {looked.map(({ place, items, bytes: size }) => (
                <tr key={place}>
                  <th scope="row" className="break">
                    {place}
                  </th>
                  <td className="number">{full(items)}</td>
                  <td className="number no-wrap">{bytes(size)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {skipped.length > 0 && (
        <Panel title={words.scan.skipped}>
          <dl className="skipped">
            {skipped.map(({ place, why }) => (
              <div key={place}>
                <dt className="break">{place}</dt>
                <dd className="muted">{why}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </div>
  );
}
