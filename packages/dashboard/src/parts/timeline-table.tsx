import { full, moment } from '../model/format.ts';
import type { Bin } from '../model/range.ts';
import { CLASSES, type Series } from '../model/series.ts';
import { text } from '../text.ts';

/** The chart's figures as a table, latest first. */
export function TimelineTable({ series, bin }: { series: Series; bin: Bin }) {
  return (
    <div className="table-space timeline-space" tabIndex={0} role="region" aria-label={text.timeline.title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{text.timeline.time}</th>
            {CLASSES.map((name) => (
              <th scope="col" key={name} className="number">
                <i className={`mark ${name}`} />
                {text.classes[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.times
            .map((time, index) => (
              <tr key={time}>
                <th scope="row">{moment(time, bin.step === 'day')}</th>
                {CLASSES.map((name) => (
                  <td key={name} className="number">
                    {full(series.counts[name][index] ?? 0)}
                  </td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </div>
  );
}
