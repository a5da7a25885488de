import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiCheck, createApiCheck } from './support/api-check.ts';
import { apiTypes, type Document } from './support/api-types.ts';
import { format } from './support/formatted.ts';
import { type Call, startWorld, type World, type WorldTenant } from './support/world.ts';

type Json = Record<string, unknown>;
interface Media {
  schema: Json;
  example?: unknown;
}
interface Operation {
  name: string;
  method: string;
  path: string;
  summary: string;
  operationId: string;
  parameters: { name: string; in: string; schema: Json; description?: string }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { $ref?: string; description?: string; headers?: Json; content?: Record<string, Media> }>;
}

const GENERATED = join(import.meta.dirname, '..', '..', 'contract', 'src', 'api.ts');
/** Words in paths, as they are called. */
const PATH_WORDS: Record<string, string> = {
  proof_id: '9f86d081884c7d659a2feaa0c55ad015',
  kind: 'ga4',
  pattern: 'www.acme.example',
  id: '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21',
  file: 'vedette.js',
  build: '0.1.0-1a2b3c4d',
  token: 'vdl_unknown',
  index: 'logs',
};

let world: World;
let acme: WorldTenant;
let network: Document;
let control: Document;

beforeAll(async () => {
  world = await startWorld();
  acme = await world.tenant('acme');
  network = (await world.call('/api/openapi.json')).json;
  control = (await world.control('/api/openapi.json')).json;
});
afterAll(() => world.stop());

function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      ...(operation as unknown as Operation),
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
    })),
  );
}

const checks = new Map<Document, ApiCheck>();
/** One for each document: most of what it does is to compile schemas. */
function checkOf(document: Document): ApiCheck {
  const check = checks.get(document) ?? createApiCheck(document);
  checks.set(document, check);
  return check;
}

/** Every operation of both sides, each with what holds the document it is of. */
function everywhere(): { operation: Operation; document: Document; check: ApiCheck }[] {
  return [network, control].flatMap((document) => {
    const check = checkOf(document);
    return operationsOf(document).map((operation) => ({ operation, document, check }));
  });
}

function resolve(document: Document, response: Operation['responses'][string]): Operation['responses'][string] {
  const { $ref } = response;
  return $ref === undefined ? response : (document.components.responses[$ref.split('/').at(-1) as string] as Json);
}

describe('the document', () => {
  test('has a summary, an id of its own and described parameters for every operation', () => {
    for (const document of [network, control]) {
      const ids = operationsOf(document).map(({ operationId }) => operationId);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(30);
    }
    for (const { operation } of everywhere()) {
      expect(operation.summary, operation.name).toMatch(/\S/);
      const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const told = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(told.sort(), operation.name).toEqual(inPath.sort());
    }
  });

  test('has an example of every body and every good answer, which its schema accepts', () => {
    const wrong: string[] = [];
    for (const { operation, document, check } of everywhere()) {
      const bodies = Object.entries(operation.requestBody?.content ?? {});
      const answers = Object.entries(operation.responses)
        .filter(([status]) => Number(status) < 300)
        .flatMap(([, response]) => Object.entries(resolve(document, response).content ?? {}));
      for (const [type, { schema, example }] of [...bodies, ...answers]) {
        if (/protobuf|gzip/.test(type)) continue;
        const error = example === undefined ? 'has none: write one into the schema' : check.validate(schema, example);
        if (error !== '') wrong.push(`${operation.name} as ${type}: ${error}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('tells of every refusal what it is, and a problem’s code', () => {
    const wrong: string[] = [];
    for (const { operation, document, check } of everywhere()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        const { description, headers = {}, content } = resolve(document, response);
        const name = `${operation.name}: ${status}`;
        if (!/\S/.test(description ?? '')) wrong.push(`${name} has no description`);
        if (!('RateLimit' in headers)) wrong.push(`${name} does not tell of RateLimit`);
        const problem = content?.['application/problem+json'];
        if (problem === undefined) continue;
        if (!/urn:vedette:problem:[a-z]/.test(JSON.stringify(problem.schema))) wrong.push(`${name} tells no codes`);
        const error = check.validate(problem.schema, problem.example);
        if (error !== '') wrong.push(`${name}: ${error}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('is what the typed client is made from', async () => {
    const made = await format(apiTypes(network), GENERATED);
    if (process.env.VEDETTE_UPDATE_GOLDEN) await writeFile(GENERATED, made);
    expect(await readFile(GENERATED, 'utf8'), 'run this test with VEDETTE_UPDATE_GOLDEN=1').toBe(made);
  });
});

describe('what the hub answers', () => {
  /** A call to an operation as the document has it, with its own example as the body. */
  function callOf(operation: Operation): { path: string; call: Call } {
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => PATH_WORDS[name] ?? name);
    const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
    if (type === undefined || /protobuf/.test(type)) return { path, call: { method: operation.method } };
    const body = typeof media?.example === 'string' ? media.example : JSON.stringify(media?.example);
    return { path, call: { method: operation.method, body, headers: { 'content-type': type } } };
  }

  test('to each operation’s own example is as the document has it, on the network', async () => {
    const check = checkOf(network);
    const wrong: string[] = [];
    for (const operation of operationsOf(network)) {
      const { path, call } = callOf(operation);
      const answer = await world.call(path, { ...call, key: acme.keys.admin });
      wrong.push(check.answer(operation.method, path, answer));
      if (answer.status >= 500 && answer.status !== 503) wrong.push(`${operation.name} is ${answer.status}`);
    }
    expect(wrong.filter((text) => text !== '')).toEqual([]);
  }, 300_000);

  test('without a credential, and with one of too little scope, is told too', async () => {
    const check = checkOf(network);
    const wrong: string[] = [];
    for (const operation of operationsOf(network)) {
      const { path, call } = callOf(operation);
      for (const key of [undefined, 'vdt_unknown', acme.keys.read, acme.keys.ingest]) {
        wrong.push(check.answer(operation.method, path, await world.call(path, { ...call, ...(key ? { key } : {}) })));
      }
    }
    expect(wrong.filter((text) => text !== '')).toEqual([]);
  }, 300_000);

  test('on the control socket is as the document has it', async () => {
    const check = checkOf(control);
    const wrong: string[] = [];
    for (const operation of operationsOf(control)) {
      // Another master key, and what the day's example would take long to find, have tests of their own.
      if (operation.path === '/api/v1/master-key') continue;
      const { path, call } = callOf(operation);
      wrong.push(check.answer(operation.method, path, await world.control(path, call)));
    }
    expect(wrong.filter((text) => text !== '')).toEqual([]);
  }, 300_000);
});
