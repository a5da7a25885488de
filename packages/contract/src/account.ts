import { type Static, Type } from 'typebox';
import { KeyScope } from './keys.ts';
import { Tenant } from './tenants.ts';
import { User } from './user.ts';

export const Role = Type.Union(
  [Type.Literal('owner'), Type.Literal('admin'), Type.Literal('analyst'), Type.Literal('viewer')],
  { title: 'Role', description: 'What a person is in a tenant.' },
);
export type Role = Static<typeof Role>;

export const Permission = Type.Union(
  [
    Type.Literal('read'),
    Type.Literal('export'),
    Type.Literal('ingest'),
    Type.Literal('views'),
    Type.Literal('privacy'),
    Type.Literal('settings'),
    Type.Literal('keys'),
    Type.Literal('people'),
    Type.Literal('audit'),
    Type.Literal('operate'),
  ],
  { title: 'Permission' },
);
export type Permission = Static<typeof Permission>;

/** A one-time link to the dashboard. */
export const NewLink = Type.Object(
  {
    url: Type.String({ examples: ['https://hub.example/start/vdl_3fK9q83vEjRWeJCrze8SNFZ4'] }),
    expires: Type.String({ format: 'date-time' }),
  },
  { title: 'NewLink' },
);
export type NewLink = Static<typeof NewLink>;

/** A tenant as somebody sees it. */
export const MyTenant = Type.Object(
  {
    ...Tenant.properties,
    role: Type.Union([Role, Type.Null()], { description: 'null for operators, keys and one-time links.' }),
    permissions: Type.Array(Permission, { description: 'What the caller may do there.' }),
    suspended: Type.Boolean(),
    second_factor_missing: Type.Boolean({
      description: 'Whether the caller may do nothing there until a second factor is shown, or set up.',
    }),
  },
  { title: 'MyTenant' },
);
export type MyTenant = Static<typeof MyTenant>;

/** The answer of GET /api/v1/me. */
export const Me = Type.Object(
  {
    principal: Type.Object({
      kind: Type.Union([Type.Literal('user'), Type.Literal('link'), Type.Literal('key'), Type.Literal('socket')]),
      scope: Type.Union([KeyScope, Type.Null()], { description: 'Of a key.' }),
    }),
    user: Type.Union([User, Type.Null()]),
    set_up: Type.Boolean({ description: 'Whether the installation has an owner yet.' }),
    tenants: Type.Array(MyTenant, { description: 'Those the caller may see, by slug.' }),
    version: Type.String({ examples: ['0.1.0'] }),
    attributions: Type.Array(Type.Object({ name: Type.String(), text: Type.String(), url: Type.String() }), {
      examples: [[{ name: 'IP Geolocation by DB-IP', text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' }]],
    }),
  },
  { title: 'Me' },
);
export type Me = Static<typeof Me>;
