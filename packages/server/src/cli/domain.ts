import type { Domain, Ownership } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments, takeNone, takeOne, takeVerb } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';
import { columns } from './table.ts';

const OPTIONS = { data: { type: 'string' }, tenant: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `vedette domain`. */
export const command: Command = {
  name: 'domain',
  summary: 'Say which hosts belong to which tenant',
  usage: `Usage: vedette domain add HOST --tenant T
       vedette domain remove HOST --tenant T
       vedette domain check HOST --tenant T
       vedette domain list [--tenant T]

HOST is a host name, such as www.example.com, or '*.example.com' for every name below it. add takes your word for it;
check looks for the proof of a domain that a tenant has claimed by itself.

  --tenant T    the tenant, by slug or id
  --data DIR    data directory of the running hub
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, ['add', 'check', 'list', 'remove'], 'domain');
    if (verb === 'list') takeNone(rest, verb);
    const pattern = verb === 'list' ? '' : takeOne(rest, 'host');
    if (verb !== 'list' && values.tenant === undefined) throw new UsageFault('say whose domain it is with --tenant');
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const query = { tenant: values.tenant };
    if (verb === 'add') {
      const domain = await hub.call<Domain>({ method: 'POST', path: '/api/v1/domains', query, json: { pattern } });
      io.stdout.write(values.json ? `${JSON.stringify(domain)}\n` : `${domain.pattern} belongs to ${domain.tenant}\n`);
    } else if (verb === 'check') {
      const path = `/api/v1/domains/${encodeURIComponent(pattern)}/check`;
      const found = await hub.call<Ownership>({ method: 'POST', path, query, json: {} });
      const proved = found.state === 'verified';
      const text = proved
        ? `${pattern} is verified (${found.verified_by})`
        : `${pattern} is not verified: ${found.error}`;
      io.stdout.write(values.json ? `${JSON.stringify(found)}\n` : `${text}\n`);
      return proved ? 0 : 1;
    } else if (verb === 'remove') {
      await hub.call({ method: 'DELETE', path: `/api/v1/domains/${encodeURIComponent(pattern)}`, query });
      io.stdout.write(values.json ? '{}\n' : `${pattern} belongs to nobody now\n`);
    } else {
      const domains = await hub.list<Domain>({ method: 'GET', path: '/api/v1/domains', query }, 'domains');
      const rows = domains.map(({ pattern: host, tenant, verified_by }) => [
        host,
        tenant,
        verified_by ?? 'not verified',
      ]);
      io.stdout.write(
        values.json ? `${JSON.stringify(domains)}\n` : columns([['HOST', 'TENANT', 'VERIFIED'], ...rows]),
      );
    }
    return 0;
  },
};
