import type { AuditAction } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor, AuditNote, AuditOutcome } from '../model/audit-entry.ts';
import type { User } from '../stores/records.ts';
import type { Hub } from './ports.ts';
import type { Principal } from './principal.ts';

/** What a handler tells of its call for the audit log; what is not told, the route and the caller tell. */
export interface AuditTold {
  /** What it was done to, in words that people know it by. By default the parameters of the path. */
  target?: string | null;
  /** Further facts, without secrets. By default the names of the body's fields. */
  detail?: Record<string, unknown>;
  /** In whose log it stands, where that is not the tenant the call is about. */
  tenantId?: string;
  /** Tenants in whose logs it stands besides, once it is done. */
  also?: readonly string[];
  /** Whom it is about where nobody is logged in yet; it stands in the logs of all tenants of that person. */
  user?: User | null;
  /** true: nothing was changed, so nothing is written. */
  unchanged?: boolean;
  /** Why it was refused, where the answer is no problem that says so: a page is told by a redirect. */
  refused?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Name of what the route does in the audit log; false: it does nothing that belongs there. */
    audit?: string | false;
  }
  interface FastifyRequest {
    /** Tells more of the call for its entry in the audit log; later facts are added to earlier ones. */
    audit(told: AuditTold): void;
    audited: AuditTold & { written?: boolean; end?: () => void };
  }
}

/** A person is in few tenants; whoever is in many has an entry in so many logs. */
const MOST_LOGS = 20;
const REFUSED = new Set([401, 403, 429]);
/** What is refused without being about an action of a route. */
const UNKNOWN_KEY: AuditAction = 'key.unknown';
const REFUSED_ACCESS: AuditAction = 'access.refuse';
/** By which somebody comes in: of these the address is kept. */
const WAYS_IN = /^\/(?:start\/|api\/v1\/(?:log-in(?:\/|$)|set-up$|invitations\/accept$|password-resets\/redeem$))/;
/** Parameters of a path that are no names. */
const UNTOLD = /token|secret|code/i;

/**
 * Has every call that did something, or was not let to, written into the audit log before it is answered. An answer that
 * cannot be accounted for is not given: it becomes a fault, and the hub's log says why.
 */
export function watchForAudit(app: FastifyInstance, hub: Hub): void {
  app.decorateRequest('audited');
  app.decorateRequest('audit', function audit(this: FastifyRequest, told: AuditTold) {
    const detail = { ...this.audited.detail, ...told.detail };
    Object.assign(this.audited, told, Object.keys(detail).length === 0 ? {} : { detail });
  });
  app.addHook('onRequest', async (request) => {
    request.audited = {};
  });
  app.addHook('preHandler', async (request) => begin(hub, request));
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.audited === undefined || request.audited.written === true) return;
    request.audited.written = true;
    const happened = whatHappened(request, reply);
    if (happened === null) return;
    const note = noteOf(
      hub,
      request,
      happened,
      happened.outcome === 'done' ? null : (request.audited.refused ?? reasonOf(payload, reply.statusCode)),
    );
    const { end, also = [] } = request.audited;
    // What cannot be written stays noted: the next start tells it.
    delete request.audited.end;
    const logs = new Set([
      ...(await logsOf(hub, request)),
      ...(happened.outcome === 'done' ? also.slice(0, MOST_LOGS) : []),
    ]);
    for (const tenantId of logs) await hub.audit.add(tenantId, note);
    end?.();
  });
  app.addHook('onResponse', async ({ audited }) => audited?.end?.());
}

/**
 * Notes what is about to be done where it outlasts the process, for the entry itself is written once it is known what came
 * of it.
 */
async function begin(hub: Hub, request: FastifyRequest): Promise<void> {
  const { audit: action } = request.routeOptions.config;
  if (typeof action !== 'string') return;
  const note = noteOf(hub, request, { action, outcome: 'failed' }, 'interrupted');
  const tenants = await logsOf(hub, request);
  request.audited.end = hub.audit.begin(tenants, { ...note, target: note.target ?? targetOf(request), address: null });
}

export interface Happened {
  action: string;
  outcome: AuditOutcome;
}

