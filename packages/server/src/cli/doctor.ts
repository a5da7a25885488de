import { constants, existsSync } from 'node:fs';
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readConfig, SETTING_LIST, unknownSettings, writtenSetting } from '../config.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { readArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { connectToHub } from './hub-client.ts';
import { columns } from './table.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  privacy: { type: 'boolean' },
  logs: { type: 'string', multiple: true },
  backups: { type: 'string', multiple: true },
} as const;
/** Before this release there was no Vedette, so a clock that says so is wrong. */
const EARLIEST = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);
const LEAST_FREE = 1024 ** 3;
const OLD_GEO_MS = 200 * 86_400_000;

type Config = ReturnType<typeof readConfig>;

interface Finding {
  name: string;
  state: 'good' | 'warning' | 'bad';
  detail: string;
}

/** `vedette doctor`. */
export const command: Command = {
  name: 'doctor',
  summary: 'List all settings; check engines, disk and permissions',
  usage: `Usage: vedette doctor
       vedette doctor --privacy [--logs PATH…] [--backups PATH…]

Lists every setting with its value and default, and checks what the hub needs: Node.js, engines, data directory, disk,
clock, place and network data, and the running hub.

--privacy looks for addresses, e-mail addresses and secrets in every table of both engines, in the spool, in Kafka where
it is used, and in the rest of the data directory, and says what it looked at and what it could not. What may be there
(docs/privacy.md) is told with the reason. A running hub does the work; without one, the command starts the engines.

  --data DIR      data directory
  --privacy       scan what is stored instead
  --logs PATH     logs to look into as well: a file or a directory; also gzip, zstd and tar; may be repeated
  --backups PATH  backups to look into as well, likewise
  --json          answer as JSON

Exit code: 0 when nothing is bad, 1 otherwise.
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const config = readConfig({ data: values.data });
    const { logs = [], backups = [] } = values;
    if (positionals.length > 0) throw new UsageFault(`doctor takes no words, but got "${positionals[0]}"`);
    if (values.privacy) {
      const { doctorPrivacy } = await import('./doctor-privacy.ts');
      return doctorPrivacy(config, { logs, backups }, values.json === true, io);
    }
    if (logs.length + backups.length > 0) throw new UsageFault('--logs and --backups go with --privacy');
    const findings: Finding[] = [];
    for (const check of CHECKS) findings.push(...(await check(config)));
    const settings = SETTING_LIST.map((setting) => ({ ...setting, value: writtenSetting(setting) }));
    if (values.json) io.stdout.write(`${JSON.stringify({ version: VERSION, settings, findings })}\n`);
    else {
      const rows = settings.map(({ name, value, default: standard, description }) => [
        name,
        value === '' ? `(${standard || 'not set'})` : value,
        description,
      ]);
      io.stdout.write(
        `Vedette ${VERSION}\n\nSettings: environment variables; defaults in parentheses\n\n${columns(rows)}\n`,
      );
      io.stdout.write(
        `Checks\n\n${columns(findings.map(({ state, name, detail }) => [state.toUpperCase(), name, detail]))}`,
      );
    }
    return findings.some(({ state }) => state === 'bad') ? 1 : 0;
  },
};

type Check = (config: Config) => Promise<Finding[]> | Finding[];

const CHECKS: readonly Check[] = [
  checkNode,
  checkNames,
  checkClock,
  checkDirectory,
  checkPostgres,
  checkClickHouse,
  checkGeo,
  checkHub,
  checkDashboard,
];

function checkNode(): Finding[] {
  const good = Number(process.versions.node.split('.')[0]) >= 24;
  return [
    {
      name: 'Node.js',
      state: good ? 'good' : 'bad',
      detail: `${process.version} on ${process.platform} ${process.arch}`,
    },
  ];
}

function checkNames(): Finding[] {
  return unknownSettings().map((name) => ({ name, state: 'warning', detail: 'is set, but there is no such setting' }));
}

function checkClock(): Finding[] {
  const now = Date.now();
  const good = now > EARLIEST && now < LATEST;
  return [{ name: 'clock', state: good ? 'good' : 'bad', detail: new Date(now).toISOString() }];
}

async function checkDirectory({ data }: Config): Promise<Finding[]> {
  const name = 'data directory';
  let existing = data;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    await access(existing, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return [{ name, state: 'bad', detail: `${existing} may not be written: ${(error as NodeJS.ErrnoException).code}` }];
  }
  const { bavail, bsize } = await statfs(existing);
  const free = bavail * bsize;
  const findings: Finding[] = [
    { name, state: 'good', detail: existing === data ? data : `${data} (made at the first start)` },
    {
      name: 'disk',
      state: free < LEAST_FREE ? 'warning' : 'good',
      detail: `${(free / 1024 ** 3).toFixed(1)} GiB free`,
    },
  ];
  const open = existing === data && ((await stat(data)).mode & 0o077) !== 0;
  if (open) findings.push({ name, state: 'warning', detail: 'other users can look into it; the next start closes it' });
  const dead = (await readdir(join(data, 'spool', 'dead')).catch(() => [])).length;
  if (dead > 0)
    findings.push({
      name: 'dead letters',
      state: 'warning',
      detail: `${dead} batches in spool/dead were never stored`,
    });
  return findings;
}

async function checkPostgres({ databaseUrl }: Config): Promise<Finding[]> {
  const name = 'PostgreSQL';
  if (databaseUrl === undefined) {
    const { findBinaries } = await import('../stores/drivers/postgres/binaries.ts');
    return [attempt(name, () => `embedded: ${findBinaries()}`)];
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>('SELECT version()');
    return [{ name, state: 'good', detail: `DATABASE_URL answers: ${rows[0]?.version.slice(0, 60) ?? ''}` }];
  } catch (error) {
    return [{ name, state: 'bad', detail: `DATABASE_URL: ${(error as Error).message}` }];
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function checkClickHouse({ clickhouseUrl }: Config): Promise<Finding[]> {
  const name = 'ClickHouse';
  if (clickhouseUrl === undefined) {
    return [attempt(name, () => `embedded: ${dirname(createRequire(import.meta.url).resolve('chdb/package.json'))}`)];
  }
  const { createClient } = await import('@clickhouse/client');
  const client = createClient({ url: clickhouseUrl, request_timeout: 5000 });
  try {
    const answer = await client.ping({ select: true });
    if (!answer.success) throw answer.error;
    return [{ name, state: 'good', detail: 'CLICKHOUSE_URL answers' }];
  } catch (error) {
    return [{ name, state: 'bad', detail: `CLICKHOUSE_URL: ${(error as Error).message}` }];
  } finally {
    await client.close();
  }
}

function attempt(name: string, check: () => string): Finding {
  try {
    return { name, state: 'good', detail: check() };
  } catch (error) {
    return { name, state: 'bad', detail: (error as Error).message.split('\n', 1)[0] as string };
  }
}

async function checkGeo({ data, geoPath, geo6Path, asnPath, asn6Path }: Config): Promise<Finding[]> {
  const { createEnricher } = await import('../enrich/enricher.ts');
  try {
    const updateDir = join(data, 'geo');
    const enricher = await createEnricher({ geoPath, geo6Path, asnPath, asn6Path, updateDir, watch: false });
    return enricher.sources().map(({ name, family, path, built }) => {
      const old = built > 0 && Date.now() - built > OLD_GEO_MS;
      const made = built === 0 ? '' : `, made ${new Date(built).toISOString().slice(0, 10)}`;
      const advice = old ? '; "vedette geo update" fetches newer data' : '';
      return { name: `${name} data`, state: old ? 'warning' : 'good', detail: `${family}: ${path}${made}${advice}` };
    });
  } catch (error) {
    return [{ name: 'place and network data', state: 'bad', detail: (error as Error).message }];
  }
}

async function checkHub({ data }: Config): Promise<Finding[]> {
  const name = 'hub';
  try {
    const hub = await connectToHub(data);
    await hub.call({ method: 'GET', path: '/readyz' });
    return [{ name, state: 'good', detail: 'is running and ready' }];
  } catch (error) {
    const absent = error instanceof Fault && error.code === 'no-hub';
    return [
      {
        name,
        state: absent ? 'good' : 'bad',
        detail: absent ? `none is running on ${data}` : (error as Error).message,
      },
    ];
  }
}

function checkDashboard(): Finding[] {
  const index = join(import.meta.dirname, '..', '..', '..', 'dashboard', 'dist', 'index.html');
  const built = existsSync(index);
  return [
    {
      name: 'dashboard',
      state: built ? 'good' : 'warning',
      detail: built ? 'is built' : 'is not built: npm run build',
    },
  ];
}
