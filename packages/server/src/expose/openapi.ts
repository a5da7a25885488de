import { PROBLEM_TYPE, Problem } from '@vedette/contract';
import type { TSchema } from 'typebox';
import type { RouteSpec } from './route.ts';

type Json = Record<string, unknown>;

const SECURITY: Record<RouteSpec['access'], Json[]> = {
  public: [],
  read: [{ key: [] }, { session: [] }],
  ingest: [{ key: [] }, { session: [] }],
  admin: [{ key: [] }, { session: [] }],
  operator: [{ session: [] }],
};
const STATUSES = {
  400: 'Wrong usage',
  401: 'No credential',
  403: 'Not allowed',
  429: 'Too many calls',
  500: 'A fault',
};

/** The OpenAPI 3.1 document of these routes, from the schemas that check their input. */
export function openApiDocument(specs: readonly RouteSpec[], version: string): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const spec of specs) {
    const path = spec.url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    (paths[path] as Json)[String(spec.method).toLowerCase()] = operation(spec, schemas);
  }
  named(Problem, schemas);
  return {
    openapi: '3.1.0',
    info: { title: 'Vedette', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: vdt_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'vedette_session', description: 'From a one-time link' },
      },
    },
  };
}

function operation(spec: RouteSpec, schemas: Json): Json {
  const answers: Json = {};
  for (const [status, { description, schema, type = 'application/json' }] of Object.entries(spec.answers)) {
    answers[status] = schema
      ? { description, content: { [type]: { schema: named(schema, schemas) } } }
      : { description };
  }
  if (spec.url.startsWith('/api/')) {
    for (const [status, description] of Object.entries(STATUSES)) {
      if (spec.access === 'public' && status !== '500') continue;
      answers[status] ??= { description, content: { [PROBLEM_TYPE]: { schema: named(Problem, schemas) } } };
    }
  }
  return {
    operationId: `${String(spec.method).toLowerCase()}${spec.url.replace(/[^a-z0-9]+(\w?)/gi, (_, next) => next.toUpperCase())}`,
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    security: SECURITY[spec.access],
    parameters: parameters(spec),
    ...(spec.body === undefined ? {} : { requestBody: requestBody(spec.body, schemas) }),
    responses: answers,
  };
}

function parameters(spec: RouteSpec): Json[] {
  const of = (where: string, object: TSchema | undefined): Json[] => {
    const { properties = {}, required = [] } = (object ?? {}) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...schema }]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    }));
  };
  const headers = Object.entries(spec.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...of('path', spec.params), ...of('query', spec.query), ...headers];
}

function requestBody(body: NonNullable<RouteSpec['body']>, schemas: Json): Json {
  const schema = named(body.schema, schemas);
  return {
    required: body.required !== false,
    ...(body.description === undefined ? {} : { description: body.description }),
    content: Object.fromEntries(body.types.map((type) => [type, { schema }])),
  };
}

/** The schema; as a reference, and filed among the components, where it has a title. */
function named(schema: TSchema, schemas: Json): Json {
  const { title } = schema as { title?: string };
  const body = inner(schema as unknown as Json, schemas) as Json;
  if (title === undefined) return body;
  schemas[title] = body;
  return { $ref: `#/components/schemas/${title}` };
}

/** A copy in which every titled schema further in is a reference. */
function inner(value: unknown, schemas: Json): unknown {
  if (Array.isArray(value)) return value.map((item) => reference(item, schemas));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reference(item, schemas)]));
}

function reference(value: unknown, schemas: Json): unknown {
  const titled =
    value !== null && typeof value === 'object' && !Array.isArray(value) && typeof (value as Json).title === 'string';
  return titled ? named(value as TSchema, schemas) : inner(value, schemas);
}
