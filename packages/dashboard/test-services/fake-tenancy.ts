import type {
  ApiKey,
  Domain,
  KeyScope,
  Ownership,
  Quota,
  QuotaAnswer,
  TenantDeletion,
  TenantDetail,
} from '@vedette/contract';
import { refuse } from './fake-accounts.ts';
import type { FakeAnswer } from './fake-tenant.ts';

/** What programs and hosts a tenant has, and what it may use. */
export interface FakeTenancy {
  keys: ApiKey[];
  domains: Domain[];
  /** Why the proof of a domain is not found; null: it is. */
  proof: string | null;
  quota: QuotaAnswer;
}

/** The tenants of the installation, as operators see them. */
export interface FakeInstallation {
  tenants: TenantDetail[];
  deletions: TenantDeletion[];
}

const DAY_MS = 86_400_000;
const good = (body: object, status = 200): FakeAnswer => ({ status, body });
const done: FakeAnswer = { status: 204, body: '' };

function keyOf(index: number, name: string, scope: KeyScope, now: number): ApiKey {
  return {
    id: `key-${index}`,
    tenant: 'installation',
    scope,
    name,
    prefix: `vdt_k${index}x7Qm`,
    created: new Date(now - index * 40 * DAY_MS).toISOString(),
    expires: null,
    expires_soon: false,
    revoked: null,
    used: null,
    rotated_from: null,
  };
}

export function emptyTenancy(now: number): FakeTenancy {
  return {
    keys: [],
    domains: [],
    proof: 'no TXT record of this name',
    quota: {
      requests_per_day: { limit: null, used: 0, resets: new Date(now + DAY_MS / 2).toISOString() },
      users: { limit: null, used: 1 },
      retention_days: { limit: null },
    },
  };
}

export function sampleTenancy(now: number): FakeTenancy {
  const at = (days: number) => new Date(now - days * DAY_MS).toISOString();
  const domain = (pattern: string, verifiedBy: Domain['verified_by']): Domain => ({
    pattern,
    tenant: 'installation',
    created: at(120),
    verified: verifiedBy === null ? null : at(119),
    verified_by: verifiedBy,
    checked: verifiedBy === 'operator' ? null : at(0.02),
    error: verifiedBy === null ? 'no TXT record of this name' : null,
  });
  return {
    ...emptyTenancy(now),
    keys: [
      { ...keyOf(1, 'nginx on web-1', 'ingest', now), used: at(0.0005), expires: at(-300) },
      { ...keyOf(2, 'Nightly report', 'read', now), used: at(0.4), expires: at(-5), expires_soon: true },
      { ...keyOf(3, 'Terraform', 'admin', now), used: null },
      { ...keyOf(4, 'Old server', 'ingest', now), used: at(90), revoked: at(80) },
    ],
    domains: [
      domain('www.example.org', 'dns'),
      domain('*.shop.example.org', 'operator'),
      domain('new.example.org', null),
    ],
    quota: {
      requests_per_day: { limit: 100_000, used: 93_120, resets: new Date(now + DAY_MS / 2).toISOString() },
      users: { limit: 5, used: 4 },
      retention_days: { limit: 90 },
    },
  };
}

interface Question {
  method: string;
  path: string;
  body: string;
  tenancy: FakeTenancy;
  now: number;
}

/** Answers about the keys, domains and quota of a tenant; null for other paths. */
export function answerTenancy(question: Question): FakeAnswer | null {
  const { path, tenancy } = question;
  if (path === '/quota') return good(tenancy.quota);
  if (path.startsWith('/keys')) return answerKeys(question);
  return path.startsWith('/domains') ? answerDomains(question) : null;
}

function answerKeys({ method, path, body, tenancy, now }: Question): FakeAnswer {
  const [, , id, what] = path.split('/');
  if (id === undefined) {
    if (method === 'GET') return good({ keys: tenancy.keys, next: null });
    const { scope, name, expires } = JSON.parse(body) as { scope: KeyScope; name: string; expires?: string };
    const days = Number(/^\+(\d+)d$/.exec(expires ?? '')?.[1] ?? 0);
    const key = { ...keyOf(tenancy.keys.length + 1, name, scope, now), created: new Date(now).toISOString() };
    key.expires = days === 0 ? null : new Date(now + days * DAY_MS).toISOString();
    tenancy.keys = [key, ...tenancy.keys];
    return good({ token: 'vdt_new-key-shown-once', key, scope }, 201);
  }
  const former = tenancy.keys.find((key) => key.id === id);
  if (former === undefined) return refuse(404, 'unknown-key', 'the tenant has no such key in force');
  const replace = (change: Partial<ApiKey>) => {
    const changed = { ...former, ...change };
    tenancy.keys = tenancy.keys.map((key) => (key === former ? changed : key));
    return changed;
  };
  if (what !== 'rotate') {
    replace({ revoked: new Date(now).toISOString() });
    return done;
  }
  const ended = replace({ expires: new Date(now + DAY_MS).toISOString(), expires_soon: true });
  const key = { ...keyOf(tenancy.keys.length + 1, former.name, former.scope, now), rotated_from: former.id };
  tenancy.keys = [key, ...tenancy.keys];
  return good({ token: 'vdt_rotated-key-shown-once', key, scope: key.scope, former: ended }, 201);
}

