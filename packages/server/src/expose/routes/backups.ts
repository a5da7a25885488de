import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';

const PIECE = 2 * 1024 * 1024;

const ORDER = Type.Object(
  {
    client_keys: Type.Optional(
      Type.Boolean({ description: 'Takes the sealed keys of the days along, by which addresses can be looked for.' }),
    ),
    geo: Type.Optional(Type.Boolean({ description: 'Takes place and network data along that were downloaded.' })),
    requests: Type.Optional(Type.Boolean({ description: 'false: leaves out what ClickHouse has.' })),
    resumable: Type.Optional(
      Type.Boolean({ description: 'Holds on to the moment for a day when the stream breaks off, to go on with.' }),
    ),
    resume: Type.Optional(
      Type.Object(
        { id: Type.String({ format: 'uuid' }) },
        { additionalProperties: false, description: 'Holds on to the files of an interrupted backup.' },
      ),
    ),
  },
  { additionalProperties: false, title: 'BackupOrder' },
);

/** Backups; on the control socket only. */
export function addBackupRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/backups',
    access: 'operate',
    audit: 'backup.create',
    summary: 'Takes a backup of everything, of one moment',
    description:
      'Entries of a tar archive as far as postgres.json. The files are named in backup/ID/plan.json of the data directory; ' +
      'they are held for as long as the connection is open, and "vedette backup" copies them.',
    body: { types: ['application/json'], schema: ORDER, validated: true },
    answers: {
      200: {
        description: 'The archive',
        type: 'application/x-tar',
        schema: Type.String({ examples: ['(an archive)'] }),
      },
      409: {
        description: 'Another backup is being taken, or the one to go on with is gone; or it cannot be taken here',
        codes: ['backup-running', 'backup-gone', 'clickhouse-external', 'rows-hidden', 'mutation-running'],
      },
    },
    async handler(request, reply) {
      const {
        client_keys = false,
        geo = false,
        requests = true,
        resumable = false,
        resume,
      } = request.body as Static<typeof ORDER>;
      // Heard of from the beginning: who leaves while it begins would be waited for for good.
      const gone = new Promise<void>((resolve) => {
        if (reply.raw.destroyed) resolve();
        else reply.raw.once('close', resolve);
      });
      const stream =
        resume === undefined
          ? await hub.backups.begin({ clientKeys: client_keys, geo, requests, resumable })
          : await hub.backups.resume(resume.id);
      void gone
        .then(() => stream.close())
        .catch((error: unknown) => request.log.error({ err: error }, 'ending a backup failed'));
      request.audit({
        target: stream.id,
        detail: resume === undefined ? { client_keys, requests } : { resumed: true },
      });
      reply.header('content-type', 'application/x-tar');
      return reply.send(Readable.from(until(gone, stream.bytes), { objectMode: false, highWaterMark: PIECE }));
    },
  });
}

/** The bytes, and no end before that. */
async function* until(end: Promise<unknown>, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let some = false;
  for await (const piece of bytes) {
    some = true;
    yield piece;
  }
  // The head of an answer leaves with its first byte.
  if (!some) yield Buffer.from('\n');
  await end;
}
