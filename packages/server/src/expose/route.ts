import type { AuditAction } from '@vedette/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type TObject, type TSchema, Type } from 'typebox';
import { Fault } from '../model/fault.ts';
import type { Access } from './access.ts';
import type { Creates, OnceOnly } from './idempotency.ts';

/** One answer of a route, for its description. */
export interface Answer {
  description: string;
  /** Of the body; one that has no example beside it is put together from those of its parts. */
  schema?: TSchema;
  /** Media type, application/json unless told. */
  type?: string;
  /** The same answer under further media types. */
  also?: Record<string, TSchema>;
  /** For a refusal: the codes of its problems. Those that every route like it can give are known (refusals.ts). */
  codes?: readonly string[];
  /** Headers of its own, with what they say. */
  headers?: Record<string, string>;
}

/** Methods by which nothing is changed. */
const SAFE = new Set<HTTPMethods>(['GET', 'HEAD', 'OPTIONS']);
const ACTION = /^[a-z][a-z-]*(\.[a-z][a-z-]*)+$/;

/**
 * Name of what a route does in the audit log, as `noun.verb`; false for what changes nothing that is anybody's setting or
 * access, such as a question that comes as POST, or requests that are sent in. Nothing that may change something goes
 * without saying which; what only reads may say so, as when rows leave.
 */
type Audited =
  | { method: 'GET' | 'HEAD' | 'OPTIONS'; audit?: AuditAction | false }
  | { method: Exclude<HTTPMethods, 'GET' | 'HEAD' | 'OPTIONS'>; audit: AuditAction | false };

/** A route with what the OpenAPI document says of it. */
export type RouteSpec = RouteDescription & Audited;

/** What is said of a route beside its method. */
export interface RouteDescription {
  /** In Fastify's form: `/start/:token`. */
  url: string;
  access: Access;
  summary: string;
  description?: string;
  query?: TObject;
  params?: TObject;
  /** The body: media types and, where the route does not read it itself, its schema. */
  body?: {
    types: readonly string[];
    schema: TSchema;
    /** Further media types that have schemas of their own. */
    also?: Record<string, TSchema>;
    description?: string;
    validated?: boolean;
    required?: boolean;
  };
  headers?: Record<string, string>;
  answers: Record<number, Answer>;
  /** The shape of its refusals where that is not a problem: media type and schema. */
  refusals?: Record<string, TSchema>;
  /** It makes something: an Idempotency-Key is taken, and the same call again gets the same answer. */
  creates?: Creates;
  bodyLimit?: number;
  /** true: a session that has still to show its second factor may call this. */
  pending?: true;
  /** true: log agents call this, which send keys in schemes of their own. */
  agents?: boolean;
  /** false: GET changes something, which a HEAD leaves alone: it is answered that there is something, and no more. */
  head?: false;
  handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    agents?: boolean;
    /** Why a route stands outside the OpenAPI document. A route has this or is added by `addRoute`. */
    undocumented?: string;
    documented?: boolean;
    pending?: boolean;
  }
  interface FastifyInstance {
    /** Everything that was added by `addRoute`, for the OpenAPI document and for 405. */
    specs: RouteSpec[];
    onceOnly: OnceOnly;
  }
}

/** Name of the tenant, on every route that is about one. */
export const TENANT = Type.Optional(
  Type.String({ maxLength: 100, description: 'Slug or id of the tenant; for operators. A key is for its own tenant.' }),
);

/** Registers a route and remembers it for the OpenAPI document. */
export function addRoute(app: FastifyInstance, spec: RouteSpec): void {
  refuseUnaudited(spec);
  app.specs.push(spec);
  const { creates, handler } = spec;
  app.route({
    method: spec.method,
    url: spec.url,
    config: {
      access: spec.access,
      ...(spec.audit === undefined ? {} : { audit: spec.audit }),
      documented: true,
      ...(spec.agents === true ? { agents: true } : {}),
      ...(spec.pending === true ? { pending: true } : {}),
    },
    ...(spec.head === false ? { exposeHeadRoute: false } : {}),
    ...(spec.bodyLimit === undefined ? {} : { bodyLimit: spec.bodyLimit }),
    schema: {
      // What is misspelt is said, not passed over.
      ...(spec.query === undefined ? {} : { querystring: { ...spec.query, additionalProperties: false } }),
      ...(spec.params === undefined ? {} : { params: spec.params }),
      ...(spec.body?.validated === true ? { body: spec.body.schema } : {}),
    },
    handler:
      creates === undefined
        ? handler
        : (request, reply) => app.onceOnly(request, reply, creates, () => handler(request, reply)),
  });
  if (spec.head === false) addEmptyHead(app, spec);
}

/** HEAD of a GET that changes something: whoever may ask is told that it is there, and nothing is done. */
function addEmptyHead(app: FastifyInstance, { url, access, params }: RouteSpec): void {
  app.route({
    method: 'HEAD',
    url,
    config: { access, documented: true },
    schema: params === undefined ? {} : { params },
    handler: async (_, reply) => reply.code(200).send(),
  });
}

/** Throws where a route was added past `addRoute` without a reason: the document would not know of it. */
export function refuseUndocumented(app: FastifyInstance): void {
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.documented === true || config?.undocumented !== undefined) return;
    throw new Fault('undocumented-route', `${String(method)} ${url} was not added by addRoute, and does not say why`);
  });
}

/** A route that may change something says what the audit log calls that, whatever the types were told. */
function refuseUnaudited({ method, url, audit }: RouteSpec): void {
  if (audit === undefined && !SAFE.has(method)) {
    throw new Fault('unaudited-route', `${String(method)} ${url} does not say what it is in the audit log`);
  }
  if (typeof audit === 'string' && !ACTION.test(audit)) {
    throw new Fault('unaudited-route', `${String(method)} ${url}: "${audit}" is no name for the audit log`);
  }
}
