import type { ErasureAnswer } from '@vedette/contract';
import { useEffect, useRef } from 'react';
import { full } from '../../model/format.ts';
import { stamp } from '../../model/times.ts';
import { privacy as words } from '../../text.ts';
import { Icon } from '../icon.tsx';
import { ScrollSpace } from '../ui/scroll-space.tsx';

/** What was erased, and what every store holds of it now. The focus comes here: the dialog that led to it is gone. */
export function ErasureResult({ answer }: { answer: ErasureAnswer }) {
  const { id, time, erased, searched, complete, repeated } = answer;
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section className="panel erasure" ref={section} tabIndex={-1} aria-label={words.erase.done}>
      <header className="panel-head">
        <h2>{words.erase.done}</h2>
      </header>
      <div className="panel-body">
        <p className={complete ? 'good-note' : 'bad-note'}>
          <Icon name={complete ? 'check' : 'warning'} />
          <span>{complete ? words.erase.complete : words.erase.incomplete}</span>
        </p>
        {typeof repeated === 'string' && <p className="muted">{words.erase.repeated}</p>}
        <p className="muted break">{words.erase.entry(id, stamp(Date.parse(time)))}</p>
        <div className="two-columns">
          <Places
            title={words.erase.erased}
            count={words.erase.rows}
            rows={erased.filter(({ rows }) => rows > 0).map(({ place, rows }) => ({ place, count: rows }))}
          />
          <Places
            title={words.erase.searched}
            count={words.erase.found}
            rows={searched.map(({ place, found }) => ({ place, count: found }))}
            alarm
          />
        </div>
      </div>
    </section>
  );
}

interface PlacesProps {
  title: string;
  count: string;
  rows: readonly { place: string; count: number }[];
  /** Whether anything but 0 is bad. */
  alarm?: boolean;
}

function Places({ title, count, rows, alarm = false }: PlacesProps) {
  return (
    <div>
      <h3>{title}</h3>
      {rows.length === 0 ? (
        <p className="muted">{words.erase.nothing}</p>
      ) : (
        <ScrollSpace label={title} className="framed">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{words.erase.place}</th>
                <th scope="col" className="number">
                  {count}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.place}>
                  <th scope="row" className="break">
                    {row.place}
                  </th>
                  <td className={alarm && row.count !== 0 ? 'number bad-text' : 'number'}>{full(row.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollSpace>
      )}
    </div>
  );
}
