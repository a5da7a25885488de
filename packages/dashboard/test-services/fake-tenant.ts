import type { IncomingMessage } from 'node:http';
import type {
  AuditRecord,
  ErasureAnswer,
  FunnelQuestion,
  Integration,
  IntegrationChange,
  MyTenant,
  Permission,
  PersonQuestion,
  PrivacyPolicy,
  SavedView,
  ScanAnswer,
  Tenant,
} from '@vedette/contract';
import { sampleAudit } from './fake-audit.ts';
import { answerConsent, answerProof, answerTexts, exportConsent } from './fake-consent.ts';
import {
  changeIntegration,
  figuresOf,
  sampleIntegrations,
  testIntegration,
  unsetIntegrations,
} from './fake-integrations.ts';
import { answerFunnel, answerInteractions, answerSessions, answerWidgets } from './fake-pages.ts';
import { type FakePeople, nobody, samplePeople } from './fake-people.ts';
import { answerPolicy, changes, erase, plainWords, sampleScan, USUAL_POLICY } from './fake-privacy.ts';
import { emptyTenancy, type FakeTenancy, sampleTenancy } from './fake-tenancy.ts';
import { type FakeConsent, sampleConsent } from './sample-consent.ts';
import { type PageEvent, samplePages } from './sample-pages.ts';

/** What a tenant has beside its requests. */
export interface FakeTenant {
  pages: PageEvent[];
  consent: FakeConsent;
  policy: PrivacyPolicy;
  erasures: ErasureAnswer[];
  integrations: Integration[];
  people: FakePeople;
  tenancy: FakeTenancy;
  audit: AuditRecord[];
  views: SavedView[];
}

const ALL = ['read', 'export', 'ingest', 'views', 'privacy', 'settings', 'keys', 'people', 'audit', 'operate'] as const;

/** A tenant as an operator sees it; or as somebody who may only what is told. */
export function mine(tenant: Tenant, permissions: readonly Permission[] = ALL): MyTenant {
  return { ...tenant, role: null, permissions: [...permissions], suspended: false, second_factor_missing: false };
}

/** A tenant of whom nothing was heard and who set nothing up. */
export function emptyTenant(): FakeTenant {
  return {
    pages: [],
    consent: { records: [], shown: new Map(), texts: [] },
    policy: USUAL_POLICY,
    erasures: [],
    integrations: unsetIntegrations(),
    people: nobody(),
    tenancy: emptyTenancy(Date.now()),
    audit: [],
    views: [],
  };
}

/** A tenant with data of all kinds. */
export function sampleTenant(now: number): FakeTenant {
  return {
    ...emptyTenant(),
    pages: samplePages(1500, 30, now),
    consent: sampleConsent(900, now),
    integrations: sampleIntegrations(now),
    people: samplePeople(now),
    tenancy: sampleTenancy(now),
    audit: sampleAudit(now),
  };
}

/** An answer: a status, and an object, or a text with its media type and name. */
export interface FakeAnswer {
  status: number;
  body: object | string;
  type?: string;
  fileName?: string;
}

const problem = (status: number, title: string, detail: string): FakeAnswer => ({
  status,
  body: { type: 'about:blank', title, status, detail },
});
const good = (body: object, status = 200): FakeAnswer => ({ status, body });

/** The scan of the installation, which ends when a test says so. */
export interface FakeScan {
  answer: ScanAnswer;
  begin(): void;
}

export function neverScanned(): FakeScan {
  const scan: FakeScan = {
    answer: {
      ...sampleScan(0, false),
      state: 'never',
      started: null,
      finished: null,
      findings: [],
      looked_at: [],
      skipped: [],
    },
    begin() {
      scan.answer = { ...scan.answer, state: 'running', started: new Date().toISOString() };
    },
  };
  return scan;
}

/** Who asks, and for what: enough to answer as the hub does. */
export interface FakeQuestion {
  request: IncomingMessage;
  url: URL;
  body: string;
  tenant: FakeTenant;
  admin: boolean;
  /** Whether it may see what is of the whole installation. */
  operator: boolean;
  scan: FakeScan;
  now: number;
}

