import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';

const Name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: '\\S',
  description: 'What it is called; no two of one person are called the same.',
  examples: ['Errors of people'],
});
const Query = Type.String({
  maxLength: 4096,
  pattern: '^(?![?#])',
  description: 'The query of the screen’s address, without `?` and without `tenant`.',
  examples: ['range=7d&by=country&where=status%3D5xx'],
});
const Screen = Type.Literal('explore', { description: 'The screen that it opens.' });
const Shared = Type.Boolean({ description: 'Whether everybody in the tenant sees it.', examples: [false] });

/** What a screen showed, kept under a name. */
export const SavedView = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Name,
    screen: Screen,
    query: Query,
    shared: Shared,
    mine: Type.Boolean({ description: 'Whether it is the caller’s.', examples: [true] }),
    owner: Type.Union([Type.String(), Type.Null()], {
      description: 'Name of whose it is; null: of nobody in the tenant.',
      examples: ['Ada'],
    }),
    created: Type.String({ format: 'date-time' }),
    updated: Type.String({ format: 'date-time' }),
  },
  { title: 'SavedView' },
);
export type SavedView = Static<typeof SavedView>;

/** The answer of GET /api/v1/views. */
export const SavedViews = Type.Object({ views: Type.Array(SavedView), next: NEXT }, { title: 'SavedViews' });
export type SavedViews = Static<typeof SavedViews>;

/** The body of POST /api/v1/views. */
export const NewView = Type.Object(
  { name: Name, screen: Screen, query: Query, shared: Type.Optional(Shared) },
  { title: 'NewView', additionalProperties: false },
);
export type NewView = Static<typeof NewView>;

/** The body of PATCH /api/v1/views/{id}: what is absent stays. */
export const ViewChange = Type.Object(
  { name: Type.Optional(Name), query: Type.Optional(Query), shared: Type.Optional(Shared) },
  { title: 'ViewChange', additionalProperties: false, minProperties: 1 },
);
export type ViewChange = Static<typeof ViewChange>;
