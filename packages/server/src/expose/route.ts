import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { type TObject, type TSchema, Type } from 'typebox';
import type { Access } from './access.ts';

/** One answer of a route, for its description. */
export interface Answer {
  description: string;
  schema?: TSchema;
  /** Media type, application/json unless told. */
  type?: string;
}

/** A route with what the OpenAPI document says of it. */
export interface RouteSpec {
  method: HTTPMethods;
  /** In Fastify's form: `/start/:token`. */
  url: string;
  access: Access;
  summary: string;
  description?: string;
  query?: TObject;
  params?: TObject;
  /** The body: media types and, where the route does not read it itself, its schema. */
  body?: { types: readonly string[]; schema: TSchema; description?: string; validated?: boolean; required?: boolean };
  headers?: Record<string, string>;
  answers: Record<number, Answer>;
  bodyLimit?: number;
  /** true: log agents call this, which send keys in schemes of their own. */
  agents?: boolean;
  /** Further methods under which the same is answered; they are not in the OpenAPI document. */
  also?: readonly HTTPMethods[];
  /** false: HEAD is not answered as GET without a body would be, because GET changes something. */
  head?: false;
  handler(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    agents?: boolean;
  }
  interface FastifyInstance {
    /** Everything that was added by `addRoute`, for the OpenAPI document and for 405. */
    specs: RouteSpec[];
  }
}

/** Name of the tenant, on every route that is about one. */
export const TENANT = Type.Optional(
  Type.String({ maxLength: 100, description: 'Slug or id of the tenant; for operators. A key is for its own tenant.' }),
);

/** Registers a route and remembers it for the OpenAPI document. */
export function addRoute(app: FastifyInstance, spec: RouteSpec): void {
  app.specs.push(spec);
  app.route({
    method: spec.also === undefined ? spec.method : [spec.method, ...spec.also],
    url: spec.url,
    config: { access: spec.access, ...(spec.agents === true ? { agents: true } : {}) },
    ...(spec.head === false ? { exposeHeadRoute: false } : {}),
    ...(spec.bodyLimit === undefined ? {} : { bodyLimit: spec.bodyLimit }),
    schema: {
      // What is misspelt is said, not passed over.
      ...(spec.query === undefined ? {} : { querystring: { ...spec.query, additionalProperties: false } }),
      ...(spec.params === undefined ? {} : { params: spec.params }),
      ...(spec.body?.validated === true ? { body: spec.body.schema } : {}),
    },
    handler: spec.handler,
  });
}
