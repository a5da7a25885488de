import type { TSchema } from 'typebox';

export type Json = Record<string, unknown>;

/** The schemas and problem answers of a document, each filed once under its name. */
export interface Components {
  schemas: Json;
  responses: Json;
}

/** The schema; as a reference, and filed among the components, where it has a title. */
export function named(schema: TSchema, schemas: Json): Json {
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
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'examples' ? item : reference(item, schemas)]),
  );
}

function reference(value: unknown, schemas: Json): unknown {
  const titled =
    value !== null && typeof value === 'object' && !Array.isArray(value) && typeof (value as Json).title === 'string';
  return titled ? named(value as TSchema, schemas) : inner(value, schemas);
}

/** Texts by format, where a schema brings no example of its own. */
const BY_FORMAT: Record<string, string> = {
  'date-time': '2026-11-26T12:00:00.000Z',
  date: '2026-11-26',
  uuid: '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21',
  email: 'ada@acme.example',
  uri: 'https://hub.example/',
};

/**
 * An example of what a schema describes: the first of its own `examples`, else one put together from those of its
 * parts. undefined where that cannot be done, because some text in it has neither example, format nor choice.
 */
export function exampleOf(schema: TSchema): unknown {
  const given = schema as Json & { properties?: Record<string, TSchema>; items?: TSchema; anyOf?: TSchema[] };
  if (Array.isArray(given.examples)) return given.examples[0];
  if ('const' in given) return given.const;
  if ('default' in given) return given.default;
  if (Array.isArray(given.enum)) return given.enum[0];
  if (given.anyOf !== undefined) return given.anyOf.map(exampleOf).find((example) => example !== undefined);
  switch (given.type) {
    case 'object':
      return objectExample(given.properties ?? {}, (given.required ?? []) as string[]);
    case 'array': {
      const item = given.items === undefined ? undefined : exampleOf(given.items);
      if (item === undefined) return undefined;
      return Array.from({ length: Math.max(1, Number(given.minItems ?? 1)) }, () => item);
    }
    case 'string':
      return BY_FORMAT[String(given.format)];
    case 'integer':
    case 'number':
      return Number(given.minimum ?? 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return given.type === undefined ? {} : undefined;
  }
}

function objectExample(properties: Record<string, TSchema>, required: readonly string[]): Json | undefined {
  const example: Json = {};
  for (const [name, property] of Object.entries(properties)) {
    const value = exampleOf(property);
    if (value !== undefined) example[name] = value;
    else if (required.includes(name)) return undefined;
  }
  return example;
}
