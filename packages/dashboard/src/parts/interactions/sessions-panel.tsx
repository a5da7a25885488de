import type { SessionBy, SessionRow, SessionsAnswer } from '@vedette/contract';
import { useState } from 'react';
import { useSessions } from '../../api/interactions.ts';
import { decimal, full, percent, sessionLength, short } from '../../model/format.ts';
import { valueLabel } from '../../model/labels.ts';
import { DAY } from '../../model/range.ts';
import { barPeriod, momentIn } from '../../model/times.ts';
import { text, interactions as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { FigureStrip } from '../figure-strip.tsx';
import { Panel } from '../panel.tsx';
import { ScrollSpace } from '../ui/scroll-space.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Tabs } from '../ui/tabs.tsx';

const BY = ['entry', 'exit', 'referrer', 'country', 'device_type', 'day'] as const;
const LENGTH = 31;

/** Sessions of people: how many, of how many people, how long, and by what. */
export function SessionsPanel() {
  const [by, setBy] = useState<SessionBy>('entry');
  const query = useSessions(by, LENGTH);
  return (
    <Panel title={words.sessions.title} of={words.sessions.of}>
      <Answered query={query} loading={<Totals total={undefined} />}>
        {(answer) => (
          <>
            <DerivedNote answer={answer} />
            <Totals total={answer.total} />
          </>
        )}
      </Answered>
      <Tabs
        label={words.sessions.byLabel}
        tabs={BY.map((value) => ({ value, label: words.sessions.by[value] }))}
        value={by}
        onChange={setBy}
      >
        {query.data === undefined || query.data.by !== by ? (
          query.error === null && <Skeleton lines={6} />
        ) : (
          <SessionTable by={by} rows={query.data.rows} />
        )}
      </Tabs>
    </Panel>
  );
}

/** What is not in the figures yet, and what never is. */
function DerivedNote({ answer }: { answer: SessionsAnswer }) {
  const { derived_until: until } = answer;
  return (
    <p className="panel-note muted">
      {until === null ? words.sessions.notDerived : words.sessions.derived(momentIn(Date.parse(until)))}{' '}
      {words.sessions.refused}
    </p>
  );
}

function Totals({ total }: { total: SessionRow | undefined }) {
  const of = (value: (row: SessionRow) => string) => total && value(total);
  return (
    <FigureStrip
      label={words.sessions.title}
      figures={[
        { title: words.sessions.sessions, help: words.sessions.of, value: of((row) => short(row.sessions)), note: '' },
        {
          title: words.sessions.visitors,
          help: words.sessions.visitorsHelp,
          value: of((row) => short(row.visitors)),
          note: words.sessions.visitorsHelp,
        },
        {
          title: words.sessions.daily,
          help: words.sessions.dailyHelp,
          value: of((row) => short(row.daily_visitors)),
          note: words.sessions.dailyHelp,
        },
        {
          title: words.sessions.bounce,
          help: words.sessions.bounceHelp,
          value: of(bounceOf),
          note: words.sessions.bounceHelp,
        },
        { title: words.sessions.pages, help: words.sessions.pages, value: of(pagesOf), note: '' },
        { title: words.sessions.duration, help: words.sessions.duration, value: of(durationOf), note: '' },
      ]}
    />
  );
}

const bounceOf = ({ bounce_rate: rate }: SessionRow) => (rate === null ? text.none : percent(rate));
const pagesOf = ({ pages_per_session: pages }: SessionRow) => (pages === null ? text.none : decimal(pages, 1));
const durationOf = ({ duration_p50: seconds }: SessionRow) => (seconds === null ? text.none : sessionLength(seconds));

function SessionTable({ by, rows }: { by: SessionBy; rows: readonly SessionRow[] }) {
  if (rows.length === 0) return <p className="empty-note">{words.sessions.empty}</p>;
  const { columns } = words.sessions;
  return (
    <ScrollSpace label={words.sessions.by[by]}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.sessions.by[by]}</th>
            {Object.entries(columns).map(([name, title]) => (
              <th key={name} scope="col" className="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="name-cell">
                {keyLabel(by, row.key)}
              </th>
              <td className="number">{full(row.sessions)}</td>
              <td className="number">{full(row.visitors)}</td>
              <td className="number">{full(row.daily_visitors)}</td>
              <td className="number">{bounceOf(row)}</td>
              <td className="number">{pagesOf(row)}</td>
              <td className="number">{durationOf(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollSpace>
  );
}

function keyLabel(by: SessionBy, key: string): string {
  if (by === 'day') return barPeriod(Date.parse(key), DAY);
  if (key === '') return words.sessions.unknown[by] ?? text.unknown;
  return by === 'country' ? valueLabel('country', key) : key;
}
