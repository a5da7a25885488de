import { type ReactNode, useState } from 'react';
import { axisMarks, type Column, labelled, sumOf } from '../model/columns.ts';
import { full, short, tick } from '../model/format.ts';
import type { Window } from '../model/range.ts';
import { axisTime, barPeriod, periodIn, zoneName } from '../model/times.ts';
import { useWalk } from '../state/walk.ts';
import { text } from '../text.ts';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { LongTable } from './ui/long-table.tsx';

/** What is stacked; the name is of its colour, too. */
export interface ColumnKind {
  name: string;
  label: string;
}

interface Props {
  title: string;
  of: ReactNode;
  /** The lowest first. */
  kinds: readonly ColumnKind[];
  /** Names of the further values of the columns, which are not stacked but told of. */
  besides?: readonly string[];
  /** undefined while they are not known. */
  columns: readonly Column[] | undefined;
  window: Window;
  /** Width of a column, ms. */
  ms: number;
  /** What is said in place of columns, an error say. */
  instead?: ReactNode;
}

/** Stacked columns over time in a panel, which turns into a table of the same figures at the press of a button. */
export function ColumnsPanel({ title, of, kinds, besides = [], columns, window, ms, instead }: Props) {
  const [asTable, setAsTable] = useState(false);
  const other = asTable ? text.timeline.chart : text.timeline.table;
  const legend = (
    <div className="legend">
      {kinds.map(({ name, label }) => (
        <span key={name} className="legend-entry plain">
          <i className={`mark fill-${name}`} />
          {label}
        </span>
      ))}
      <button
        type="button"
        className="icon-button small"
        onClick={() => setAsTable(!asTable)}
        title={other}
        aria-label={other}
      >
        <Icon name={asTable ? 'bars' : 'table'} />
      </button>
    </div>
  );
  return (
    <Panel title={title} of={of} actions={legend}>
      {instead ??
        (columns === undefined ? (
          <div className="columns-space">
            <div className="columns-skeleton skeleton" aria-hidden="true" />
          </div>
        ) : asTable ? (
          <ColumnsTable title={title} kinds={kinds} besides={besides} columns={columns} ms={ms} />
        ) : (
          <Columns title={title} kinds={kinds} besides={besides} columns={columns} window={window} ms={ms} />
        ))}
    </Panel>
  );
}

type ChartProps = Pick<Props, 'title' | 'kinds' | 'window' | 'ms'> & {
  besides: readonly string[];
  columns: readonly Column[];
};

/** The columns. Arrow keys walk over them, Escape lets go. */
function Columns({ title, kinds, besides, columns, window, ms }: ChartProps) {
  const height = (column: Column) => sumOf(column, kinds.length);
  const { lit, setLit, press } = useWalk(columns.length - 1);
  const most = Math.max(...columns.map(height));
  const marks = axisMarks(most);
  const top = marks.at(-1) ?? 1;
  const peak = columns.find((column) => height(column) === most);
  const all = columns.reduce((sum, column) => sum + height(column), 0);
  const summary = text.columns.summary(
    title,
    full(all),
    periodIn(window.from, window.to),
    full(most),
    barPeriod(peak?.time ?? window.from, ms),
  );
  const shown = lit === null ? undefined : columns[lit];
  return (
    <div
      className="columns-space"
      role="application"
      aria-label={summary}
      tabIndex={0}
      onKeyDown={press}
      onBlur={() => setLit(null)}
      onPointerLeave={() => setLit(null)}
    >
      <div className="columns-marks" aria-hidden="true">
        {marks.map((mark) => (
          <span key={mark} style={{ bottom: `${(mark / top) * 100}%` }}>
            {tick(mark)}
          </span>
        ))}
      </div>
      <div className="columns" aria-hidden="true">
        {columns.map((column, index) => (
          <div
            key={column.time}
            className={index === lit ? 'column lit' : 'column'}
            onPointerEnter={() => setLit(index)}
            onPointerDown={() => setLit(index)}
          >
            {kinds.map(({ name }, kind) => {
              const value = column.values[kind] ?? 0;
              return value > 0 ? (
                <i key={name} className={`fill-${name}`} style={{ height: `${(value / top) * 100}%` }} />
              ) : null;
            })}
          </div>
        ))}
      </div>
      <ColumnTimes columns={columns} ms={ms} />
      {shown !== undefined && lit !== null && (
        <ColumnTooltip kinds={kinds} besides={besides} column={shown} ms={ms} at={(lit + 0.5) / columns.length} />
      )}
    </div>
  );
}

/** A few times below the columns, each under its own. */
function ColumnTimes({ columns, ms }: { columns: readonly Column[]; ms: number }) {
  const { every, places } = labelled(columns.length);
  return (
    <div className="columns-times" aria-hidden="true">
      {places.map((index) => {
        const time = columns[index]?.time ?? 0;
        const last = index === columns.length - 1;
        // The last ends with its column: it may not reach out of the chart.
        return (
          <span key={time} style={last ? { right: 0 } : { left: `${(index / columns.length) * 100}%` }}>
            {axisTime(time, every * ms, ms)}
          </span>
        );
      })}
    </div>
  );
}

interface TooltipProps {
  kinds: readonly ColumnKind[];
  besides: readonly string[];
  column: Column;
  ms: number;
  /** From 0 to 1 along the axis. */
  at: number;
}

function ColumnTooltip({ kinds, besides, column, ms, at }: TooltipProps) {
  const share = `calc(52px + (100% - 60px) * ${at > 0.6 ? 1 - at : at})`;
  return (
    <div className="tooltip" style={at > 0.6 ? { right: share } : { left: share }} aria-live="polite">
      <strong>{barPeriod(column.time, ms)}</strong>
      <table>
        <tbody>
          {kinds
            .map((kind, index) => ({ ...kind, value: column.values[index] ?? 0 }))
            .reverse()
            .map(({ name, label, value }) => (
              <tr key={name}>
                <th scope="row">
                  <i className={`mark fill-${name}`} />
                  {label}
                </th>
                <td>{short(value)}</td>
              </tr>
            ))}
          <tr className="sum">
            <th scope="row">{text.timeline.total}</th>
            <td>{short(sumOf(column, kinds.length))}</td>
          </tr>
          {besides.map((label, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{short(column.values[kinds.length + index] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnsTable({ title, kinds, besides, columns, ms }: Omit<ChartProps, 'window'>) {
  return (
    <LongTable
      label={title}
      rows={columns.toReversed()}
      rowKey={({ time }) => String(time)}
      head={
        <>
          <th scope="col">{text.timeline.time(zoneName(ms))}</th>
          {kinds.map(({ name, label }) => (
            <th key={name} scope="col" className="number">
              <i className={`mark fill-${name}`} />
              {label}
            </th>
          ))}
          <th scope="col" className="number">
            {text.timeline.total}
          </th>
          {besides.map((label) => (
            <th key={label} scope="col" className="number">
              {label}
            </th>
          ))}
        </>
      }
    >
      {(column) => (
        <>
          <th scope="row">{barPeriod(column.time, ms)}</th>
          {kinds.map(({ name }, index) => (
            <td key={name} className="number">
              {full(column.values[index] ?? 0)}
            </td>
          ))}
          <td className="number">{full(sumOf(column, kinds.length))}</td>
          {besides.map((label, index) => (
            <td key={label} className="number">
              {full(column.values[kinds.length + index] ?? 0)}
            </td>
          ))}
        </>
      )}
    </LongTable>
  );
}
