import { useDeferredValue, useReducer } from 'react';
import { usePolicy } from '../api/privacy.ts';
import type { PolicyDraft } from '../model/policy.ts';
import { PARTS } from '../model/privacy-part.ts';
import { Answered } from '../parts/answered.tsx';
import { KeptPart } from '../parts/privacy/kept-part.tsx';
import { PersonPart } from '../parts/privacy/person-part.tsx';
import { PolicyPart } from '../parts/privacy/policy-part.tsx';
import { ScanPart } from '../parts/privacy/scan-part.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Skeleton } from '../parts/ui/skeleton.tsx';
import { Tabs } from '../parts/ui/tabs.tsx';
import { useChange, useScreenSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { privacy as words } from '../text.ts';
import '../styles/privacy.css';

/** Policies that were edited and not saved, by tenant: another screen that is looked at in between loses none. */
const drafts = new Map<string, PolicyDraft>();

function useDraft(tenantId: string): [PolicyDraft | null, (draft: PolicyDraft | null) => void] {
  const [, show] = useReducer((count: number) => count + 1, 0);
  const set = (draft: PolicyDraft | null) => {
    if (draft === null) drafts.delete(tenantId);
    else drafts.set(tenantId, draft);
    show();
  };
  return [drafts.get(tenantId) ?? null, set];
}

/** What is kept of visitors and who decides it; a person's data; the scan for what should not be anywhere. */
export default function Privacy() {
  const { tenant, may } = useView();
  const { part } = useScreenSearch('privacy');
  // The tab is there at once, what is in it a piece at a time.
  const shown = useDeferredValue(part);
  const change = useChange('privacy');
  const admin = may('privacy');
  const [draft, setDraft] = useDraft(tenant.id);
  const query = usePolicy();
  const waiting = (
    <div className="panel">
      <Skeleton lines={8} />
    </div>
  );
  return (
    <>
      <ScreenHead title={words.title} lead={words.lead(tenant.name || tenant.slug)} />
      <div className="parts">
        <Tabs
          label={words.title}
          tabs={PARTS.map((value) => ({ value, label: words.parts[value] }))}
          value={part}
          onChange={(value) => change({ part: value === 'kept' ? null : value })}
        >
          {shown === 'kept' && (
            <Answered query={query} loading={waiting}>
              {(answer) => <KeptPart answer={answer} />}
            </Answered>
          )}
          {shown === 'policy' && (
            <Answered query={query} loading={waiting}>
              {(answer) => <PolicyPart answer={answer} admin={admin} draft={draft} onDraft={setDraft} />}
            </Answered>
          )}
          {shown === 'person' && <PersonPart admin={admin} />}
          {shown === 'scan' && <ScanPart admin={may('operate')} />}
        </Tabs>
      </div>
    </>
  );
}
