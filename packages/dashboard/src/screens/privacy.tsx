import { useReducer } from 'react';
import { usePolicy } from '../api/privacy.ts';
import { pathOf, withParameters } from '../model/place.ts';
import type { PolicyDraft } from '../model/policy.ts';
import { Answered, Skeleton } from '../parts/answered.tsx';
import { KeptPart } from '../parts/privacy/kept-part.tsx';
import { PersonPart } from '../parts/privacy/person-part.tsx';
import { PolicyPart } from '../parts/privacy/policy-part.tsx';
import { ScanPart } from '../parts/privacy/scan-part.tsx';
import { ScreenHead } from '../parts/screen-head.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { goTo, useSearch } from '../state/location.ts';
import { useView } from '../state/view-context.ts';
import { privacy as words } from '../texts/privacy.ts';
import '../styles/answers.css';
import '../styles/forms.css';
import '../styles/privacy.css';

const PARTS = ['kept', 'policy', 'person', 'scan'] as const;
type Part = (typeof PARTS)[number];

function partOf(search: string): Part {
  const named = new URLSearchParams(search).get('part');
  return PARTS.find((part) => part === named) ?? 'kept';
}

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
  const { tenant, me } = useView();
  const search = useSearch();
  const part = partOf(search);
  const admin = me.principal.scope === 'admin';
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
          onChange={(value) =>
            goTo(pathOf('privacy') + withParameters(search, { part: value === 'kept' ? '' : value }))
          }
        >
          {part === 'kept' && (
            <Answered query={query} loading={waiting}>
              {(answer) => <KeptPart answer={answer} />}
            </Answered>
          )}
          {part === 'policy' && (
            <Answered query={query} loading={waiting}>
              {(answer) => <PolicyPart answer={answer} admin={admin} draft={draft} onDraft={setDraft} />}
            </Answered>
          )}
          {part === 'person' && <PersonPart admin={admin} />}
          {part === 'scan' && <ScanPart admin={admin} />}
        </Tabs>
      </div>
    </>
  );
}
