import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const time = (description = '') => Type.String({ format: 'date-time', ...(description === '' ? {} : { description }) });
const maybeTime = (description: string) => Type.Union([time(), Type.Null()], { description });

export const KeyScope = Type.Union([Type.Literal('ingest'), Type.Literal('read'), Type.Literal('admin')], {
  title: 'KeyScope',
  description: 'ingest: sends requests and files. read: asks. admin: both, and the tenant’s own settings.',
});
export type KeyScope = Static<typeof KeyScope>;

/** A key as lists show it; the key itself is shown once, when it is made. */
export const ApiKey = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    tenant: Type.String({ description: 'Slug of its tenant.', examples: ['acme'] }),
    scope: KeyScope,
    name: Type.String({ examples: ['edge of the shop'] }),
    prefix: Type.String({ description: 'How the key begins.', examples: ['vdt_Qk3xZ9'] }),
    created: time(),
    expires: maybeTime('null: never.'),
    expires_soon: Type.Boolean({
      description: 'Whether it is in force and ends within 14 days: rotate it, or let it go.',
    }),
    revoked: Type.Union([time(), Type.Null()], { description: 'null: it was not.', examples: [null] }),
    used: maybeTime('When it was last used, to within ten seconds; null: never.'),
    rotated_from: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
      description: 'Id of the key that this one follows.',
      examples: [null],
    }),
  },
  { title: 'ApiKey' },
);
export type ApiKey = Static<typeof ApiKey>;

/** The answer of GET /api/v1/keys. */
export const KeyList = Type.Object({ keys: Type.Array(ApiKey), next: NEXT }, { title: 'KeyList' });
export type KeyList = Static<typeof KeyList>;

export const NewKey = Type.Object(
  {
    scope: KeyScope,
    name: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'What people call it: who uses it, for what.',
        examples: ['edge of the shop'],
      }),
    ),
    expires: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'RFC 3339, or a time from now such as +90d; absent: never.',
        examples: ['+90d'],
      }),
    ),
  },
  { title: 'NewKey', additionalProperties: false },
);
export type NewKey = Static<typeof NewKey>;

/** The body of POST /api/v1/keys/{id}/rotate. */
export const KeyRotation = Type.Object(
  {
    overlap: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,6}[smhd]$',
        description: 'How long the old key stays good, from 0s to 7d; 24h when absent. With 0s it ends at once.',
        examples: ['24h'],
      }),
    ),
  },
  { title: 'KeyRotation', additionalProperties: false },
);
export type KeyRotation = Static<typeof KeyRotation>;

/** A key that was just made: the only time that it is shown. */
export const MadeKey = Type.Object(
  {
    token: Type.String({ description: 'The key itself. It is kept nowhere.', examples: ['vdt_Qk3xZ9…'] }),
    key: ApiKey,
    scope: KeyScope,
  },
  { title: 'MadeKey' },
);
export type MadeKey = Static<typeof MadeKey>;

export const RotatedKey = Type.Object(
  { ...MadeKey.properties, former: ApiKey },
  { title: 'RotatedKey', description: 'former: the key that it follows, with when that ends.' },
);
export type RotatedKey = Static<typeof RotatedKey>;
