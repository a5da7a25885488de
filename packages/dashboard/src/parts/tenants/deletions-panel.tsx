import type { TenantDeletion } from '@vedette/contract';
import { useDeletions } from '../../api/tenants.ts';
import { full } from '../../model/format.ts';
import { moment } from '../../model/times.ts';
import { tenants as words } from '../../text.ts';
import { Answered } from '../answered.tsx';
import { Panel } from '../panel.tsx';
import { Badge } from '../ui/badge.tsx';
import { LongList } from '../ui/long-list.tsx';

/** Deletions of whole tenants: how far each is, and the proof afterwards. */
export function DeletionsPanel() {
  const query = useDeletions();
  return (
    <Panel title={words.deletions.title} of={words.deletions.of}>
      <Answered query={query}>
        {({ deletions }) =>
          deletions.length === 0 ? (
            <p className="empty-note">{words.deletions.empty}</p>
          ) : (
            <LongList
              label={words.deletions.title}
              rows={deletions}
              rowKey={({ id }) => id}
              itemClass={() => 'deletion'}
            >
              {(deletion) => <Deletion deletion={deletion} />}
            </LongList>
          )
        }
      </Answered>
    </Panel>
  );
}

function Deletion({ deletion }: { deletion: TenantDeletion }) {
  const { tenant, asked_by: who, asked, finished, complete, deleted, error } = deletion;
  const running = finished === null;
  const rows = deleted.reduce((sum, place) => sum + place.rows, 0);
  const { deletions } = words;
  const result = running ? deletions.running : complete === true ? deletions.complete : deletions.incomplete;
  return (
    <>
      <div className="setting-row" role="status">
        <h3>{deletions.head(tenant.name, tenant.slug)}</h3>
        <Badge tone={running ? 'warn' : complete === true ? 'good' : 'bad'}>{result}</Badge>
      </div>
      <p className="muted">
        {deletions.asked(who, moment(Date.parse(asked)))}{' '}
        {running ? deletions.sofar(full(rows), deleted.length) : deletions.finished(moment(Date.parse(finished)))}
      </p>
      {running && <progress aria-label={deletions.running} />}
      {error !== null && <p className="warning-text">{deletions.again(error)}</p>}
      {!running && <Proof deletion={deletion} />}
    </>
  );
}

function Proof({ deletion: { deleted, found } }: { deletion: TenantDeletion }) {
  const left = new Map(found?.map(({ place, rows }) => [place, rows]));
  const places = [...new Set([...deleted, ...(found ?? [])].map(({ place }) => place))];
  const gone = new Map(deleted.map(({ place, rows }) => [place, rows]));
  const titles = words.deletions.columns;
  return (
    <details>
      <summary>{words.deletions.proof}</summary>
      <div className="table-space">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{titles.place}</th>
              <th scope="col" className="number">
                {titles.deleted}
              </th>
              <th scope="col" className="number">
                {titles.found}
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map((place) => (
              <tr key={place}>
                <th scope="row" className="break">
                  {place}
                </th>
                <td className="number">{full(gone.get(place) ?? 0)}</td>
                <td className="number">{full(left.get(place) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
