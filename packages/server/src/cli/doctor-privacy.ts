import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ScanAnswer } from '@vedette/contract';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { openEngines } from '../engines.ts';
import { counted } from '../model/counted.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { scanFiles, scanHub } from '../privacy-scan.ts';
import type { Io } from './command.ts';
import { sizeText } from './finding.ts';
import { connectToHub, type HubClient } from './hub-client.ts';
import { columns } from './table.ts';

const POLL_MS = 500;

type Report = Pick<ScanAnswer, 'looked_at' | 'skipped' | 'findings'>;

/**
 * `vedette doctor --privacy`: scans what the hub stores, through the hub where one is running and by itself where none
 * is, and the logs and backups named. Exit code 1 when something was found that may not be there, or what
 * was named could not be read.
 */
export async function doctorPrivacy(
  config: Config,
  named: { logs: readonly string[]; backups: readonly string[] },
  json: boolean,
  io: Io,
): Promise<number> {
  const paths = [...named.logs, ...named.backups].map((path) => resolve(path));
  const absent = paths.find((path) => !existsSync(path));
  if (absent !== undefined) throw new UsageFault(`there is nothing at ${absent}`);
  const stopping = new AbortController();
  const stored = await scanStored(config, stopping.signal);
  const files = await scanFiles(paths, stopping.signal);
  const report: Report = {
    looked_at: [...stored.looked_at, ...files.looked_at],
    skipped: [...stored.skipped, ...files.skipped, ...notNamed(named)],
    findings: [...stored.findings, ...files.findings],
  };
  const wrong = report.findings.filter(({ excepted }) => excepted === null);
  // What was named and could not be read is not known to be good.
  const unread = files.skipped.length;
  const good = wrong.length === 0 && unread === 0;
  io.stdout.write(json ? `${JSON.stringify({ ...report, good })}\n` : describe(report));
  if (!json && unread > 0) io.stdout.write(`Of what was named, ${unread} could not be looked into: see above.\n`);
  return good ? 0 : 1;
}

function notNamed({ logs, backups }: { logs: readonly string[]; backups: readonly string[] }): Report['skipped'] {
  return [
    ...(logs.length === 0 ? [{ place: 'logs', why: 'none were named (--logs PATH)' }] : []),
    ...(backups.length === 0 ? [{ place: 'backups', why: 'none were named (--backups PATH)' }] : []),
  ];
}

async function scanStored(config: Config, signal: AbortSignal): Promise<Report> {
  let hub: HubClient;
  try {
    hub = await connectToHub(config.data);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'no-hub') throw error;
    return scanWithoutHub(config, signal);
  }
  let answer = await hub.call<ScanAnswer>({ method: 'POST', path: '/api/v1/privacy/scan' });
  while (answer.state === 'running') {
    await new Promise((resolveNext) => setTimeout(resolveNext, POLL_MS));
    answer = await hub.call<ScanAnswer>({ method: 'GET', path: '/api/v1/privacy/scan' });
  }
  if (answer.state === 'done') return answer;
  throw new Fault('scan-failed', `the scan failed: ${answer.error ?? answer.state}`);
}

/** Starts the engines on the data directory for as long as the scan takes. */
async function scanWithoutHub(config: Config, signal: AbortSignal): Promise<Report> {
  if (config.databaseUrl === undefined && !existsSync(join(config.data, 'postgres'))) {
    throw new UsageFault(`there is no hub's data in ${config.data}; say where it is with --data`);
  }
  const data = await openDataDirectory(config.data, config.masterKeyFile);
  try {
    const engines = await openEngines(config, pino({ level: 'silent' }));
    try {
      return await scanHub(config, [engines.requests.texts, engines.records.unscoped.texts], signal);
    } finally {
      await engines.close();
    }
  } finally {
    await data.close();
  }
}

function describe({ looked_at: looked, skipped, findings }: Report): string {
  const parts = [
    `Looked at\n\n${columns(looked.map(({ place, items, bytes }) => [place, counted(items, 'item'), sizeText(bytes)]))}`,
    `Not looked at\n\n${columns(skipped.map(({ place, why }) => [place, why]))}`,
  ];
  const rows = (excepted: boolean) =>
    columns(
      findings
        .filter((finding) => (finding.excepted !== null) === excepted)
        .map(({ kind, place, count, sample, excepted: why }) => [kind, place, `${count}×`, sample, why ?? '']),
    );
  const [wrong, fine] = [rows(false), rows(true)];
  if (fine !== '') parts.push(`Found where it may be\n\n${fine}`);
  parts.push(wrong === '' ? 'Nothing was found that may not be there.\n' : `FOUND, AND MAY NOT BE THERE\n\n${wrong}`);
  return parts.join('\n');
}
