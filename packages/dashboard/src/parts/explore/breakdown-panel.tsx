import type { TrafficAnswer } from '@vedette/contract';
import { useDeferredValue, useMemo } from 'react';
import { MOST_GROUPS, useBreakdown, useBreakdownExport, useBreakdownOfPeople } from '../../api/explore.ts';
import { exactly, type FieldInfo } from '../../model/chip.ts';
import { DEFAULT_ORDER } from '../../model/explore.ts';
import { valueLabel } from '../../model/labels.ts';
import { useDrillDown } from '../../state/drill-down.ts';
import { useChange, useScreenSearch } from '../../state/location.ts';
import { useNarrow } from '../../state/narrow.ts';
import { useView } from '../../state/view-context.ts';
import { text, explore as words } from '../../text.ts';
import { AnswerLine } from '../answer-line.tsx';
import { StaleNote } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { MenuItem } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { breakdownColumns, type Group } from './breakdown-columns.tsx';
import { Exports } from './exports.tsx';

/** Fields whose every value stands for itself: groups of them would be as many as requests. */
const NO_GROUPS = ['duration_ms', 'bytes_in', 'bytes_out'];

/** The requests by the values of a field, with everybody's figures and people's latency and errors. */
export function BreakdownPanel() {
  const { fields, window } = useView();
  const exploration = useScreenSearch('explore');
  const change = useChange('explore');
  const { by, compare } = exploration;
  const field = fields.find(({ name }) => name === by);
  const exportOf = useBreakdownExport(exploration);
  const title = words.breakdown.title(field?.title ?? by);
  return (
    <Panel
      title={title}
      className="explore-list"
      actions={
        <div className="breakdown-actions">
          <label>
            <span className="visually-hidden">{words.bar.by}</span>
            <Select
              aria-label={words.bar.by}
              options={fields
                .filter(({ name }) => !NO_GROUPS.includes(name))
                .map(({ name, title: label }) => ({ value: name, label }))}
              value={by}
              onChange={(value) => change({ by: value })}
            />
          </label>
          <Exports nameOf={words.breakdown.exportOf} addressOf={exportOf} />
        </div>
      }
    >
      {/* Another field, another table: the answer of the one before cannot stand in. */}
      <Groups key={`${by} ${compare === ''}`} field={field} title={title} window={window} />
    </Panel>
  );
}

interface GroupsProps {
  /** undefined: the hub knows none of that name, and says so. */
  field: FieldInfo | undefined;
  title: string;
  window: { from: number; to: number };
}

function Groups({ field, title, window }: GroupsProps) {
  const { addChip, may } = useView();
  const drillDown = useDrillDown();
  const exploration = useScreenSearch('explore');
  const change = useChange('explore');
  const narrow = useNarrow();
  const all = useBreakdown(exploration);
  const people = useBreakdownOfPeople(exploration);
  const { by, compare, order } = exploration;
  const answered = useMemo(() => groupsOf(by, all.data, people.data), [by, all.data, people.data]);
  // So many rows are drawn a piece at a time.
  const groups = useDeferredValue(answered);
  const columns = breakdownColumns({
    field,
    compared: compare !== '',
    narrow,
    window,
    peopleKnown: people.data !== undefined,
    onFilter: (value) => addChip(exactly(by, value)),
  });
  return (
    <div className={all.isPlaceholderData ? 'answered stale' : 'answered'}>
      <p className="breakdown-note muted">
        <AnswerLine answer={all.data} />
        {' · '}
        {groups === undefined ? (
          <span className="skeleton">{words.breakdown.groups(10)}</span>
        ) : groups.length > MOST_GROUPS ? (
          words.breakdown.largest(MOST_GROUPS, titleOfOrder(order))
        ) : (
          words.breakdown.groups(groups.length)
        )}
      </p>
      <StaleNote query={all} />
      <StaleNote query={people} />
      <DataTable
        label={title}
        className="breakdown"
        columns={columns}
        rows={groups?.slice(0, MOST_GROUPS)}
        rowKey={({ value }) => value}
        rowName={({ value }) => valueLabel(by, value)}
        actions={({ value }) => (
          <>
            <MenuItem icon="filter" onSelect={() => addChip(exactly(by, value))}>
              {words.breakdown.only}
            </MenuItem>
            <MenuItem icon="exclude" onSelect={() => addChip(exactly(by, value, true))}>
              {words.breakdown.without}
            </MenuItem>
            {may('export') && (
              <MenuItem icon="table" onSelect={() => drillDown(exactly(by, value))}>
                {words.breakdown.requests}
              </MenuItem>
            )}
          </>
        )}
        sort={order}
        onSort={(sort) => change({ order: sort === DEFAULT_ORDER || sort === '' ? null : sort })}
        cards="never"
        error={all.error}
        onRetry={() => void all.refetch()}
        empty={<p className="empty-note">{words.breakdown.empty}</p>}
      />
    </div>
  );
}

/** What the largest groups are the largest by, in words. */
function titleOfOrder(order: string): string {
  const { columns } = words.breakdown;
  const known = ['people', 'bots', 'hosting', 'uniques', 'errors', 'bytes_out'] as const;
  const name = known.find((one) => order === `-${one}`);
  return name === undefined ? text.lists.requests : columns[name];
}

/** The groups of everybody, each with what is known of people in it. */
function groupsOf(by: string, all: TrafficAnswer | undefined, people: TrafficAnswer | undefined): Group[] | undefined {
  const ofPeople = new Map(people?.rows.map((row) => [String(row[by] ?? ''), row]));
  return all?.rows.map((row) => {
    const value = String(row[by] ?? '');
    return { value, row, people: ofPeople.get(value) };
  });
}
