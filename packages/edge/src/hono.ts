import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { Watch } from './watch.ts';

// biome-ignore lint/suspicious/noConfusingVoidType: as Hono declares its middleware
export type HonoMiddleware = (context: { env: unknown }, next: () => Promise<void>) => Promise<void | Response>;
// biome-ignore lint/suspicious/noExplicitAny: whatever an app's own takes
export type HonoFetch = (...args: any[]) => Response | Promise<Response>;

/** What is needed of an app. All but `fetch` may be missing, as with whatever else serves by `fetch`: then it has no routes. */
export interface HonoApp {
  fetch: HonoFetch;
  getPath?: (request: Request, options: { env: unknown }) => string;
  router?: {
    match(
      method: string,
      path: string,
    ): readonly [readonly (readonly [readonly [unknown, HonoRoute], ...unknown[]])[], ...unknown[]];
  };
}

interface HonoRoute {
  path: string;
  /** `ALL` for middleware and what answers every method. */
  method: string;
}

interface NodeEnv {
  incoming?: IncomingMessage;
  outgoing?: ServerResponse;
}

export function honoMiddleware(watch: Watch): HonoMiddleware {
  return function vedetteEdge(context, next) {
    const env = context.env as NodeEnv | null | undefined;
    const incoming = env?.incoming;
    const outgoing = env?.outgoing;
    if (incoming !== undefined && outgoing !== undefined) watch.follow(incoming, outgoing, routeOfContext, context);
    return next();
  };
}

/**
 * The app's `fetch`, watched. Where middleware is the second handler of a route, Hono awaits its handlers one by one;
 * this leaves an app with one handler for a route as quick as it is. The route is asked of the app's router afterwards.
 */
export function honoFetch(watch: Watch, app: HonoApp): HonoFetch {
  // The last that was asked for, and its route.
  let [method, url, route] = ['', '', ''];

  function routeOf(from: unknown, exchange: Exchange): string {
    if (exchange.url === url && exchange.method === method) return route;
    route = findRoute(app, from as Request, exchange.method);
    url = exchange.url;
    method = exchange.method;
    return route;
  }

  return function vedetteEdge(this: unknown, request: Request, env?: unknown, ...rest: unknown[]) {
    const { incoming, outgoing } = (env ?? {}) as NodeEnv;
    if (incoming !== undefined && outgoing !== undefined) watch.follow(incoming, outgoing, routeOf, request);
    return app.fetch(request, env, ...rest);
  };
}

/** Of all that the router would ask: the first that answers the method alone, or else the last. */
function findRoute(app: HonoApp, request: Request, method: string): string {
  const path = app.getPath?.(request, { env: undefined });
  if (path === undefined || app.router === undefined) return '';
  const [matches] = app.router.match(method === 'HEAD' ? 'GET' : method, path);
  const routes = matches.map(([[, route]]) => route);
  return template(routes.find((one) => one.method !== 'ALL')?.path ?? routes.at(-1)?.path);
}

function routeOfContext(from: unknown): string {
  const { req } = from as { req: { routePath?: unknown } };
  return template(req.routePath);
}

/** Middleware for everything is no route. */
function template(path: unknown): string {
  return typeof path === 'string' && path !== '*' && path !== '/*' ? path : '';
}
