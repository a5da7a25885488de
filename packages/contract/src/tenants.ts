import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const time = () => Type.String({ format: 'date-time' });
const maybeTime = (description: string) => Type.Union([time(), Type.Null()], { description, examples: [null] });
const bound = (description: string, example: number, minimum = 0) =>
  Type.Union([Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER }), Type.Null()], {
    description,
    examples: [example],
  });

/** Whether everybody in a tenant has to show a second factor. */
const SecondFactorRule = Type.Union([Type.Literal('optional'), Type.Literal('required')], {
  description:
    'Whether its people may do nothing in it without a second factor. Single sign-on and passkeys are whole.',
  examples: ['optional'],
});

export const Tenant = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    slug: Type.String({ examples: ['acme'] }),
    name: Type.String({ examples: ['Acme'] }),
    installation: Type.Boolean({ description: 'Whether it is Tenant0, the installation itself.', examples: [false] }),
    second_factor: SecondFactorRule,
  },
  { title: 'Tenant' },
);
export type Tenant = Static<typeof Tenant>;

const TenantName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['Acme'] });

export const NewTenant = Type.Object(
  {
    slug: Type.String({
      pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$',
      description: 'Short name, as in a host.',
      examples: ['acme'],
    }),
    name: Type.Optional(TenantName),
  },
  { title: 'NewTenant', additionalProperties: false },
);
export type NewTenant = Static<typeof NewTenant>;

/** The body of PATCH: what is left out stays. */
export const TenantChange = Type.Object(
  { name: Type.Optional(TenantName), second_factor: Type.Optional(SecondFactorRule) },
  { title: 'TenantChange', additionalProperties: false, minProperties: 1 },
);
export type TenantChange = Static<typeof TenantChange>;

/** What operators allow a tenant. */
export const Quota = Type.Object(
  {
    requests_per_day: bound('Requests that are taken in on one UTC day; null: no bound.', 5_000_000),
    users: bound('People who are members; null: no bound.', 20),
    retention_days: bound('Days that anything of its traffic is kept at most; null: as its policy says.', 90, 1),
  },
  { title: 'Quota' },
);
export type Quota = Static<typeof Quota>;

/** The body of PUT /api/v1/tenants/{id}/quota: the whole of it; what is absent has no bound. */
export const NewQuota = Type.Object(
  {
    requests_per_day: Type.Optional(Quota.properties.requests_per_day),
    users: Type.Optional(Quota.properties.users),
    retention_days: Type.Optional(Quota.properties.retention_days),
  },
  { title: 'NewQuota', additionalProperties: false },
);
export type NewQuota = Static<typeof NewQuota>;

/** A tenant as operators see it. */
export const TenantDetail = Type.Object(
  {
    ...Tenant.properties,
    created: time(),
    suspended: maybeTime('Since when it is suspended.'),
    deleting: maybeTime('Since when it is being deleted.'),
    people: Type.Integer({ description: 'Its members.' }),
    domains: Type.Integer({ description: 'Its domains, those that are not verified among them.' }),
    requests_today: Type.Integer({ description: 'Requests taken in since the UTC day began.' }),
    quota: Quota,
  },
  { title: 'TenantDetail' },
);
export type TenantDetail = Static<typeof TenantDetail>;

/** The answer of GET /api/v1/tenants. */
export const TenantList = Type.Object({ tenants: Type.Array(TenantDetail), next: NEXT }, { title: 'TenantList' });
export type TenantList = Static<typeof TenantList>;

/** The answer of GET /api/v1/quota. */
export const QuotaAnswer = Type.Object(
  {
    requests_per_day: Type.Object({
      limit: Quota.properties.requests_per_day,
      used: Type.Integer({ description: 'Requests taken in since the UTC day began.' }),
      resets: Type.String({ format: 'date-time', description: 'When the UTC day ends.' }),
    }),
    users: Type.Object({ limit: Quota.properties.users, used: Type.Integer() }),
    retention_days: Type.Object({ limit: Quota.properties.retention_days }),
  },
  { title: 'QuotaAnswer' },
);
export type QuotaAnswer = Static<typeof QuotaAnswer>;

/** The body of DELETE /api/v1/tenants/{id}. */
export const TenantRemoval = Type.Object(
  { confirm: Type.String({ maxLength: 100, description: 'The tenant’s slug, typed.', examples: ['acme'] }) },
  { title: 'TenantRemoval', additionalProperties: false },
);
export type TenantRemoval = Static<typeof TenantRemoval>;

const PlaceCounts = Type.Array(
  Type.Object({ place: Type.String({ examples: ['ClickHouse requests'] }), rows: Type.Integer() }),
);

/** The deletion of a tenant, and the proof of it. */
export const TenantDeletion = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    tenant: Type.Object(
      {
        id: Type.String({ format: 'uuid' }),
        slug: Type.String({ examples: ['acme'] }),
        name: Type.String({ examples: ['Acme'] }),
      },
      { description: 'The tenant as it was.' },
    ),
    asked_by: Type.String({ examples: ['Ada <ada@acme.example>'] }),
    asked: time(),
    state: Type.Union([Type.Literal('running'), Type.Literal('done')]),
    deleted: Type.Array(PlaceCounts.items, { description: 'Rows deleted so far, by place.' }),
    found: Type.Union([PlaceCounts, Type.Null()], {
      description: 'Rows found when every place was searched again; null while it runs.',
      examples: [null],
    }),
    complete: Type.Union([Type.Boolean(), Type.Null()], {
      description: 'Whether nothing was found, and every place could be searched to its end.',
      examples: [null],
    }),
    finished: maybeTime('null while it runs.'),
    error: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the last attempt ended, while it runs; it is tried again.',
      examples: [null],
    }),
  },
  { title: 'TenantDeletion' },
);
export type TenantDeletion = Static<typeof TenantDeletion>;

/** The answer of GET /api/v1/tenant-deletions. */
export const TenantDeletionList = Type.Object(
  { deletions: Type.Array(TenantDeletion), next: NEXT },
  { title: 'TenantDeletionList' },
);
export type TenantDeletionList = Static<typeof TenantDeletionList>;
