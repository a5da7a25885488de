import type { ApiKey, MadeKey, RotatedKey } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments, refuseStray, takeNone, takeOne, takeVerb } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';
import { columns, shortTime } from './table.ts';

const OPTIONS = {
  data: { type: 'string' },
  tenant: { type: 'string' },
  scope: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
  overlap: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const GOES_WITH = { scope: ['create'], name: ['create'], expires: ['create'], overlap: ['rotate'] };
const SCOPES = ['ingest', 'read', 'admin'];

/** `vedette key`. */
export const command: Command = {
  name: 'key',
  summary: 'Make, list, rotate and revoke API keys',
  usage: `Usage: vedette key create --tenant T --scope ingest|read|admin [--expires 90d] [--name NAME]
       vedette key list --tenant T
       vedette key rotate ID --tenant T [--overlap 24h]
       vedette key revoke ID --tenant T

A key is printed once, when it is made; the hub keeps only its hash.

  --tenant T      the tenant, by slug or id
  --scope SCOPE   ingest: send requests and logs; read: ask; admin: both
  --expires TIME  a time (2027-01-01) or a span (90d, 12h); by default never
  --overlap SPAN  how long a key that is rotated stays good: 0s to 7d; by default 24h
  --name NAME     what the key is for, to tell keys apart
  --data DIR      data directory of the running hub
  --json          answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, ['create', 'list', 'rotate', 'revoke'], 'key');
    if (values.tenant === undefined) throw new UsageFault('say whose key it is with --tenant');
    if (verb === 'create' && !SCOPES.includes(values.scope ?? '')) {
      throw new UsageFault(`say what the key may do with --scope ${SCOPES.join('|')}`);
    }
    const named = verb === 'revoke' || verb === 'rotate';
    if (!named) takeNone(rest, verb);
    const id = named ? takeOne(rest, 'key, by id or by how it begins') : '';
    refuseStray(values, verb, GOES_WITH);
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const query = { tenant: values.tenant };
    if (verb === 'create') {
      const { scope, name, expires } = values;
      const json = { scope, ...(name === undefined ? {} : { name }), ...(expires === undefined ? {} : { expires }) };
      const made = await hub.call<MadeKey>({
        method: 'POST',
        path: '/api/v1/keys',
        query,
        json,
      });
      // The key alone goes to stdout, so that it can be captured.
      io.stdout.write(values.json ? `${JSON.stringify(made)}\n` : `${made.token}\n`);
      if (io.stdout.isTTY && !values.json) io.stderr.write('This is the only time the key is shown.\n');
    } else if (verb === 'rotate') {
      const json = values.overlap === undefined ? {} : { overlap: values.overlap };
      const path = `/api/v1/keys/${encodeURIComponent(id)}/rotate`;
      const made = await hub.call<RotatedKey>({ method: 'POST', path, query, json });
      io.stdout.write(values.json ? `${JSON.stringify(made)}\n` : `${made.token}\n`);
      if (io.stdout.isTTY && !values.json) {
        const { expires, revoked } = made.former;
        const end = revoked === null ? `is good until ${shortTime(expires, 'ever')}` : 'has ended';
        io.stderr.write(`This is the only time the key is shown. The old one ${end}.\n`);
      }
    } else if (verb === 'revoke') {
      await hub.call({ method: 'DELETE', path: `/api/v1/keys/${encodeURIComponent(id)}`, query });
      io.stdout.write(values.json ? '{}\n' : `Revoked ${id}\n`);
    } else {
      const keys = await hub.list<ApiKey>({ method: 'GET', path: '/api/v1/keys', query }, 'keys');
      io.stdout.write(values.json ? `${JSON.stringify(keys)}\n` : columns([HEAD, ...keys.map(rowOf)]));
    }
    return 0;
  },
};

const HEAD = ['ID', 'BEGINS', 'SCOPE', 'MADE', 'USED', 'EXPIRES', 'NAME'];

function rowOf({ id, prefix, scope, created, used, expires, revoked, name }: ApiKey): string[] {
  const end = revoked === null ? shortTime(expires, 'never') : `revoked ${shortTime(revoked)}`;
  return [id, prefix, scope, shortTime(created), shortTime(used), end, name];
}
