import { type Static, Type } from 'typebox';

const time = () => Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

/** The answer of GET /api/v1/status. `hub` is for operators only. */
export const Status = Type.Object(
  {
    version: Type.String({ examples: ['0.1.0'] }),
    requests: Type.Object(
      { first: time(), last: time() },
      { description: 'Times of the tenant’s first and last kept request; null when there are none.' },
    ),
    hub: Type.Union([
      Type.Object({
        started: Type.String({ format: 'date-time' }),
        accepted: Type.Integer(),
        refused: Type.Integer(),
        per_second: Type.Number({ description: 'Requests accepted a second, over the last minute.' }),
        batches: Type.Integer(),
        dead: Type.Integer({ description: 'Batches that the store will never take.' }),
        waiting: Type.Object({
          rows: Type.Integer(),
          spool_batches: Type.Integer(),
          spool_bytes: Type.Integer(),
        }),
        store_reachable: Type.Boolean(),
        last_batch: time(),
        disk: Type.Object(
          {
            state: Type.Union([
              Type.Literal('good'),
              Type.Literal('low'),
              Type.Literal('stopped'),
              Type.Literal('full'),
            ]),
            free: Type.Integer({ description: 'Bytes.' }),
            size: Type.Integer(),
            warn: Type.Integer({ description: 'Free bytes below which it is warned of.' }),
            stop: Type.Integer({ description: 'Free bytes below which nothing more is taken in.' }),
          },
          { description: 'The disk of the hub that has the least room for its bounds.' },
        ),
      }),
      Type.Null(),
    ]),
  },
  { title: 'Status' },
);
export type Status = Static<typeof Status>;
