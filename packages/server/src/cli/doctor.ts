import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, SETTING_LIST, unknownSettings, writtenSetting } from '../config.ts';
import { counted } from '../model/counted.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments, takeNone } from './arguments.ts';
import type { Command } from './command.ts';
import { checkAudit } from './doctor-audit.ts';
import { checkClock, checkDirectory, checkDisk } from './doctor-directory.ts';
import { checkClickHouse, checkPostgres } from './doctor-engines.ts';
import { checkHub, checkNetwork } from './doctor-hub.ts';
import type { Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import { columns } from './table.ts';
import { VERSION } from './version.ts';

const OPTIONS = {
  data: { type: 'string' },
  json: { type: 'boolean' },
  privacy: { type: 'boolean' },
  logs: { type: 'string', multiple: true },
  backups: { type: 'string', multiple: true },
} as const;
const LEAST_NODE = 24;
const PREFIX = 'VEDETTE_';
const STATES = ['bad', 'warning', 'good'] as const;
const OLD_GEO_MS = 200 * 86_400_000;

type Config = ReturnType<typeof readConfig>;

/** `vedette doctor`. */
export const command: Command = {
  name: 'doctor',
  summary: 'List all settings; check engines, disk and permissions',
  usage: `Usage: vedette doctor
       vedette doctor --privacy [--logs PATH…] [--backups PATH…]

Checks what the hub needs, tells what is wrong first and what to do about it, and lists every setting with its value and
default. It looks at Node.js, the clock, the data directory and who may get at it, the master key, the disks and what
takes the room, the engines, place and network data, how the hub is reached, the mail server where there is one, the
running hub, or the port where none runs, and whether the audit log is as it was written. It changes nothing.

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
    takeNone(positionals, 'doctor');
    if (values.privacy) {
      const { doctorPrivacy } = await import('./doctor-privacy.ts');
      return doctorPrivacy(config, { logs, backups }, values.json === true, io);
    }
    if (logs.length + backups.length > 0) throw new UsageFault('--logs and --backups go with --privacy');
    const findings: Finding[] = [];
    for (const check of CHECKS) findings.push(...(await check(config)));
    const settings = SETTING_LIST.map((setting) => ({ ...setting, value: writtenSetting(setting) }));
    if (values.json) io.stdout.write(`${JSON.stringify({ version: VERSION, settings, findings })}\n`);
    else io.stdout.write(`${describeFindings(findings)}\n${describeSettings(settings)}`);
    return findings.some(({ state }) => state === 'bad') ? 1 : 0;
  },
};

/** What is bad comes first, with what to do about it. */
function describeFindings(findings: readonly Finding[]): string {
  const ordered = STATES.flatMap((state) => findings.filter((finding) => finding.state === state));
  const count = (of: Finding['state']) => findings.filter(({ state }) => state === of).length;
  const counts = [`${count('bad')} bad`, counted(count('warning'), 'warning'), `${count('good')} good`];
  const wide = Math.max(...ordered.map(({ name }) => name.length));
  const lines = ordered.map(({ state, name, detail, advice }) => {
    const head = `${state.toUpperCase().padEnd(7)}  ${name.padEnd(wide)}  ${detail}\n`;
    return advice === undefined ? head : `${head}${' '.repeat(9 + wide)}  -> ${advice}\n`;
  });
  return `Vedette ${VERSION}: ${counts.join(', ')}\n\n${lines.join('')}`;
}

function describeSettings(
  settings: readonly { name: string; value: string; default: string; description: string }[],
): string {
  const rows = settings.map(({ name, value, default: standard, description }) => [
    name,
    value === '' ? `(${standard || 'not set'})` : value,
    description,
  ]);
  return `Settings: environment variables; defaults in parentheses\n\n${columns(rows)}`;
}

type Check = (config: Config) => Promise<Finding[]> | Finding[];

const CHECKS: readonly Check[] = [
  checkVersions,
  checkNames,
  checkClock,
  checkDirectory,
  checkDisk,
  checkPostgres,
  checkClickHouse,
  checkGeo,
  checkNetwork,
  checkMail,
  checkHub,
  checkAudit,
  checkDashboard,
];

function checkVersions(): Finding[] {
  const name = 'Node.js';
  const detail = `${process.version} on ${process.platform} ${process.arch}`;
  if (Number(process.versions.node.split('.')[0]) >= LEAST_NODE) return [{ name, state: 'good', detail }];
  return [{ name, state: 'bad', detail, advice: `npm ci brings Node.js ${LEAST_NODE}` }];
}

function checkNames(): Finding[] {
  const known = SETTING_LIST.map(({ name }) => name);
  return unknownSettings().map((name) => {
    // Told apart by what follows the prefix, which all have.
    const meant = nearest(
      name.slice(PREFIX.length).toLowerCase(),
      known.map((one) => one.slice(PREFIX.length).toLowerCase()),
    );
    const advice = meant === undefined ? 'remove it' : `is ${PREFIX}${meant.toUpperCase()} meant?`;
    return { name, state: 'warning', detail: 'is set, but there is no such setting', advice };
  });
}

async function checkGeo({ data, geoPath, geo6Path, asnPath, asn6Path }: Config): Promise<Finding[]> {
  const { createEnricher } = await import('../enrich/enricher.ts');
  try {
    const updateDir = join(data, 'geo');
    const enricher = await createEnricher({ geoPath, geo6Path, asnPath, asn6Path, updateDir, watch: false });
    return enricher.sources().map(({ name, family, path, built }) => {
      const old = built > 0 && Date.now() - built > OLD_GEO_MS;
      const made = built === 0 ? '' : `, made ${new Date(built).toISOString().slice(0, 10)}`;
      const finding = { name: `${name} data`, detail: `${family}: ${path}${made}` };
      if (!old) return { ...finding, state: 'good' };
      return { ...finding, state: 'warning', advice: '"vedette geo update" fetches newer data' };
    });
  } catch (error) {
    const advice = 'is the file whole? "vedette geo update" fetches one';
    return [{ name: 'place and network data', state: 'bad', detail: (error as Error).message, advice }];
  }
}

async function checkMail(config: Config): Promise<Finding[]> {
  const { doctorMail } = await import('./doctor-mail.ts');
  return doctorMail(config);
}

function checkDashboard(): Finding[] {
  const index = join(import.meta.dirname, '..', '..', '..', 'dashboard', 'dist', 'index.html');
  const built = existsSync(index);
  return [
    {
      name: 'dashboard',
      state: built ? 'good' : 'warning',
      detail: built ? 'is built' : 'is not built',
      ...(built ? {} : { advice: 'npm run build' }),
    },
  ];
}
