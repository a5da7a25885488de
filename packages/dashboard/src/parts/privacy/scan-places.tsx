import type { ScanAnswer } from '@vedette/contract';
import { useState } from 'react';
import { bytes, full } from '../../model/format.ts';
import { privacy as words } from '../../text.ts';
import { Panel } from '../panel.tsx';
import { LongList } from '../ui/long-list.tsx';
import { LongTable } from '../ui/long-table.tsx';
import { ScrollSpace } from '../ui/scroll-space.tsx';

/** What the scan looked at, and what it did not, with the reason. */
export function ScanPlaces({ scan: { looked_at: looked, skipped } }: { scan: ScanAnswer }) {
  const { lookedColumns } = words.scan;
  const [space, setSpace] = useState<HTMLElement | null>(null);
  return (
    <div className="two-columns">
      <Panel title={words.scan.looked} of={words.scan.lookedOf(looked.length)}>
        <LongTable
          label={words.scan.looked}
          rows={looked}
          rowKey={({ place }) => place}
          head={
            <>
              <th scope="col">{lookedColumns.place}</th>
              <th scope="col" className="number">
                {lookedColumns.items}
              </th>
              <th scope="col" className="number">
                {lookedColumns.bytes}
              </th>
            </>
          }
        >
          {({ place, items, bytes: size }) => (
            <>
              <th scope="row" className="break">
                {place}
              </th>
              <td className="number">{full(items)}</td>
              <td className="number no-wrap">{bytes(size)}</td>
            </>
          )}
        </LongTable>
      </Panel>
      {skipped.length > 0 && (
        <Panel title={words.scan.skipped}>
          <ScrollSpace label={words.scan.skipped} onSpace={setSpace}>
            <LongList
              label={words.scan.skipped}
              className="skipped"
              space={space}
              rows={skipped}
              rowKey={({ place, why }) => `${place} ${why}`}
            >
              {({ place, why }) => (
                <>
                  <span className="break">{place}</span>
                  <span className="muted" lang="en">
                    {why}
                  </span>
                </>
              )}
            </LongList>
          </ScrollSpace>
        </Panel>
      )}
    </div>
  );
}
