import type { IncomingMessage, ServerResponse } from 'node:http';
import { type HonoApp, type HonoFetch, type HonoMiddleware, honoFetch, honoMiddleware } from './hono.ts';
import type { Watch } from './watch.ts';

type Next = (error?: unknown) => void;

/** Middleware of the frameworks, typed by the little that is needed of them, so that none need be installed. */
export interface Frameworks {
  /** Express 4 and 5, Connect, and whatever takes `(request, response, next)`. */
  express(): (request: IncomingMessage, response: ServerResponse, next: Next) => void;
  /** A plugin of Fastify 5. */
  fastify(): (instance: object, options: object, done: (error?: Error) => void) => void;
  koa(): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown>;
  /** The app, watched without middleware, which costs less. Returns it. */
  koa<A extends KoaApp>(app: A): A;
  /** Middleware of Hono on @hono/node-server; elsewhere it lets requests pass unseen. */
  hono(): HonoMiddleware;
  /** The app's `fetch`, watched, for @hono/node-server's `serve({ fetch })`: no middleware, which costs Hono more. */
  hono<F extends HonoFetch>(app: { fetch: F }): F;
}

export function createFrameworks(watch: Watch, flush: () => Promise<unknown>): Frameworks {
  return {
    express: () =>
      function vedetteEdge(request, response, next) {
        const { originalUrl } = request as ExpressRequest;
        watch.follow(request, response, expressRoute, request, originalUrl);
        next();
      },
    fastify() {
      const plugin = (instance: object, _options: object, done: () => void): void => {
        const app = instance as FastifyInstance;
        const routeOf = createFastifyRoutes();
        app.addHook('onRequest', (request, reply, next) => {
          const { raw } = request;
          const exchange = watch.begin(raw, reply.raw, (raw as ExpressRequest).originalUrl);
          if (exchange !== null) {
            exchange.route = routeOf(request);
            exchange.readRoute = null;
          }
          next();
        });
        app.addHook('onClose', (_instance, next) => {
          flush().finally(() => next());
        });
        done();
      };
      // What fastify-plugin does: the hooks are for the whole app, not for a scope of its own.
      return Object.assign(plugin, {
        [Symbol.for('skip-override')]: true,
        [Symbol.for('fastify.display-name')]: 'vedette-edge',
      });
    },
    koa: ((app?: KoaApp) => (app === undefined ? koaMiddleware(watch) : watchKoa(watch, app))) as Frameworks['koa'],
    hono: ((app?: HonoApp) =>
      app === undefined ? honoMiddleware(watch) : honoFetch(watch, app)) as Frameworks['hono'],
  };
}

interface ExpressRequest extends IncomingMessage {
  originalUrl?: string;
  baseUrl?: string;
  route?: { path?: unknown };
}

/** What is known of a template by itself. */
interface Template {
  full: string;
  /** -1: it fits paths of any number of segments. */
  segments: number;
}

// Apps have so many routes, and no more; but what clients write may get into mount points.
const MOST_TEMPLATES = 5000;
let templates = new Map<string, Template>();

// The last route that answered, and for what.
let [lastBase, lastPath, lastUrl, lastRoute] = ['', '', '', ''];

/** The route that answered, below where its router is mounted. Most of it is worked out once for each route. */
export function expressRoute(from: unknown): string {
  const request = from as ExpressRequest;
  const path = request.route?.path;
  // Elsewhere than under Express there is nothing more to look for, and what is not there takes longest to look for.
  if (typeof path !== 'string') return '';
  const { baseUrl = '', originalUrl = '' } = request;
  if (path === lastPath && originalUrl === lastUrl && baseUrl === lastBase) return lastRoute;
  lastRoute = findExpressRoute(baseUrl, path, originalUrl);
  lastBase = baseUrl;
  lastPath = path;
  lastUrl = originalUrl;
  return lastRoute;
}

function findExpressRoute(baseUrl: string, path: string, originalUrl: string): string {
  const key = baseUrl === '' ? path : `${baseUrl} ${path}`;
  let template = templates.get(key);
  if (template === undefined) {
    template = templateOf(baseUrl, path);
    if (templates.size >= MOST_TEMPLATES) templates = new Map();
    templates.set(key, template);
  }
  // After an error has left a router, its mount point is gone, and the template too short.
  if (template.segments >= 0 && template.segments !== segments(originalUrl)) return '';
  return template.full;
}

function templateOf(baseUrl: string, path: string): Template {
  // The mount point comes as it was asked for, not as a template: the hub makes a better one of the whole path.
  if (/\/[^/]*\d/.test(baseUrl.replace(/\/v\d+(?=\/|$)/g, ''))) return { full: '', segments: -1 };
  const full = path === '/' && baseUrl !== '' ? baseUrl : baseUrl + path;
  return { full, segments: /[*()?{}+]/.test(full) ? -1 : segments(full) };
}

/** Segments of a path; a query and a final slash are left out. */
function segments(url: string): number {
  let count = 0;
  for (let i = 0; i < url.length; i += 1) {
    const code = url.charCodeAt(i);
    if (code === 63 || code === 35) break;
    const next = url.charCodeAt(i + 1);
    // A slash counts when something other than the end follows.
    if (code === 47 && i + 1 < url.length && next !== 63 && next !== 35) count += 1;
  }
  return count;
}

interface FastifyInstance {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: { raw: ServerResponse }, next: Next) => void): void;
  addHook(name: 'onClose', hook: (instance: unknown, next: Next) => void): void;
}

interface FastifyRequest {
  raw: IncomingMessage;
  routeOptions?: { url?: string };
}

/**
 * Tells the route of a request. Fastify makes an object of a dozen fields each time it is asked; what it makes it of is
 * one object a route, by which the answer is known the next time.
 */
function createFastifyRoutes(): (request: FastifyRequest) => string {
  const routes = new WeakMap<object, string>();
  let symbol: symbol | null | undefined;
  let last: object | null = null;
  let lastRoute = '';
  return (request) => {
    if (symbol === undefined) {
      symbol =
        Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context') ?? null;
    }
    const context = symbol === null ? undefined : (request as unknown as Record<symbol, object | undefined>)[symbol];
    if (typeof context !== 'object') return request.routeOptions?.url ?? '';
    if (context === last) return lastRoute;
    let route = routes.get(context);
    if (route === undefined) {
      route = request.routeOptions?.url ?? '';
      routes.set(context, route);
    }
    last = context;
    lastRoute = route;
    return route;
  };
}

interface KoaContext {
  req: IncomingMessage;
  res: ServerResponse;
}

/** What is needed of a Koa app: the one place where it makes a context for a request. */
export interface KoaApp {
  // biome-ignore lint/suspicious/noExplicitAny: whatever an app's own contexts are
  createContext(request: IncomingMessage, response: ServerResponse): any;
}

function koaMiddleware(watch: Watch): (context: KoaContext, next: () => Promise<unknown>) => Promise<unknown> {
  return function vedetteEdge(context, next) {
    watch.follow(context.req, context.res, koaRoute, context);
    return next();
  };
}

function watchKoa<A extends KoaApp>(watch: Watch, app: A): A {
  const create = app.createContext;
  app.createContext = function (this: A, request, response) {
    const context = create.call(this, request, response);
    watch.follow(request, response, koaRoute, context);
    return context;
  };
  return app;
}

/** Where @koa/router and koa-router leave the template. */
function koaRoute(from: unknown): string {
  const { _matchedRoute: route } = from as { _matchedRoute?: unknown };
  return typeof route === 'string' ? route : '';
}
