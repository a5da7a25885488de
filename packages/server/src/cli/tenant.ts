import type { Tenant } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { readArguments, takeOne, takeVerb } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';
import { columns } from './table.ts';

const OPTIONS = { data: { type: 'string' }, name: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `vedette tenant`. */
export const command: Command = {
  name: 'tenant',
  summary: 'Make and list tenants',
  usage: `Usage: vedette tenant create SLUG [--name NAME]
       vedette tenant list

SLUG is the tenant's short name: a-z, 0-9 and hyphens, such as acme.

  --name NAME   how the tenant is called (default: the slug)
  --data DIR    data directory of the running hub
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, ['create', 'list'], 'tenant');
    const slug = verb === 'create' ? takeOne(rest, 'tenant, by its slug') : '';
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    if (verb === 'create') {
      const json = { slug, ...(values.name === undefined ? {} : { name: values.name }) };
      const tenant = await hub.call<Tenant>({ method: 'POST', path: '/api/v1/tenants', json });
      io.stdout.write(values.json ? `${JSON.stringify(tenant)}\n` : `Made tenant ${tenant.slug} (${tenant.id})\n`);
      return 0;
    }
    const { tenants } = await hub.call<{ tenants: Tenant[] }>({ method: 'GET', path: '/api/v1/tenants' });
    const rows = tenants.map(({ slug: short, name, id, installation }) => [
      short,
      name,
      id,
      installation ? 'installation' : '',
    ]);
    io.stdout.write(values.json ? `${JSON.stringify(tenants)}\n` : columns([['SLUG', 'NAME', 'ID', ''], ...rows]));
    return 0;
  },
};
