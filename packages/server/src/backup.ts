import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupDesk, createBackupDesk } from './backup/desk.ts';
import { RESTORED, type Restored } from './backup/install.ts';
import type { Config } from './config.ts';
import type { Closing, Engines } from './engines.ts';
import type { AuditDesk } from './expose/ports.ts';
import { byHub } from './model/audit-entry.ts';
import type { Sealer } from './privacy/sealing.ts';
import type { Log } from './stores/records.ts';

const SWEEP_MS = 3_600_000;

/** Writes into the audit log that the installation was restored, once, at the first start after it. */
export async function noteRestore(data: string, installation: string, audit: Pick<AuditDesk, 'add'>): Promise<void> {
  const path = join(data, RESTORED);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });
  if (text === null) return;
  const { id, created, client_keys, dropped } = JSON.parse(text) as Restored;
  await audit.add(installation, byHub('backup.restore', id, { created, client_keys, dropped }));
  await rm(path);
}

/** The desk of a hub's backups; what an interrupted one left is given up in time. */
export async function openBackups(tools: {
  config: Config;
  version: string;
  log: Log;
  engines: Engines;
  sealer: Sealer;
  closing: Closing;
}): Promise<BackupDesk> {
  const { config, version, log, engines, sealer, closing } = tools;
  const desk = createBackupDesk({
    data: config.data,
    version,
    log,
    url: engines.databaseUrl,
    clickhouse: engines.clickhouse,
    clickhousePath: config.clickhouseUrl === undefined ? join(config.data, 'clickhouse') : null,
    sealer,
    masterKeys: () => engines.records.unscoped.sealed.versions(),
  });
  const sweep = () =>
    desk.sweep().catch((error: unknown) => log.warn({ err: error }, 'what an old backup left was not given up'));
  await sweep();
  const timer = setInterval(() => void sweep(), SWEEP_MS);
  timer.unref();
  closing.add('backups', () => clearInterval(timer));
  return desk;
}
