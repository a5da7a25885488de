import { useMemo } from 'react';
import { full } from '../model/format.ts';
import type { Bin } from '../model/range.ts';
import { CLASSES, type Series } from '../model/series.ts';
import { barStart, zoneName } from '../model/times.ts';
import { text } from '../text.ts';
import { LongTable } from './ui/long-table.tsx';

/** The chart's figures as a table, latest first. */
export function TimelineTable({ series, bin }: { series: Series; bin: Bin }) {
  const bars = useMemo(() => series.times.map((time, index) => ({ time, index })).reverse(), [series]);
  return (
    <LongTable
      label={text.timeline.title}
      spaceClass="timeline-space"
      rows={bars}
      rowKey={({ time }) => String(time)}
      head={
        <>
          <th scope="col">{text.timeline.time(zoneName(bin.ms))}</th>
          {CLASSES.map((name) => (
            <th scope="col" key={name} className="number">
              <i className={`mark ${name}`} />
              {text.classes[name]}
            </th>
          ))}
        </>
      }
    >
      {({ time, index }) => (
        <>
          <th scope="row">{barStart(time, bin.ms)}</th>
          {CLASSES.map((name) => (
            <td key={name} className="number">
              {full(series.counts[name][index] ?? 0)}
            </td>
          ))}
        </>
      )}
    </LongTable>
  );
}
