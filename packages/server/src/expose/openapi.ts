import { Problem } from '@vedette/contract';
import { scopesFor } from '../model/permission.ts';
import { operation } from './openapi-operation.ts';
import { type Components, type Json, named } from './openapi-schemas.ts';
import type { RouteSpec } from './route.ts';

/** Keys of a scope may it, or only who is logged in. */
function securityOf(access: RouteSpec['access']): Json[] {
  if (access === 'public') return [];
  const forKeys = access !== 'account' && scopesFor(access).length > 0;
  return forKeys ? [{ key: [] }, { session: [] }] : [{ session: [] }];
}

const INFO = {
  title: 'Vedette',
  description:
    'Errors are problem details (RFC 9457) with a stable `type`. Lists that can grow take `limit` and `cursor` and ' +
    'answer `next`. POSTs that make something take an Idempotency-Key. Every answer to a known caller tells its ' +
    'allowance in RateLimit headers.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** The OpenAPI 3.1 document of these routes, from the schemas that check their input. */
export function openApiDocument(specs: readonly RouteSpec[], version: string): Json {
  const components: Components = { schemas: {}, responses: {} };
  const paths: Record<string, Json> = {};
  for (const spec of specs) {
    const path = spec.url.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    (paths[path] as Json)[String(spec.method).toLowerCase()] = operation(spec, securityOf(spec.access), components);
  }
  named(Problem, components.schemas);
  return {
    openapi: '3.1.0',
    info: { ...INFO, version },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    paths,
    components: {
      ...components,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: vdt_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'vedette_session', description: 'From logging in' },
      },
    },
  };
}
