type Json = Record<string, unknown>;

const NDJSON = 'application/x-ndjson';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The parts of an OpenAPI document that types are made of. */
export interface Document {
  paths: Record<string, Record<string, Json>>;
  components: { schemas: Record<string, Json>; responses: Record<string, Json> };
}

/**
 * TypeScript that says what each route below /api/v1 of the document takes and answers:
 * `Api[path][method]` with params, query, body, answer, lines and creates.
 */
export function apiTypes(document: Document): string {
  const used = new Set<string>();
  const paths = Object.entries(document.paths)
    .filter(([path]) => path.startsWith('/api/v1/'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, item]) => {
      const operations = METHODS.filter((method) => item[method] !== undefined).map((method) =>
        operationType(method.toUpperCase(), item[method] as Json, used),
      );
      return `  '${path}': {\n${operations.join('')}  };\n`;
    });
  const schemas = schemaTypes(document.components.schemas, used);
  return `// Made from the OpenAPI document by a test; after an intended change run it with VEDETTE_UPDATE_GOLDEN=1.

/** Schemas by their names in the document. */
export interface Schemas {
${schemas}}

/** Routes by path and method. */
export interface Api {
${paths.join('')}}
`;
}

/** Those that are used, and those that these use. */
function schemaTypes(schemas: Record<string, Json>, used: Set<string>): string {
  const texts = new Map<string, string>();
  for (let missing = [...used]; missing.length > 0; missing = [...used].filter((name) => !texts.has(name))) {
    for (const name of missing) texts.set(name, `  ${name}: ${typeOf(schemas[name] as Json, used)};\n`);
  }
  return [...texts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text)
    .join('');
}

function operationType(method: string, operation: Json, used: Set<string>): string {
  const parameters = (operation.parameters ?? []) as { name: string; in: string; required: boolean; schema: Json }[];
  const of = (where: string) => {
    const found = parameters.filter((parameter) => parameter.in === where);
    if (found.length === 0) return 'undefined';
    return `{ ${found.map(({ name, required, schema }) => `${keyOf(name)}${required ? '' : '?'}: ${typeOf(schema, used)}`).join('; ')} }`;
  };
  const content = ((operation.requestBody ?? {}) as { content?: Json }).content ?? {};
  const body = Object.keys(content).length === 0 ? 'undefined' : contentType(content, used);
  const answers = Object.entries(operation.responses as Record<string, { content?: Json }>).filter(([status]) =>
    status.startsWith('2'),
  );
  // A route that only sends elsewhere has no good answer of its own.
  const answerTypes = new Set(answers.map(([, answer]) => contentType(answer.content ?? {}, used)));
  if (answerTypes.size === 0) answerTypes.add('undefined');
  const lines = answers.map(([, answer]) => answer.content?.[NDJSON] as { schema: Json } | undefined).find(Boolean);
  const creates = parameters.some(({ name }) => name === 'Idempotency-Key');
  return `    /** ${String(operation.summary)} */
    ${method}: {
      params: ${of('path')};
      query: ${of('query')};
      body: ${body};
      answer: ${[...answerTypes].join(' | ')};
      lines: ${lines === undefined ? 'undefined' : typeOf(lines.schema, used)};
      creates: ${creates};
    };
`;
}

/** JSON as what it stands for, text as text, anything else as bytes. */
function contentType(content: Json, used: Set<string>): string {
  const json = content['application/json'] as { schema: Json } | undefined;
  if (json !== undefined) return typeOf(json.schema, used);
  const types = Object.keys(content);
  if (types.length === 0) return 'undefined';
  return types.every((type) => type.startsWith('text/') || type === NDJSON) ? 'string' : 'Uint8Array | string';
}

function typeOf(schema: Json, used: Set<string>): string {
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.slice('#/components/schemas/'.length);
    used.add(name);
    return `Schemas['${name}']`;
  }
  if ('const' in schema) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  for (const [word, sign] of [
    ['anyOf', ' | '],
    ['oneOf', ' | '],
    ['allOf', ' & '],
  ] as const) {
    if (Array.isArray(schema[word])) {
      return (schema[word] as Json[]).map((part) => typeOf(part, used)).join(sign);
    }
  }
  switch (schema.type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array': {
      const item = typeOf((schema.items ?? {}) as Json, used);
      return / [|&] /.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      return objectType(schema, used);
    default:
      return 'unknown';
  }
}

function objectType(schema: Json, used: Set<string>): string {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Json>);
  const required = (schema.required ?? []) as string[];
  const patterns = Object.values((schema.patternProperties ?? {}) as Record<string, Json>);
  if (properties.length === 0) {
    const [value] = patterns;
    const more = typeof schema.additionalProperties === 'object' ? (schema.additionalProperties as Json) : undefined;
    const of = value ?? more;
    return `{ [name: string]: ${of === undefined ? 'unknown' : typeOf(of, used)} }`;
  }
  const lines = properties.map(([name, property]) => {
    const note =
      typeof property.description === 'string' && property.description !== ''
        ? `/** ${property.description.replaceAll('*/', '* /')} */\n`
        : '';
    return `${note}${keyOf(name)}${required.includes(name) ? '' : '?'}: ${typeOf(property, used)}`;
  });
  return `{\n${lines.join(';\n')};\n}`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}
