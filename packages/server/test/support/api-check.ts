import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Document } from './api-types.ts';
import type { Answer } from './world.ts';

type Json = Record<string, unknown>;

/** What the OpenAPI document says, to hold against what the hub does. */
export interface ApiCheck {
  /** What is wrong with a value by a schema of the document; '' when nothing is. */
  validate(schema: Json, value: unknown): string;
  /** What is wrong with an answer by the document; '' when nothing is. `path` as it was called, without its query. */
  answer(method: string, path: string, answer: Answer): string;
}

/** Objects may have no properties that the document does not tell, so that it tells all of them. */
export function createApiCheck(document: Document): ApiCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'api', components: { schemas: closed(document.components.schemas) } });
  const compiled = new Map<string, ValidateFunction>();
  const validate = (schema: Json, value: unknown): string => {
    const text = JSON.stringify(absolute(closed(schema)));
    let check = compiled.get(text);
    if (check === undefined) {
      check = ajv.compile(JSON.parse(text) as Json);
      compiled.set(text, check);
    }
    return check(value) ? '' : ajv.errorsText(check.errors, { dataVar: 'it' });
  };
  const resolve = (response: Json): Json => {
    if (typeof response.$ref !== 'string') return response;
    return document.components.responses[response.$ref.split('/').at(-1) as string] as Json;
  };
  return {
    validate,
    answer(method, path, { status, headers, text, json }) {
      // What is written out goes before what has a parameter in its place (OpenAPI 3.1, 4.8.8).
      const item = Object.entries(document.paths)
        .filter(([pattern]) => fits(pattern, path))
        .sort(([a], [b]) => a.split('{').length - b.split('{').length)[0]?.[1];
      const operation = item?.[method.toLowerCase()];
      if (operation === undefined) return `${method} ${path} is not in the document`;
      const said = (operation.responses as Record<string, Json>)[status];
      if (said === undefined)
        return `${method} ${path} answered ${status}, which the document does not tell: ${text.slice(0, 300)}`;
      const response = resolve(said);
      const type = (headers.get('content-type') ?? '').split(';', 1)[0] as string;
      const content = response.content as Record<string, { schema: Json }> | undefined;
      if (content === undefined)
        return text === '' ? '' : `${method} ${path}: ${status} has a body: ${text.slice(0, 100)}`;
      const media = content[type];
      if (media === undefined) return `${method} ${path}: ${status} is ${type}, not ${Object.keys(content).join(', ')}`;
      const values =
        type === 'application/x-ndjson'
          ? text
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line) as unknown)
          : [type.endsWith('json') ? json : text];
      const wrong = values.map((value) => validate(media.schema, value)).find((error) => error !== '');
      return wrong === undefined ? '' : `${method} ${path}: ${status}: ${wrong}: ${text.slice(0, 300)}`;
    },
  };
}

function fits(pattern: string, path: string): boolean {
  const [steps, given] = [pattern.split('/'), path.split('/')];
  return steps.length === given.length && steps.every((step, i) => step.startsWith('{') || step === given[i]);
}

/** A copy in which objects with properties take no others, but where they are parts of a whole. */
function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (schema === null || typeof schema !== 'object') return schema;
  const copy: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    copy[key] = key === 'examples' || key === 'allOf' || key === 'enum' || key === 'const' ? value : closed(value);
  }
  if (copy.type === 'object' && 'properties' in copy) copy.additionalProperties ??= false;
  return copy as T;
}

function absolute(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(absolute);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? value.replace(/^#/, 'api#') : absolute(value),
    ]),
  );
}
