import type { IntegrationFigures, IntegrationKind } from '@vedette/contract';
import { useIntegrationFigures } from '../../api/integrations.ts';
import { percent, short, stamp } from '../../model/format.ts';
import { differenceOf } from '../../model/integration.ts';
import { text } from '../../text.ts';
import { integrations as words } from '../../texts/integrations.ts';
import { Answered, Skeleton } from '../answered.tsx';

/** The provider's figures beside the hub's own. */
export function FigureTable({ kind }: { kind: IntegrationKind }) {
  return (
    <div className="stack">
      <h3>{words.figures.title}</h3>
      <Answered query={useIntegrationFigures(kind)} loading={<Skeleton lines={3} />}>
        {({ fetched, rows }) =>
          fetched === null || rows.length === 0 ? (
            <p className="muted">{words.figures.never}</p>
          ) : (
            <>
              <p className="muted form-hint">{words.figures.fetched(stamp(Date.parse(fetched)))}</p>
              <Rows rows={rows} />
            </>
          )
        }
      </Answered>
    </div>
  );
}

function Rows({ rows }: { rows: IntegrationFigures['rows'] }) {
  const { columns } = words.figures;
  const head = (title: string) => (
    <th scope="col" className="number">
      {title}
    </th>
  );
  return (
    <div className="table-space framed" tabIndex={0} role="group" aria-label={words.figures.title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{columns.key}</th>
            {head(columns.provider)}
            {head(columns.own)}
            {head(columns.difference)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.key} ${row.unit}`}>
              <th scope="row" className="no-wrap">
                {row.key} <small className="muted">{row.unit}</small>
              </th>
              <td className="number">{valueOf(row.provider)}</td>
              <td className="number">{valueOf(row.own)}</td>
              <td className="number">{differenceText(differenceOf(row))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueOf(value: number | null): string {
  if (value === null) return text.none;
  return Number.isInteger(value) ? short(value) : value.toFixed(2);
}

function differenceText(difference: number | null): string {
  if (difference === null) return text.none;
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '';
  return `${sign}${percent(Math.abs(difference))}`;
}
