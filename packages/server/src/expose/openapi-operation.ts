import { PROBLEM_TYPE, Problem } from '@vedette/contract';
import type { TSchema } from 'typebox';
import { IDEMPOTENCY_HEADERS } from './idempotency.ts';
import { LIMIT_HEADERS } from './limit.ts';
import { type Components, exampleOf, type Json, named } from './openapi-schemas.ts';
import { problemOf } from './problem.ts';
import { type Refused, refusalHeaders, refusalsOf } from './refusals.ts';
import type { Answer, RouteSpec } from './route.ts';

const INTEGERS = new Set(['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset']);

/** What the document says of one route. */
export function operation(spec: RouteSpec, security: Json[], components: Components): Json {
  const answers: Json = {};
  const refusals = refusalsOf(spec);
  for (const [status, answer] of Object.entries(spec.answers)) {
    // A refusal with a shape of its own is described as it stands.
    const refused = refusals.get(Number(status));
    if (refused !== undefined && answer.schema === undefined) continue;
    answers[status] = described(answer, spec, components);
    const { content } = answers[status] as { content?: Json };
    if (refused !== undefined && content !== undefined && PROBLEM_TYPE in content) {
      content[PROBLEM_TYPE] = problemContent(Number(status), refused, components);
    }
  }
  for (const [status, refused] of refusals) {
    answers[status] ??=
      spec.refusals === undefined
        ? problemAnswer(status, refused, components)
        : {
            description: refused.description,
            headers: headersOf({ ...LIMIT_HEADERS, ...refusalHeaders(status) }),
            content: contentOf(spec.refusals, components),
          };
  }
  return {
    operationId: operationId(spec),
    summary: spec.summary,
    ...(spec.description === undefined ? {} : { description: spec.description }),
    tags: [tagOf(spec.url)],
    security,
    // Who that is: docs/accounts.md has the table.
    'x-access': spec.access,
    ...(spec.pending === true ? { 'x-pending': true } : {}),
    parameters: parameters(spec),
    ...(spec.body === undefined ? {} : { requestBody: requestBody(spec.body, components) }),
    responses: answers,
  };
}

function operationId({ method, url }: RouteSpec): string {
  return `${String(method).toLowerCase()}${url.replace(/[^a-z0-9]+(\w?)/gi, (_, next) => next.toUpperCase())}`;
}

/** The first word of a path that says what it is about. */
function tagOf(url: string): string {
  return url.replace(/^\/(?:api\/)?(?:v1\/)?/, '').split('/', 1)[0] || 'hub';
}

function described(answer: Answer, spec: RouteSpec, components: Components): Json {
  const { description, schema, type = 'application/json', also = {}, headers = {} } = answer;
  const replayed: Record<string, string> =
    spec.creates === true ? { 'Idempotency-Replayed': 'true: the call was carried out before.' } : {};
  return {
    description,
    headers: headersOf({ ...LIMIT_HEADERS, ...replayed, ...headers }),
    ...(schema === undefined ? {} : { content: contentOf({ [type]: schema, ...also }, components) }),
  };
}

function headersOf(headers: Record<string, string>): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: INTEGERS.has(name) ? 'integer' : 'string' } },
    ]),
  );
}

function contentOf(byType: Record<string, TSchema>, { schemas }: Components): Json {
  return Object.fromEntries(
    Object.entries(byType).map(([type, schema]) => {
      const example = exampleOf(schema);
      return [type, { schema: named(schema, schemas), ...(example === undefined ? {} : { example }) }];
    }),
  );
}

function problemContent(status: number, { description, codes }: Refused, { schemas }: Components): Json {
  const types = codes.map((code) => `urn:vedette:problem:${code}`);
  return {
    schema: {
      allOf: [
        named(Problem, schemas),
        {
          type: 'object',
          properties: { status: { const: status }, ...(types.length === 0 ? {} : { type: { enum: types } }) },
        },
      ],
    },
    example: problemOf(status, codes[0] ?? 'unknown', description),
  };
}

/** A problem of one of these codes. Equal ones are one component of the document. */
function problemAnswer(status: number, refused: Refused, components: Components): Json {
  const { description, codes } = refused;
  const answer = {
    description,
    headers: headersOf({ ...LIMIT_HEADERS, ...refusalHeaders(status) }),
    content: { [PROBLEM_TYPE]: problemContent(status, refused, components) },
  };
  const words = codes.length > 3 ? `${codes[0]}-and-${codes.length - 1}-more` : codes.join('-');
  const name = `Problem${status}${pascal(words)}`;
  for (let count = 1; ; count += 1) {
    const key = count === 1 ? name : `${name}${count}`;
    components.responses[key] ??= answer;
    if (JSON.stringify(components.responses[key]) === JSON.stringify(answer)) {
      return { $ref: `#/components/responses/${key}` };
    }
  }
}

function pascal(text: string): string {
  return text.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());
}

function parameters(spec: RouteSpec): Json[] {
  const of = (where: string, object: TSchema | undefined): Json[] => {
    const { properties = {}, required = [] } = (object ?? {}) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    return Object.entries(properties).map(([name, { description, ...schema }]) => {
      delete schema.title;
      return {
        name,
        in: where,
        required: where === 'path' || required.includes(name),
        ...(description === undefined ? {} : { description }),
        schema,
      };
    });
  };
  const headers = { ...(spec.creates === undefined ? {} : IDEMPOTENCY_HEADERS), ...spec.headers };
  const own = Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
  return [...of('path', spec.params), ...of('query', spec.query), ...own];
}

function requestBody(body: NonNullable<RouteSpec['body']>, components: Components): Json {
  return {
    required: body.required !== false,
    ...(body.description === undefined ? {} : { description: body.description }),
    content: contentOf(
      { ...Object.fromEntries(body.types.map((type) => [type, body.schema])), ...body.also },
      components,
    ),
  };
}
