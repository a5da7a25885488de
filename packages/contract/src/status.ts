import { type Static, Type } from 'typebox';

const time = () => Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

/** The answer of GET /api/v1/status. `hub` is for operators only. */
export const Status = Type.Object(
  {
    version: Type.String(),
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
      }),
      Type.Null(),
    ]),
  },
  { title: 'Status' },
);
export type Status = Static<typeof Status>;
