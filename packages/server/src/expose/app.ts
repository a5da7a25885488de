import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import { authorise } from './access.ts';
import { watchForAudit } from './audit-hook.ts';
import { clientAddress, parseProxyTrust } from './client-address.ts';
import { createDashboard } from './dashboard.ts';
import { createGate } from './gate.ts';
import { addHealthRoutes, observeCalls } from './health.ts';
import { refuseForeignHost } from './host-check.ts';
import { createOnceOnly } from './idempotency.ts';
import { limit } from './limit.ts';
import type { Hub } from './ports.ts';
import { refuseImpossibleText } from './possible-text.ts';
import { SOCKET } from './principal.ts';
import { onError, ProblemError, problemOf, sendProblem, toProblemError } from './problem.ts';
import { refuseUndocumented } from './route.ts';
import { addAccountRoutes } from './routes/account.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addBackupRoutes } from './routes/backups.ts';
import { addBeaconRoutes } from './routes/beacons.ts';
import { addBrowserRoutes } from './routes/browser.ts';
import { addBulkRoutes } from './routes/bulk.ts';
import { addConsentRoutes } from './routes/consent.ts';
import { addDomainRoutes } from './routes/domains.ts';
import { addEdgePackageRoutes } from './routes/edge-package.ts';
import { addEmailChangeRoutes } from './routes/email-changes.ts';
import { addHostRoutes } from './routes/hosts.ts';
import { addHubRoutes } from './routes/hub.ts';
import { addImportRoutes } from './routes/imports.ts';
import { addIntegrationRoutes } from './routes/integrations.ts';
import { addInteractionRoutes } from './routes/interactions.ts';
import { addInvitationAnswerRoutes } from './routes/invitation-answer.ts';
import { addInvitationRoutes } from './routes/invitations.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addLinkRoutes } from './routes/links.ts';
import { addLiveRoutes } from './routes/live.ts';
import { addLogInRoutes } from './routes/log-in.ts';
import { addLogLevelRoutes } from './routes/log-level.ts';
import { addMasterKeyRoutes } from './routes/master-key.ts';
import { addOtlpRoutes } from './routes/otlp.ts';
import { addPasskeyLogInRoutes } from './routes/passkey-log-in.ts';
import { addPasskeyRoutes } from './routes/passkeys.ts';
import { addPasswordResetRoutes } from './routes/password-resets.ts';
import { addPeopleRoutes } from './routes/people.ts';
import { addPersonRoutes } from './routes/person.ts';
import { addPrivacyRoutes } from './routes/privacy.ts';
import { addPrivacyScanRoutes } from './routes/privacy-scan.ts';
import { addRequestRowRoutes } from './routes/request-rows.ts';
import { addRequestRoutes } from './routes/requests.ts';
import { addSecondFactorRoutes } from './routes/second-factor.ts';
import { addSetUpRoutes } from './routes/set-up.ts';
import { addSiteRoutes } from './routes/site.ts';
import { addSourceRoutes } from './routes/sources.ts';
import { addSsoRoutes } from './routes/sso.ts';
import { addOwnTenantRoutes } from './routes/tenant.ts';
import { addTenantDeletionRoutes } from './routes/tenant-deletions.ts';
import { addTenantRoutes } from './routes/tenants.ts';
import { addTotpRoutes } from './routes/totp.ts';
import { addTrafficRoutes } from './routes/traffic.ts';
import { addUserAdminRoutes } from './routes/user-admin.ts';
import { addUserRoutes } from './routes/users.ts';
import { addViewRoutes } from './routes/views.ts';
import type { SelfRecorder } from './self-recorder.ts';
import { addStartPage } from './start-page.ts';
import { createTokenBuckets } from './token-bucket.ts';
import { createValidatorCompiler } from './validator.ts';

export interface AppOptions {
  /** `network`: HTTP for everybody. `control`: the socket in the data directory, whose callers are operators. */
  audience: 'network' | 'control';
  log: FastifyBaseLogger;
  metrics: Registry;
  recorder: SelfRecorder;
}

const JSON_BODY_BYTES = 64 * 1024;
/** For so long a browser asks by https only, once it did (RFC 6797). */
const HSTS = 'max-age=31536000';

