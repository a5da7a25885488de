import { count, type Row } from '../api/traffic.ts';
import { countryName, full, percent } from '../model/format.ts';
import { CLASSES } from '../model/series.ts';
import { text } from '../text.ts';
import { LongTable } from './ui/long-table.tsx';

/** The map's figures for keyboard and screen reader, and for whoever wants the numbers. */
export function CountryTable({ rows, onToggle }: { rows: readonly Row[]; onToggle: (country: string) => void }) {
  const all = rows.reduce((sum, row) => sum + count(row, 'requests'), 0);
  return (
    <LongTable
      label={text.map.title}
      rows={rows}
      rowKey={(row) => String(row.country ?? '')}
      head={
        <>
          <th scope="col">{text.map.country}</th>
          <th scope="col" className="number">
            {text.lists.requests}
          </th>
          <th scope="col" className="number">
            {text.map.share}
          </th>
          {CLASSES.map((name) => (
            <th scope="col" key={name} className="number">
              <i className={`mark ${name}`} />
              {text.classes[name]}
            </th>
          ))}
        </>
      }
    >
      {(row) => <CountryCells row={row} all={all} onToggle={onToggle} />}
    </LongTable>
  );
}

function CountryCells({ row, all, onToggle }: { row: Row; all: number; onToggle: (country: string) => void }) {
  const code = String(row.country ?? '');
  return (
    <>
      <th scope="row">
        <button type="button" className="link" onClick={() => onToggle(code)}>
          {code === '' ? text.unknown : countryName(code)}
        </button>
      </th>
      <td className="number">{full(count(row, 'requests'))}</td>
      <td className="number">{percent(all > 0 ? count(row, 'requests') / all : 0)}</td>
      {CLASSES.map((name) => (
        <td key={name} className="number">
          {full(count(row, name))}
        </td>
      ))}
    </>
  );
}
