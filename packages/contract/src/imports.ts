import { type Static, Type } from 'typebox';
import { NEXT } from './paging.ts';
import { Problem } from './problem.ts';
import { Window } from './traffic.ts';

const Reject = Type.Object({
  line: Type.Integer({ minimum: 1 }),
  reason: Type.String({ examples: ['not-a-record'] }),
  detail: Type.String({ examples: ['no [time] in its place'] }),
  excerpt: Type.String({ examples: ['…'] }),
});

/** What became of one file. */
export const ImportResult = Type.Object(
  {
    name: Type.String({ examples: ['access.log'] }),
    format: Type.String({ examples: ['combined'] }),
    lines: Type.Object({
      read: Type.Integer(),
      accepted: Type.Integer(),
      rejected: Type.Integer(),
      known: Type.Integer({ description: 'Lines that an earlier import of the file had counted.' }),
    }),
    reasons: Type.Record(Type.String(), Type.Integer(), {
      description: 'Rejected lines by reason.',
      examples: [{ 'not-a-record': 1 }],
    }),
    rejects: Type.Array(Reject, { description: 'The first examples.' }),
    window: Type.Union([Window, Type.Null()], { description: 'First and last time of the accepted lines.' }),
    truncated: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the file ended early, if it did.',
      examples: [null],
    }),
  },
  { title: 'ImportResult' },
);
export type ImportResult = Static<typeof ImportResult>;

export const ImportProgress = Type.Object(
  {
    bytes: Type.Integer({ description: 'Decompressed bytes that are stored.' }),
    lines: Type.Integer(),
    received: Type.Integer({ description: 'Bytes of the body that were read.' }),
  },
  { title: 'ImportProgress' },
);
export type ImportProgress = Static<typeof ImportProgress>;

/** One line of POST /api/v1/imports when it is asked for application/x-ndjson; the last is `result` or `error`. */
export const ImportEvent = Type.Union(
  [
    Type.Object({ progress: ImportProgress }),
    Type.Object({ reject: Reject }),
    Type.Object({ result: ImportResult }),
    Type.Object({ error: Problem }),
  ],
  { title: 'ImportEvent' },
);
export type ImportEvent = Static<typeof ImportEvent>;

/** A file that was imported, wholly or in part. */
export const ImportedFile = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    name: Type.String({ examples: ['access.log'] }),
    format: Type.String({ examples: ['combined'] }),
    bytes: Type.Integer({ description: 'Decompressed bytes that are stored.' }),
    lines: Type.Object({ read: Type.Integer(), accepted: Type.Integer(), rejected: Type.Integer() }),
    window: Type.Union([Window, Type.Null()]),
    started: Type.String({ format: 'date-time' }),
    updated: Type.String({ format: 'date-time' }),
    interrupted: Type.Boolean({ description: 'Parts were under way when it last stopped; import it again.' }),
  },
  { title: 'ImportedFile' },
);
export type ImportedFile = Static<typeof ImportedFile>;

export const ImportsAnswer = Type.Object(
  {
    imports: Type.Array(ImportedFile),
    next: NEXT,
  },
  { title: 'Imports' },
);
export type ImportsAnswer = Static<typeof ImportsAnswer>;