/** The hub's HTTP side, not listening yet. */
export async function buildApp(hub: Hub, options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log,
    // Every call is recorded as a request of Tenant0 already.
    logController: new LogController({ disableRequestLogging: true }),
    // One's own, which is in the log and in the answer: a caller's could be anything.
    genReqId: () => randomUUID(),
    bodyLimit: JSON_BODY_BYTES,
    // An import may take hours; what is slow to send its head is cut off by Node's headersTimeout.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 4000 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply, toProblemError(error, request.id));
    },
  });
  app.decorate('specs', []);
  app.decorate('onceOnly', createOnceOnly(hub.records));
  refuseUndocumented(app);
  app.decorateRequest('principal', null);
  app.decorateRequest('tenant', null);
  app.decorateRequest('about', null);
  app.decorateRequest('client', '');
  app.setValidatorCompiler(createValidatorCompiler());
  // Schemas say what an answer is; they must not cut it down.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(onError);
  watchForAudit(app, hub);
  if (options.audience === 'network') guardNetwork(app, hub, options);
  else {
    app.addHook('onRequest', async (request) => {
      request.principal = SOCKET;
      refuseOtherName(app, request);
    });
  }
  app.addHook('onResponse', async (request, reply) => {
    // By route, never by address: paths and queries may hold what a log must not.
    const { url: route = 'other' } = request.routeOptions;
    const ms = Math.round(reply.elapsedTime);
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms }, 'a call');
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  app.addHook('onRequest', async (request) => {
    // Fastify asks this method for a Content-Type before it sees that there is no such route.
    if (request.is404 && request.method === 'QUERY') throw nothingAt(app, request);
  });
  app.addHook('preValidation', async (request) => refuseImpossibleText(request));
  addRoutes(app, hub, options);
  addFallback(app, hub, options);
  await app.ready();
  return app;
}

/** Who calls, from where, how often, and whether they may. */
function guardNetwork(app: FastifyInstance, hub: Hub, { recorder, metrics }: AppOptions): void {
  const { network } = hub;
  const trust = parseProxyTrust(network.trustedProxies, network.forwardedHeader);
  const identify = createGate(hub.records, network);
  const take = createTokenBuckets(network.rateLimit);
  recorder.watch(app);
  observeCalls(app, metrics);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      ...(network.publicUrl.startsWith('https:') ? { 'strict-transport-security': HSTS } : {}),
    });
    const forwarded = request.headers[network.forwardedHeader];
    request.client = clientAddress(
      request.socket.remoteAddress,
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trust,
    );
    if (network.loopback) refuseForeignHost(request.headers.host, network.hosts);
    refuseOtherName(app, request);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { access = 'public' } = request.routeOptions.config;
    // Whoever cannot be known is counted by address, so that guessing keys is slow too.
    request.principal = await identify(request, reply).catch((error: unknown) => {
      if (access === 'public') return null;
      limit('address', take(`address:${request.client}`, Date.now()), reply);
      throw error;
    });
    if (request.principal !== null) limit('caller', take(request.principal.name, Date.now()), reply);
    await authorise(hub, request);
  });
}

function addRoutes(app: FastifyInstance, hub: Hub, options: AppOptions): void {
  addHealthRoutes(app, hub, options.metrics);
  addHubRoutes(app, hub);
  addEdgePackageRoutes(app, hub);
  if (hub.collects || hub.exposes) app.register(async (scope) => addBrowserRoutes(scope, hub));
  if (hub.exposes) {
    addLogInRoutes(app, hub);
    addSetUpRoutes(app, hub);
    addAccountRoutes(app, hub);
    addEmailChangeRoutes(app, hub);
    addSecondFactorRoutes(app, hub);
    addTotpRoutes(app, hub);
    addPasskeyRoutes(app, hub);
    addPasskeyLogInRoutes(app, hub);
    addSsoRoutes(app, hub);
    addPeopleRoutes(app, hub);
    addInvitationRoutes(app, hub);
    addInvitationAnswerRoutes(app, hub);
    addPasswordResetRoutes(app, hub);
    addUserRoutes(app, hub);
    addAuditRoutes(app, hub);
    addTrafficRoutes(app, hub);
    addRequestRowRoutes(app, hub);
    addLiveRoutes(app, hub);
    addViewRoutes(app, hub);
    addInteractionRoutes(app, hub);
    addSourceRoutes(app, hub);
    addIntegrationRoutes(app, hub);
    addConsentRoutes(app, hub);
    addPrivacyRoutes(app, hub);
    addPrivacyScanRoutes(app, hub);
    addPersonRoutes(app, hub);
  }
  // The command line needs these of whatever process it talks to.
  if (hub.exposes || options.audience === 'control') {
    addKeyRoutes(app, hub);
    addDomainRoutes(app, hub);
    addOwnTenantRoutes(app, hub);
    addTenantRoutes(app, hub);
    addTenantDeletionRoutes(app, hub);
  }
  if (hub.collects) addWaysIn(app, hub);
  if (options.audience === 'control') {
    addUserAdminRoutes(app, hub);
    addLinkRoutes(app, hub);
    addMasterKeyRoutes(app, hub);
    addLogLevelRoutes(app, hub);
    addBackupRoutes(app, hub);
  } else if (hub.exposes) addStartPage(app, hub);
}

