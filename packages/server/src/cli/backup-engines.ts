import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { openAuditDesk } from '../audit-desk.ts';
import { openBackups } from '../backup.ts';
import type { Config } from '../config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { createClosing, openEngines } from '../engines.ts';
import { watchMasterKeys } from '../master-keys.ts';
import { byHub } from '../model/audit-entry.ts';
import { UsageFault } from '../model/fault.ts';
import { openAuditSeal } from '../privacy/audit-seal.ts';
import { createSealer } from '../privacy/sealing.ts';
import type { BackupFile } from './backup-file.ts';
import type { BackupOrder } from './backup-supply.ts';
import { VERSION } from './version.ts';

/**
 * What comes from a hub otherwise, by engines that are started for it. Throws a UsageFault where there is nothing to back
 * up; Faults: those of the data directory and of the engines.
 */
export async function openOwnSupply(
  config: Config,
  file: BackupFile,
  order: BackupOrder,
): Promise<{ records: AsyncIterable<Buffer>; close(): Promise<void> }> {
  if (config.databaseUrl === undefined && !existsSync(join(config.data, 'postgres'))) {
    throw new UsageFault(`there is no hub's data in ${config.data}; say where it is with --data`);
  }
  const log = pino({ level: 'silent' });
  const closing = createClosing(log);
  try {
    const data = await openDataDirectory(config.data, config.masterKeyFile);
    closing.add('the data directory', () => data.close());
    const engines = await openEngines(config, log);
    closing.add('the engines', () => engines.close());
    const { records } = engines;
    const sealer = createSealer(await watchMasterKeys(data.keyRing, records, log));
    const seal = await openAuditSeal(records.unscoped.sealed, sealer);
    const audit = await openAuditDesk({ data: config.data, records, seal, log, closing });
    const desk = await openBackups({ config, version: VERSION, log, engines, sealer, closing });
    const { manifest } = file.written;
    const stream =
      file.resumed && manifest !== null
        ? await desk.resume(manifest.id)
        : await desk.begin({ ...order, clientKeys: order.client_keys });
    closing.add('the backup', () => stream.close());
    const detail = file.resumed ? { resumed: true } : { client_keys: order.client_keys, requests: order.requests };
    await audit.add(records.installation.id, byHub('backup.create', stream.id, detail));
    return { records: stream.bytes, close: () => closing.close() };
  } catch (error) {
    await closing.close();
    throw error;
  }
}
