import { type Static, Type } from 'typebox';

export const Tenant = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    slug: Type.String(),
    name: Type.String(),
    installation: Type.Boolean({ description: 'Whether it is Tenant0, the installation itself.' }),
  },
  { title: 'Tenant' },
);
export type Tenant = Static<typeof Tenant>;

export const NewTenant = Type.Object(
  {
    slug: Type.String({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$', description: 'Short name, as in a host.' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { title: 'NewTenant' },
);
export type NewTenant = Static<typeof NewTenant>;

export const KeyScope = Type.Union([Type.Literal('ingest'), Type.Literal('read'), Type.Literal('admin')], {
  title: 'KeyScope',
  description: 'ingest: sends requests and files. read: asks. admin: both.',
});
export type KeyScope = Static<typeof KeyScope>;

/** A key as lists show it; the key itself is shown once, when it is made. */
export const ApiKey = Type.Object(
  {
    id: Type.String(),
    tenant: Type.String({ description: 'Slug of its tenant.' }),
    scope: KeyScope,
    name: Type.String(),
    prefix: Type.String({ description: 'How the key begins.' }),
    created: Type.String({ format: 'date-time' }),
    expires: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    revoked: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
    used: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description: 'When it was last used.' }),
  },
  { title: 'ApiKey' },
);
export type ApiKey = Static<typeof ApiKey>;

export const NewKey = Type.Object(
  {
    scope: KeyScope,
    name: Type.Optional(Type.String({ maxLength: 200 })),
    expires: Type.Optional(Type.String({ description: 'RFC 3339, or a time from now such as +90d.' })),
  },
  { title: 'NewKey' },
);
export type NewKey = Static<typeof NewKey>;

export const Domain = Type.Object({ pattern: Type.String(), tenant: Type.String() }, { title: 'Domain' });
export type Domain = Static<typeof Domain>;

/** The answer of GET /api/v1/me. */
export const Me = Type.Object(
  {
    principal: Type.Object({
      kind: Type.Union([Type.Literal('link'), Type.Literal('key'), Type.Literal('socket')]),
      scope: KeyScope,
    }),
    tenants: Type.Array(Tenant, { description: 'Those the caller may see.' }),
    version: Type.String(),
    attributions: Type.Array(Type.Object({ name: Type.String(), text: Type.String(), url: Type.String() })),
  },
  { title: 'Me' },
);
export type Me = Static<typeof Me>;
