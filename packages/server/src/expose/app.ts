import { STATUS_CODES } from 'node:http';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Registry } from 'prom-client';
import { authorise, createGate, type Principal } from './access.ts';
import { clientAddress, parseProxyTrust } from './client-address.ts';
import { createDashboard } from './dashboard.ts';
import { addHealthRoutes, observeCalls } from './health.ts';
import { refuseForeignHost } from './host-check.ts';
import { limit } from './limit.ts';
import type { Hub } from './ports.ts';
import { onError, ProblemError, problemOf, sendProblem, toProblemError } from './problem.ts';
import { addAdminRoutes } from './routes/admin.ts';
import { addBeaconRoutes } from './routes/beacons.ts';
import { addBrowserRoutes } from './routes/browser.ts';
import { addBulkRoutes } from './routes/bulk.ts';
import { addConsentRoutes } from './routes/consent.ts';
import { addEdgePackageRoutes } from './routes/edge-package.ts';
import { addHostRoutes } from './routes/hosts.ts';
import { addHubRoutes } from './routes/hub.ts';
import { addImportRoutes } from './routes/imports.ts';
import { addIntegrationRoutes } from './routes/integrations.ts';
import { addInteractionRoutes } from './routes/interactions.ts';
import { addMasterKeyRoutes } from './routes/master-key.ts';
import { addOtlpRoutes } from './routes/otlp.ts';
import { addPersonRoutes } from './routes/person.ts';
import { addPrivacyRoutes } from './routes/privacy.ts';
import { addPrivacyScanRoutes } from './routes/privacy-scan.ts';
import { addRequestRoutes } from './routes/requests.ts';
import { addSiteRoutes } from './routes/site.ts';
import { addSourceRoutes } from './routes/sources.ts';
import { addTrafficRoutes } from './routes/traffic.ts';
import type { SelfRecorder } from './self-recorder.ts';
import { addStartPage } from './start-page.ts';
import { createTokenBuckets } from './token-bucket.ts';

export interface AppOptions {
  /** `network`: HTTP for everybody. `control`: the socket in the data directory, whose callers are operators. */
  audience: 'network' | 'control';
  log: FastifyBaseLogger;
  metrics: Registry;
  recorder: SelfRecorder;
}

const JSON_BODY_BYTES = 64 * 1024;
const SOCKET: Principal = Object.freeze({
  kind: 'socket',
  scope: 'admin',
  tenantId: null,
  name: 'socket',
  label: 'control socket',
});

/** The hub's HTTP side, not listening yet. */
export async function buildApp(hub: Hub, options: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log,
    // Every call is recorded as a request of Tenant0 already.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_BODY_BYTES,
    // An import may take hours; what is slow to send its head is cut off by Node's headersTimeout.
    requestTimeout: 0,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    // What is not known is refused rather than taken away.
    ajv: { customOptions: { removeAdditional: false, allErrors: true } },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      sendProblem(reply, toProblemError(error, request.id));
    },
  });
  app.decorate('specs', []);
  app.decorateRequest('principal', null);
  app.decorateRequest('client', '');
  // Schemas say what an answer is; they must not cut it down.
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(onError);
  if (options.audience === 'network') guardNetwork(app, hub, options);
  else {
    app.addHook('onRequest', async (request) => {
      request.principal = SOCKET;
    });
  }
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  addRoutes(app, hub, options);
  addFallback(app, hub, options);
  await app.ready();
  return app;
}

/** Who calls, from where, how often, and whether they may. */
function guardNetwork(app: FastifyInstance, hub: Hub, { recorder, metrics }: AppOptions): void {
  const { network } = hub;
  const trust = parseProxyTrust(network.trustedProxies, network.forwardedHeader);
  const identify = createGate(hub.records);
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
    });
    const forwarded = request.headers[network.forwardedHeader];
    request.client = clientAddress(
      request.socket.remoteAddress,
      Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
      trust,
    );
    if (network.loopback) refuseForeignHost(request.headers.host, network.hosts);
  });
  app.addHook('onRequest', async (request, reply) => {
    const { access = 'public' } = request.routeOptions.config;
    // Whoever cannot be known is counted by address, so that guessing keys is slow too.
    request.principal = await identify(request).catch((error: unknown) => {
      if (access === 'public') return null;
      limit(take(`address:${request.client}`, Date.now()), reply);
      throw error;
    });
    if (request.principal !== null) limit(take(request.principal.name, Date.now()), reply);
    authorise(request, access);
  });
}

function addRoutes(app: FastifyInstance, hub: Hub, options: AppOptions): void {
  addHealthRoutes(app, hub, options.metrics);
  addHubRoutes(app, hub);
  addEdgePackageRoutes(app, hub);
  if (hub.collects || hub.exposes) app.register(async (scope) => addBrowserRoutes(scope, hub));
  if (hub.exposes) {
    addTrafficRoutes(app, hub);
    addInteractionRoutes(app, hub);
    addSourceRoutes(app, hub);
    addIntegrationRoutes(app, hub);
    addConsentRoutes(app, hub);
    addPrivacyRoutes(app, hub);
    addPrivacyScanRoutes(app, hub);
    addPersonRoutes(app, hub);
  }
  if (hub.collects) addWaysIn(app, hub);
  if (options.audience === 'control') {
    addAdminRoutes(app, hub);
    addMasterKeyRoutes(app, hub);
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
    const methods = methodsOf(app, path);
    if (methods.length > 0) {
      const allow = methods.join(', ');
      throw new ProblemError(405, 'method-not-allowed', `${path} takes ${allow}`, { headers: { allow } });
    }
    const forPeople = hub.exposes && audience === 'network' && (request.method === 'GET' || request.method === 'HEAD');
    if (forPeople && !/^\/api(?:\/|$)/.test(path) && (await dashboard(request, reply)) !== null) return reply;
    throw new ProblemError(
      404,
      'not-found',
      `there is nothing at ${path.slice(0, 200)}; /api/openapi.json lists what there is`,
    );
  });
}

function methodsOf(app: FastifyInstance, path: string): string[] {
  const steps = path.split('/');
  const fits = (url: string) => {
    const pattern = url.split('/');
    return pattern.length === steps.length && pattern.every((step, i) => step.startsWith(':') || step === steps[i]);
  };
  return [
    ...new Set(
      app.specs
        .filter(({ url }) => fits(url))
        .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [String(method)])),
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
