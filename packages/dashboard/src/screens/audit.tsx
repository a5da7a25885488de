import { useAuditExport } from '../api/audit.ts';
import { asAsked } from '../model/audit-filter.ts';
import { AuditFilters } from '../parts/audit/audit-filters.tsx';
import { AuditTable } from '../parts/audit/audit-table.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { useChange, useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { audit as words } from '../text.ts';
import '../styles/manage.css';

/** Who changed what: the tenant's log, which is only ever added to. */
export default function Audit() {
  const { tenant } = useView();
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)}>
        <Exports />
      </ScreenHead>
      <Log />
    </>
  );
}

function Exports() {
  const addressOf = useAuditExport(asAsked(useScreenSearch('audit')));
  return (
    <div className="button-row">
      <a className="button" href={addressOf('csv')} download>
        {words.exportCsv}
      </a>
      <a className="button" href={addressOf('ndjson')} download>
        {words.exportNdjson}
      </a>
    </div>
  );
}

function Log() {
  const filter = useScreenSearch('audit');
  const change = useChange('audit');
  const key = JSON.stringify(filter);
  return (
    <>
      <AuditFilters key={key} filter={filter} onFilter={(next) => change({ ...next })} />
      <AuditTable key={`${key} entries`} filter={asAsked(filter)} />
    </>
  );
}
