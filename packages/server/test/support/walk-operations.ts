import type { FilledTenant } from './walk-tenant.ts';
import type { World } from './world.ts';

/** One operation of the API, as its description has it. */
export interface Operation {
  method: string;
  path: string;
  access: string;
  pending: boolean;
  takesTenant: boolean;
  /** Whether a parameter that it does not know is refused before its handler runs. */
  checksQuery: boolean;
  body: unknown;
}

const GA4 = {
  enabled: false,
  settings: { measurement_id: 'G-WALKED', tag: false, measurement: false, property_id: null },
};
const NOBODY = { email: 'nobody@example.org', password: 'a sentence of nobody' };

/** Bodies of operations whose description has no example, or one that would not do here. */
const BODIES: Record<string, unknown> = {
  'POST /api/v1/log-in': NOBODY,
  'POST /api/v1/set-up': { ...NOBODY, name: 'Nobody' },
  'PATCH /api/v1/account': { name: 'Walker' },
  // Nobody's present one.
  'POST /api/v1/account/password': { current: 'not the present one', password: 'a sentence of somebody' },
  // To be proved: without proof is for operators.
  'POST /api/v1/domains': { pattern: 'walked.example' },
  'PUT /api/v1/integrations/{kind}': GA4,
  'PUT /api/v1/privacy/policy': { unknown: 'nonsense' },
  'POST /api/v1/privacy/preview': { unknown: 'nonsense' },
  'POST /api/v1/privacy/export': { proof_id: 'f'.repeat(32) },
  'POST /api/v1/privacy/erase': { proof_id: 'nonsense' },
  'POST /api/v1/interactions/funnel': { steps: ['/a', '/b'] },
  'POST /api/v1/requests': [],
  'POST /api/v1/imports': '192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n',
  'POST /v1/traces': {},
  'POST /v1/logs': {},
  'POST /elasticsearch/_bulk': '{"create":{}}\n{}\n',
  'POST /elasticsearch/{index}/_bulk': '{"create":{}}\n{}\n',
  'PUT /elasticsearch/_bulk': '{"create":{}}\n{}\n',
  'PUT /elasticsearch/{index}/_bulk': '{"create":{}}\n{}\n',
  'POST /api/v1/consent': {},
  'POST /api/v1/interactions': {},
  'POST /api/event': {},
};

/** What is not called by those who have a credential, and why. */
export const APART: Record<string, string> = {
  'POST /api/v1/log-out': 'it would end the walk’s own sessions; it takes no tenant and no id',
  'POST /api/v1/log-in': 'it would end the walk’s own sessions',
  'DELETE /api/v1/people/sessions': 'it would end the walk’s own sessions; sessions-ended.test.ts asks who may',
};

/** All operations. Throws for one that has a body, and neither an example nor a body above. */
export async function operationsOf(world: World): Promise<Operation[]> {
  const { json } = await world.call('/api/openapi.json');
  const found: Operation[] = [];
  for (const [path, methods] of Object.entries<Record<string, Described>>(json.paths)) {
    for (const [name, described] of Object.entries(methods)) {
      const method = name.toUpperCase();
      const access = described['x-access'];
      if (access === undefined) throw new Error(`${method} ${path} does not say who may call it`);
      const query = described.parameters.filter((parameter) => parameter.in === 'query');
      found.push({
        method,
        path,
        access,
        pending: described['x-pending'] === true,
        takesTenant: query.some(({ name: one }) => one === 'tenant'),
        checksQuery: query.length > 0,
        body:
          described.requestBody === undefined ? undefined : bodyOf(`${method} ${path}`, described.requestBody, json),
      });
    }
  }
  return found;
}

interface Media {
  example?: unknown;
  examples?: Record<string, { value?: unknown }>;
  schema?: { $ref?: string; examples?: unknown[] };
}
interface Described {
  'x-access'?: string;
  'x-pending'?: boolean;
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, Media> };
}

function bodyOf(operation: string, { content }: { content: Record<string, Media> }, document: unknown): unknown {
  if (operation in BODIES) return BODIES[operation];
  const [media = {}] = Object.values(content);
  const { components } = document as { components: { schemas: Record<string, Media['schema']> } };
  const schema =
    media.schema?.$ref === undefined ? media.schema : components.schemas[media.schema.$ref.split('/').at(-1) ?? ''];
  const example = media.example ?? Object.values(media.examples ?? {})[0]?.value ?? schema?.examples?.[0];
  if (example === undefined) throw new Error(`${operation} has no example of its body, and the walk has none either`);
  return example;
}

const OWN: Record<string, (of: FilledTenant, elsewhere: { tenant: string }) => string> = {
  kind: () => 'ga4',
  proof_id: ({ ids }) => ids.proof,
  index: () => 'logs',
  file: () => 'none.js',
  build: () => '0',
  token: () => 'vdl_none',
  pattern: ({ ids }) => ids.domain,
  email: ({ slug }) => `nobody@${slug}.example`,
  '/api/v1/account/sessions/{id}': ({ ids }) => ids.session,
  '/api/v1/account/passkeys/{id}': ({ ids }) => ids.session,
  '/api/v1/account/tenants/{id}': ({ id }) => id,
  '/api/v1/keys/{id}': ({ ids }) => ids.key,
  '/api/v1/keys/{id}/rotate': ({ ids }) => ids.key,
  '/api/v1/views/{id}': ({ ids }) => ids.view,
  '/api/v1/requests/{id}': ({ ids }) => ids.request,
  '/api/v1/people/{id}': ({ ids }) => ids.person,
  '/api/v1/people/{id}/enable': ({ ids }) => ids.person,
  '/api/v1/people/{id}/disable': ({ ids }) => ids.person,
  '/api/v1/people/{id}/reset-factors': ({ ids }) => ids.person,
  '/api/v1/people/{id}/sessions': ({ ids }) => ids.person,
  '/api/v1/invitations/{id}': ({ ids }) => ids.session,
  '/api/v1/invitations/{id}/resend': ({ ids }) => ids.session,
  '/api/v1/tenants/{id}': (_, { tenant }) => tenant,
  '/api/v1/tenants/{id}/suspend': (_, { tenant }) => tenant,
  '/api/v1/tenants/{id}/resume': (_, { tenant }) => tenant,
  '/api/v1/tenants/{id}/quota': (_, { tenant }) => tenant,
  '/api/v1/tenant-deletions/{id}': (_, { tenant }) => tenant,
};

/** The path with values in it: ids of one tenant, and of a tenant apart where the installation's own are meant. */
export function pathOf({ path }: Operation, of: FilledTenant, elsewhere: { tenant: string }): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = (OWN[path] ?? OWN[name])?.(of, elsewhere);
    if (value === undefined) throw new Error(`the walk has no value for {${name}} of ${path}`);
    return encodeURIComponent(value);
  });
}