function answerDomains({ method, path, body, tenancy, now }: Question): FakeAnswer {
  const [, , written, what] = path.split('/');
  const at = new Date(now).toISOString();
  if (written === undefined) {
    if (method === 'GET') return good({ domains: tenancy.domains, next: null });
    const { pattern } = JSON.parse(body) as { pattern: string };
    if (tenancy.domains.some((domain) => domain.pattern === pattern)) {
      return refuse(409, 'known-domain', `${pattern} is there already`);
    }
    const claim: Domain = {
      pattern,
      tenant: 'bakery',
      created: at,
      verified: null,
      verified_by: null,
      checked: null,
      error: null,
    };
    tenancy.domains = [...tenancy.domains, claim];
    return good(claim, 201);
  }
  const domain = tenancy.domains.find(({ pattern }) => pattern === decodeURIComponent(written));
  if (domain === undefined) return refuse(404, 'unknown-domain', 'the tenant has no such domain');
  if (method === 'DELETE') {
    tenancy.domains = tenancy.domains.filter((other) => other !== domain);
    return done;
  }
  if (what === 'check') {
    const proved = tenancy.proof === null;
    Object.assign(domain, {
      checked: at,
      error: tenancy.proof,
      ...(proved && { verified: at, verified_by: 'dns' }),
    });
  }
  return good(ownershipOf(domain));
}

function ownershipOf({ pattern, verified, verified_by, checked, error }: Domain): Ownership {
  const host = pattern.replace(/^\*\./, '');
  const token = 'vedette-verification=4f1d2c3b4a5968778695a4b3c2d1e0f9';
  return {
    state: verified === null ? 'unverified' : 'verified',
    verified_by,
    dns: { name: `_vedette.${host}`, type: 'TXT', value: token },
    file: { url: `https://${host}/.well-known/vedette.txt`, content: token },
    checked,
    error,
  };
}

export function sampleInstallation(now: number, tenants: readonly { id: string; slug: string; name: string }[]) {
  return {
    tenants: tenants.map(
      ({ id, slug, name }, index): TenantDetail => ({
        id,
        slug,
        name,
        installation: index === 0,
        second_factor: 'optional',
        created: new Date(now - (400 - index * 100) * DAY_MS).toISOString(),
        suspended: null,
        deleting: null,
        people: 3 - index,
        domains: 2,
        requests_today: 41_233 - index * 30_000,
        quota: { requests_per_day: index === 0 ? null : 50_000, users: null, retention_days: null },
      }),
    ),
    deletions: [],
  } satisfies FakeInstallation;
}

interface OperatorQuestion {
  method: string;
  path: string;
  body: string;
  installation: FakeInstallation;
  now: number;
}

/** Answers about all tenants; null for other paths. */
export function answerInstallation(question: OperatorQuestion): FakeAnswer | null {
  const { method, path, body, installation, now } = question;
  if (path === '/tenant-deletions') return good({ deletions: installation.deletions, next: null });
  if (!/^\/tenants(\/|$)/.test(path)) return null;
  const [, , id, what] = path.split('/');
  if (id === undefined && method === 'GET') return good({ tenants: installation.tenants, next: null });
  const sent = (body === '' ? {} : JSON.parse(body)) as { slug?: string; name?: string; confirm?: string };
  if (id === undefined) return create(installation, sent, now);
  const at = installation.tenants.findIndex((tenant) => tenant.id === id);
  const tenant = installation.tenants[at];
  if (tenant === undefined) return refuse(404, 'unknown-tenant', 'there is no such tenant');
  if (method === 'DELETE') return remove(installation, tenant, sent.confirm, now);
  const changes: Record<string, Partial<TenantDetail>> = {
    suspend: { suspended: new Date(now).toISOString() },
    resume: { suspended: null },
    quota: { quota: sent as unknown as Quota },
  };
  const changed = { ...tenant, ...(what === undefined ? { name: sent.name ?? tenant.name } : changes[what]) };
  installation.tenants = installation.tenants.with(at, changed);
  return good(changed);
}

function create(
  installation: FakeInstallation,
  { slug = '', name = '' }: { slug?: string; name?: string },
  now: number,
) {
  if (installation.tenants.some((tenant) => tenant.slug === slug)) {
    return refuse(409, 'slug-taken', `there is a tenant ${slug} already`);
  }
  const [tenant] = sampleInstallation(now, [{ id: `tenant-${slug}`, slug, name }]).tenants;
  if (tenant === undefined) throw new Error('one was made');
  const made = { ...tenant, installation: false, people: 0, domains: 0, requests_today: 0 };
  installation.tenants = [...installation.tenants, made];
  return good(made, 201);
}

function remove(installation: FakeInstallation, tenant: TenantDetail, confirm: string | undefined, now: number) {
  if (confirm !== tenant.slug) return refuse(422, 'not-confirmed', 'the short name is another one');
  const asked = new Date(now).toISOString();
  const deletion: TenantDeletion = {
    id: `deletion-${tenant.slug}`,
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
    asked_by: 'Anna Lind',
    asked,
    state: 'running',
    deleted: [{ place: 'requests', rows: 120_000 }],
    found: null,
    complete: null,
    finished: null,
    error: null,
  };
  installation.deletions = [deletion, ...installation.deletions];
  installation.tenants = installation.tenants.map((other) =>
    other === tenant ? { ...other, suspended: asked, deleting: asked } : other,
  );
  return good(deletion, 202);
}

/** Ends the deletion that runs, with its proof; the tenant is gone then. */
export function finishDeletion(installation: FakeInstallation): void {
  installation.deletions = installation.deletions.map((deletion) => ({
    ...deletion,
    state: 'done',
    deleted: [...deletion.deleted, { place: 'consent_choices', rows: 870 }],
    found: [
      { place: 'requests', rows: 0 },
      { place: 'consent_choices', rows: 0 },
    ],
    complete: true,
    finished: new Date().toISOString(),
  }));
  installation.tenants = installation.tenants.filter(({ deleting }) => deleting === null);
}
