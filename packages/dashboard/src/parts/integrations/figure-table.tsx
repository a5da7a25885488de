import type { IntegrationFigures, IntegrationKind } from '@vedette/contract';
import { useIntegrationFigures } from '../../api/integrations.ts';
import { hundredths, percent, short } from '../../model/format.ts';
import { differenceOf } from '../../model/integration.ts';
import { stamp } from '../../model/times.ts';
import { text, integrations as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { LongTable } from '../ui/long-table.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

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
    <LongTable
      label={words.figures.title}
      spaceClass="framed"
      rows={rows}
      rowKey={({ key, unit }) => `${key} ${unit}`}
      head={
        <>
          <th scope="col">{columns.key}</th>
          {head(columns.provider)}
          {head(columns.own)}
          {head(columns.difference)}
        </>
      }
    >
      {(row) => (
        <>
          <th scope="row" className="no-wrap">
            {row.key} <small className="muted">{row.unit}</small>
          </th>
          <td className="number">{valueOf(row.provider)}</td>
          <td className="number">{valueOf(row.own)}</td>
          <td className="number">{differenceText(differenceOf(row))}</td>
        </>
      )}
    </LongTable>
  );
}

function valueOf(value: number | null): string {
  if (value === null) return text.none;
  return Number.isInteger(value) ? short(value) : hundredths(value);
}

function differenceText(difference: number | null): string {
  if (difference === null) return text.none;
  const sign = difference > 0 ? '+' : difference < 0 ? '−' : '';
  return `${sign}${percent(Math.abs(difference))}`;
}