/** These read the body themselves: any type, any size, as it comes. */
function addWaysIn(app: FastifyInstance, hub: Hub): void {
  addHostRoutes(app, hub);
  app.register(async (scope) => addBeaconRoutes(scope, hub));
  app.register(async (scope) => addSiteRoutes(scope, hub));
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_, payload, done) => done(null, payload));
    addRequestRoutes(scope, hub, hub.network.bodyBytes);
    addImportRoutes(scope, hub);
    // Their errors have shapes of their own.
    scope.register(async (otlp) => addOtlpRoutes(otlp, hub));
    scope.register(async (bulk) => addBulkRoutes(bulk, hub));
  });
}

/** Everything that is no route: the dashboard's files, a wrong method, or nothing. */
function addFallback(app: FastifyInstance, hub: Hub, { audience }: AppOptions): void {
  const dashboard = createDashboard(hub.network.dashboardDir);
  app.setNotFoundHandler(async (request, reply) => {
    const path = (request.raw.url ?? '/').split('?', 1)[0] as string;
    const forPeople = hub.exposes && audience === 'network' && (request.method === 'GET' || request.method === 'HEAD');
    const isPage = forPeople && !/^\/api(?:\/|$)/.test(path) && methodsOf(app, path).length === 0;
    if (isPage && (await dashboard(request, reply)) !== null) return reply;
    throw nothingAt(app, request);
  });
}

/** 405 where other methods are taken, 404 elsewhere. */
function nothingAt(app: FastifyInstance, request: FastifyRequest): ProblemError {
  const path = (request.raw.url ?? '/').split('?', 1)[0] as string;
  const methods = methodsOf(app, path);
  if (methods.length > 0) {
    const allow = methods.join(', ');
    return new ProblemError(405, 'method-not-allowed', `${path} takes ${allow}`, { headers: { allow } });
  }
  return new ProblemError(
    404,
    'not-found',
    `there is nothing at ${path.slice(0, 200)}; /api/openapi.json lists what there is`,
  );
}

/**
 * Refuses a method that an address does not take, where it would pass for a name of another one, because `look` is no id, or
 * would be taken by what answers for all that is not there.
 */
function refuseOtherName(app: FastifyInstance, request: FastifyRequest): void {
  const { routeOptions, method, raw } = request;
  const { url: taken = '' } = routeOptions;
  if (!/[:*]/.test(taken)) return;
  const path = (raw.url ?? '/').split('?', 1)[0] as string;
  const named = taken.includes('*') || app.specs.some(({ url }) => url === path);
  const methods = named ? methodsOf(app, path) : [];
  if (methods.length > 0 && !methods.includes(method)) throw nothingAt(app, request);
}

function methodsOf(app: FastifyInstance, path: string): string[] {
  const steps = path.split('/');
  const fits = (url: string) => {
    const pattern = url.split('/');
    return pattern.length === steps.length && pattern.every((step, i) => step.startsWith(':') || step === steps[i]);
  };
  // An address that is written out is that route's, whatever else fits it.
  const own = app.specs.filter(({ url }) => url === path);
  return [
    ...new Set(
      (own.length > 0 ? own : app.specs.filter(({ url }) => fits(url))).flatMap(({ method }) =>
        method === 'GET' ? ['GET', 'HEAD'] : [String(method)],
      ),
    ),
  ];
}

/** What was not even HTTP gets a problem too, if its sender still listens. */
function answerUnreadable(
  error: Error & { code?: string },
  socket: NodeJS.WritableStream & { destroy(): unknown; writable: boolean },
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(problemOf(status, 'unreadable', 'this is not a request the hub can read'));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/problem+json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