/** Answers about pages, consent, privacy and integrations; null for other paths. */
export function answerTenant(question: FakeQuestion): FakeAnswer | null {
  const { request, url, tenant, body, now } = question;
  const { pathname, searchParams } = url;
  switch (pathname) {
    case '/api/v1/interactions':
      return good(answerInteractions(tenant.pages, searchParams));
    case '/api/v1/interactions/widgets':
      return good(answerWidgets(tenant.pages, searchParams));
    case '/api/v1/interactions/funnel':
      return good(answerFunnel(tenant.pages, JSON.parse(body) as FunnelQuestion));
    case '/api/v1/sessions':
      return good(answerSessions(tenant.pages, searchParams, now));
    case '/api/v1/consent':
      return good(answerConsent(tenant.consent, searchParams));
    case '/api/v1/consent/texts':
      return good(answerTexts(tenant.consent));
    case '/api/v1/consent/export':
      return {
        status: 200,
        ...exportConsent(tenant.consent, searchParams),
        fileName: `consent.${searchParams.get('format') ?? 'csv'}`,
      };
    case '/browser/snippet':
      return good(snippetOf(searchParams.get('domain') ?? 'www.example.com'));
  }
  if (pathname.startsWith('/api/v1/consent/proofs/')) {
    return good(answerProof(tenant.consent, pathname.split('/').at(-1) ?? ''));
  }
  if (pathname.startsWith('/api/v1/privacy/')) return answerPrivacy(question, request.method === 'GET');
  if (pathname.startsWith('/api/v1/integrations')) return answerIntegration(question);
  return null;
}

const BUILD = 'https://hub.example.org/browser/1.2.3-0a1b2c3d';
const HASH = 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC';

function snippetOf(domain: string): object {
  return {
    version: '1.2.3',
    url: `${BUILD}/vedette.js`,
    integrity: HASH,
    css: { url: `${BUILD}/banner.css`, integrity: HASH },
    latest_url: 'https://hub.example.org/browser/vedette.js',
    html: `<script defer src="${BUILD}/vedette.js" integrity="${HASH}" crossorigin="anonymous" data-domain="${domain}"></script>`,
  };
}

function answerPrivacy(question: FakeQuestion, asking: boolean): FakeAnswer | null {
  const { url, tenant, body, admin, operator, scan, now } = question;
  const what = url.pathname.replace('/api/v1/privacy/', '');
  if (what === 'scan') {
    if (!operator) return problem(403, 'Forbidden', 'the scan is of the whole installation: for its operators only');
    if (asking) return good(scan.answer);
    scan.begin();
    return good(scan.answer, 202);
  }
  if (what === 'policy' && asking) return good(answerPolicy(tenant.policy));
  if (what === 'preview') {
    const policy = JSON.parse(body) as PrivacyPolicy;
    return good({ plain: plainWords(policy), changes: changes(tenant.policy, policy) });
  }
  if (!admin) return problem(403, 'Forbidden', 'this needs the scope admin');
  switch (what) {
    case 'policy':
      tenant.policy = JSON.parse(body) as PrivacyPolicy;
      return good(answerPolicy(tenant.policy));
    case 'erasures':
      return good({ erasures: tenant.erasures, next: null });
    case 'export':
      return { status: 200, type: 'application/json', fileName: 'person.json', body: exportOf(tenant, body) };
    case 'erase': {
      const answer = erase(tenant.consent, JSON.parse(body) as PersonQuestion, now);
      tenant.erasures = [answer, ...tenant.erasures];
      return good(answer);
    }
    default:
      return null;
  }
}

function exportOf({ consent }: FakeTenant, body: string): string {
  const { proof_id: proof, visitor_id: visitor } = JSON.parse(body) as PersonQuestion;
  const records = consent.records.filter((record) =>
    proof === undefined ? record.visitor_id === visitor : record.proof_id === proof,
  );
  return JSON.stringify({ tenant: 'fake', places: [{ place: 'consent_choices', records }] });
}

function answerIntegration({ request, url, tenant, body, admin, now }: FakeQuestion): FakeAnswer | null {
  const [kind, what] = url.pathname.replace('/api/v1/integrations', '').split('/').filter(Boolean);
  if (kind === undefined) return good({ integrations: tenant.integrations });
  const at = tenant.integrations.findIndex((integration) => integration.kind === kind);
  const integration = tenant.integrations[at];
  if (integration === undefined) return problem(404, 'Not found', 'there is no such integration');
  if (what === 'figures') return good(figuresOf(integration, now));
  if (!admin) return problem(403, 'Forbidden', 'this needs the scope admin');
  if (what === 'test') return good(testIntegration(integration));
  if (request.method === 'DELETE') {
    tenant.integrations = tenant.integrations.with(at, unsetIntegrations()[at] ?? integration);
    return { status: 204, body: '' };
  }
  const changed = changeIntegration(integration, JSON.parse(body) as IntegrationChange, now);
  if (typeof changed === 'string') return problem(422, 'Unprocessable Content', changed);
  tenant.integrations = tenant.integrations.with(at, changed);
  return good(changed);
}