/** What an answer means for the log; null: nothing. */
function whatHappened(request: FastifyRequest, reply: FastifyReply): Happened | null {
  const { statusCode } = reply;
  const { audit: action } = request.routeOptions.config;
  const named = typeof action === 'string';
  // A call that is repeated under its Idempotency-Key is answered again, and does nothing.
  const unchanged = request.audited.unchanged === true || reply.hasHeader('idempotency-replayed');
  if (named && request.audited.refused !== undefined) return { action, outcome: 'refused' };
  if (statusCode < 400) return named && !unchanged ? { action, outcome: 'done' } : null;
  if (statusCode >= 500) return named ? { action, outcome: 'failed' } : null;
  if (!REFUSED.has(statusCode)) return null;
  if (request.principal === null) {
    // Somebody without a credential is everyday; a key that is none, and a wrong password, are not.
    if (named && request.routeOptions.config.access === 'public') return { action, outcome: 'refused' };
    if (request.headers.authorization === undefined) return null;
    return { action: UNKNOWN_KEY, outcome: 'refused' };
  }
  if (statusCode !== 403 && !(named && WAYS_IN.test(request.routeOptions.url ?? ''))) return null;
  return { action: named ? action : REFUSED_ACCESS, outcome: 'refused' };
}

/** What the log tells of a call, so far as is known of it by now. */
export function noteOf(
  hub: Hub,
  request: FastifyRequest,
  { action, outcome }: Happened,
  reason: string | null,
): AuditNote {
  const { audited, principal, routeOptions, client } = request;
  const url = routeOptions.url ?? '';
  const agent = request.headers['user-agent'] ?? '';
  return {
    actor: actorOf(principal, outcome === 'done' ? audited.user : null),
    action,
    // Of what was refused, only what a handler found: whatever else is in the path is what somebody made up.
    target: audited.target ?? audited.user?.email ?? (outcome === 'done' ? targetOf(request) : null),
    detail: {
      ...(audited.detail ?? fieldsOf(request.body)),
      ...(reason === null ? {} : { reason, call: `${request.method} ${url}` }),
    },
    outcome,
    address: client !== '' && WAYS_IN.test(url) ? client : null,
    agent: client === '' || agent === '' ? null : hub.describeClient(client, agent).agent || null,
  };
}

/** Who did it, as people know them. */
export function actorOf(principal: Principal | null, entered: User | null = null): AuditActor {
  const user = principal?.user ?? (principal === null ? entered : null);
  if (user !== null) return { kind: 'user', id: user.id, name: `${user.name} <${user.email}>` };
  if (principal === null) return { kind: 'nobody', id: null, name: 'nobody' };
  const { kind, name, label } = principal;
  const id = name.includes(':') ? name.slice(name.indexOf(':') + 1) : null;
  return { kind, id, name: label };
}

function targetOf({ params }: FastifyRequest): string | null {
  const told = Object.entries((params ?? {}) as Record<string, string>).filter(([name]) => !UNTOLD.test(name));
  return told.length === 0 ? null : told.map(([, value]) => value).join(' ');
}

/** Values may be secrets; which fields were sent is none. */
function fieldsOf(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  if (Object.getPrototypeOf(body) !== Object.prototype) return {};
  const fields = Object.keys(body);
  return fields.length === 0 ? {} : { fields };
}

/** The code of the problem that is the answer, where it is one. */
function reasonOf(payload: unknown, status: number): string {
  const code = typeof payload === 'string' ? /"urn:vedette:problem:([a-z-]{1,60})"/.exec(payload)?.[1] : undefined;
  return code ?? `status ${status}`;
}

/** In whose logs it stands: of the tenant it is about, of all tenants of the person it is about, or of Tenant0. */
async function logsOf({ records }: Hub, request: FastifyRequest): Promise<string[]> {
  const { audited, principal } = request;
  if (audited.tenantId !== undefined) return [audited.tenantId];
  if (request.about !== null) return [request.about];
  const { access } = request.routeOptions.config;
  if (access === 'operate' && principal?.operator === true) return [records.installation.id];
  const user = audited.user ?? principal?.user ?? null;
  const own =
    user === null
      ? [...(principal?.grantees.keys() ?? [])]
      : (await records.accounts.membershipsOf(user.id)).map(({ tenantId }) => tenantId);
  return own.length === 0 ? [records.installation.id] : own.slice(0, MOST_LOGS);
}
