import { setTimeout as sleep } from 'node:timers/promises';
import type { NewQuota, Quota, TenantDeletion, TenantDetail } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments, refuseStray, takeNone, takeOne, takeVerb } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { connectToHub, type HubClient } from './hub-client.ts';
import { columns, shortTime } from './table.ts';

const VERBS = ['create', 'list', 'rename', 'suspend', 'resume', 'quota', 'second-factor', 'delete'] as const;
const OPTIONS = {
  data: { type: 'string' },
  name: { type: 'string' },
  confirm: { type: 'string' },
  'requests-per-day': { type: 'string' },
  users: { type: 'string' },
  'retention-days': { type: 'string' },
  json: { type: 'boolean' },
} as const;
const GOES_WITH = {
  name: ['create', 'rename'],
  confirm: ['delete'],
  'requests-per-day': ['quota'],
  users: ['quota'],
  'retention-days': ['quota'],
};
/** What the command line and the API call the parts of a quota. */
const QUOTA = { 'requests-per-day': 'requests_per_day', users: 'users', 'retention-days': 'retention_days' } as const;
const POLL_MS = 500;

/** `vedette tenant`. */
export const command: Command = {
  name: 'tenant',
  summary: 'Make, list, suspend and delete tenants, and set their quotas',
  usage: `Usage: vedette tenant create SLUG [--name NAME]
       vedette tenant list
       vedette tenant rename SLUG --name NAME
       vedette tenant suspend SLUG
       vedette tenant resume SLUG
       vedette tenant quota SLUG [--requests-per-day N] [--users N] [--retention-days N]
       vedette tenant second-factor SLUG required|optional
       vedette tenant delete SLUG --confirm SLUG

SLUG is the tenant's short name: a-z, 0-9 and hyphens, such as acme.
second-factor says whether the tenant's people may do anything in it without one.
delete removes everything of the tenant, waits until that is done, and shows what was found when every place was
searched again. There is no way back.

  --name NAME            how the tenant is called (default: the slug)
  --confirm SLUG         the slug once more, for delete
  --requests-per-day N   most requests that are taken on one UTC day, or none
  --users N              most people, or none
  --retention-days N     longest that anything of its traffic is kept, or none
  --data DIR             data directory of the running hub
  --json                 answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, VERBS, 'tenant');
    const rule = verb === 'second-factor' ? takeRule(rest.splice(1)) : 'optional';
    if (verb === 'list') takeNone(rest, verb);
    const slug = verb === 'list' ? '' : takeOne(rest, 'tenant, by its slug');
    refuseStray(values, verb, GOES_WITH);
    const { name, confirm = '', json = false } = values;
    if (verb === 'rename' && name === undefined) throw new UsageFault('say how it is called from now on with --name');
    if (verb === 'delete' && confirm !== slug) {
      throw new UsageFault(`everything of ${slug} will be gone; say so with --confirm ${slug}`);
    }
    const change = quotaOf(values);
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const path = `/api/v1/tenants/${encodeURIComponent(slug)}`;
    const say = (tenant: TenantDetail, text: string) =>
      void io.stdout.write(json ? `${JSON.stringify(tenant)}\n` : `${text}\n`);
    const post = (to: string, body: unknown = {}) => hub.call<TenantDetail>({ method: 'POST', path: to, json: body });
    if (verb === 'create') {
      const made = await post('/api/v1/tenants', { slug, ...(name === undefined ? {} : { name }) });
      say(made, `Made tenant ${made.slug} (${made.id})`);
    } else if (verb === 'rename') {
      say(await hub.call({ method: 'PATCH', path, json: { name } }), `${slug} is called ${name} now`);
    } else if (verb === 'second-factor') {
      say(
        await hub.call({ method: 'PATCH', path, json: { second_factor: rule } }),
        `${slug}: a second factor is ${rule}`,
      );
    } else if (verb === 'suspend') {
      say(await post(`${path}/suspend`), `${slug} is suspended: its people and keys may do nothing`);
    } else if (verb === 'resume') {
      say(await post(`${path}/resume`), `${slug} is resumed: its people and keys may do again what they might before`);
    } else if (verb === 'quota') {
      const tenant = await quota(hub, path, change);
      say(tenant, quotaTable(tenant.quota));
    } else if (verb === 'delete') {
      return remove(hub, path, confirm, io, json);
    } else await list(hub, io, json);
    return 0;
  },
};

/** Whether a second factor is to be needed. Throws a UsageFault for anything else. */
function takeRule(rest: readonly string[]): 'required' | 'optional' {
  const [rule] = rest;
  if (rest.length === 1 && (rule === 'required' || rule === 'optional')) return rule;
  throw new UsageFault('say required or optional behind the slug');
}

/** The parts of a quota that were written. Throws a UsageFault for what is no number and not `none`. */
function quotaOf(values: Partial<Record<string, unknown>>): NewQuota {
  const change: NewQuota = {};
  for (const [option, part] of Object.entries(QUOTA)) {
    const written = values[option];
    if (typeof written !== 'string') continue;
    if (written !== 'none' && !/^\d{1,15}$/.test(written)) {
      throw new UsageFault(`--${option} is "${written}"; write a whole number, or none`);
    }
    change[part] = written === 'none' ? null : Number(written);
  }
  return change;
}

/** Shows the quota, after changing what is to be changed. */
async function quota(hub: HubClient, path: string, change: NewQuota): Promise<TenantDetail> {
  const tenant = await hub.call<TenantDetail>({ method: 'GET', path });
  if (Object.keys(change).length === 0) return tenant;
  return hub.call({ method: 'PUT', path: `${path}/quota`, json: { ...tenant.quota, ...change } });
}

function quotaTable(quota: Quota): string {
  const rows = Object.entries(QUOTA).map(([option, part]) => [option, String(quota[part] ?? 'none')]);
  return columns(rows).trimEnd();
}

async function list(hub: HubClient, io: Io, json: boolean): Promise<void> {
  const tenants = await hub.list<TenantDetail>({ method: 'GET', path: '/api/v1/tenants' }, 'tenants');
  const rows = tenants.map((tenant) => [
    tenant.slug,
    tenant.name,
    tenant.id,
    String(tenant.people),
    String(tenant.domains),
    String(tenant.requests_today),
    stateOf(tenant),
  ]);
  const head = ['SLUG', 'NAME', 'ID', 'PEOPLE', 'DOMAINS', 'TODAY', ''];
  io.stdout.write(json ? `${JSON.stringify(tenants)}\n` : columns([head, ...rows]));
}

function stateOf({ installation, suspended, deleting }: TenantDetail): string {
  if (deleting !== null) return 'being deleted';
  if (suspended !== null) return `suspended ${shortTime(suspended)}`;
  return installation ? 'installation' : '';
}

/** Begins the deletion and waits for its end; 1 when something was found afterwards. */
async function remove(hub: HubClient, path: string, confirm: string, io: Io, json: boolean): Promise<number> {
  let deletion = await hub.call<TenantDeletion>({ method: 'DELETE', path, json: { confirm } });
  if (io.stderr.isTTY) io.stderr.write(`Deleting ${confirm}; it goes on when this command is ended\n`);
  while (deletion.state === 'running') {
    await sleep(POLL_MS);
    deletion = await hub.call({ method: 'GET', path: `/api/v1/tenant-deletions/${deletion.id}` });
  }
  if (json) io.stdout.write(`${JSON.stringify(deletion)}\n`);
  else {
    const { deleted, found } = deletion;
    const left = new Map(found?.map(({ place, rows }) => [place, rows]));
    const places = [...new Set([...deleted, ...(found ?? [])].map(({ place }) => place))];
    const rows = places.map((place) => [
      place,
      String(deleted.find((one) => one.place === place)?.rows ?? '-'),
      String(left.get(place) ?? '-'),
    ]);
    io.stdout.write(columns([['PLACE', 'DELETED', 'FOUND AFTERWARDS'], ...rows]));
    io.stdout.write(deletion.complete ? `Nothing is left of ${confirm}\n` : `Something is left of ${confirm}\n`);
  }
  return deletion.complete === true ? 0 : 1;
}
