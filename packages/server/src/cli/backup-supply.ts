import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openAuditDesk } from '../audit-desk.ts';
import type { ArchiveParts } from '../backup/archive-writer.ts';
import { BACKUP_DIRECTORY, endPlan, readPlan } from '../backup/plan.ts';
import type { Written } from '../backup/written.ts';
import { openBackups } from '../backup.ts';
import type { Config } from '../config.ts';
import { openDataDirectory } from '../data-directory.ts';
import { createClosing, openEngines } from '../engines.ts';
import { watchMasterKeys } from '../master-keys.ts';
import { byHub } from '../model/audit-entry.ts';
import { Fault, UsageFault } from '../model/fault.ts';
import { openAuditSeal } from '../privacy/audit-seal.ts';
import { createSealer } from '../privacy/sealing.ts';
import type { BackupFile } from './backup-file.ts';
import { connectToHub } from './hub-client.ts';
import { VERSION } from './version.ts';

/** As the API has it. */
export interface BackupOrder {
  client_keys: boolean;
  geo: boolean;
  requests: boolean;
  resumable: boolean;
}

/** Where the parts of an archive come from, and what holds on to them. */
export interface Supply {
  parts: ArchiveParts;
  /** Says that everything was written: nothing needs to be held any more. */
  done(): Promise<void>;
  /** Lets go; what can be gone on with stays held. */
  close(): Promise<void>;
}

/** How long a hub has for taking away what it held. */
const LONGEST_MS = 60_000;

/** From the running hub or, where none is, from engines that are started for it. */
export async function openSupply(config: Config, file: BackupFile, order: BackupOrder): Promise<Supply> {
  const { written } = file;
  const stage = () => join(config.data, BACKUP_DIRECTORY, written.manifest?.id ?? '');
  // Only its digests are missing.
  if (written.contents !== null) return supplyOf(config.data, stage, written, nothing(), async () => undefined);
  try {
    const hub = await connectToHub(config.data);
    const resume = file.resumed ? { resume: { id: written.manifest?.id } } : {};
    const records = await hub.download({ method: 'POST', path: '/api/v1/backups', json: { ...order, ...resume } });
    return supplyOf(config.data, stage, written, records, async (whole) => {
      records.destroy();
      // So that the next backup need not wait.
      for (let waited = 0; whole && existsSync(stage()) && waited < LONGEST_MS; waited += 20) await sleep(20);
    });
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'no-hub') throw error;
  }
  const { records, close } = await withoutHub(config, file, order);
  return supplyOf(config.data, stage, written, records, close);
}

async function* nothing(): AsyncGenerator<Buffer> {}

function supplyOf(
  data: string,
  stage: () => string,
  written: Written,
  records: AsyncIterable<Buffer>,
  letGo: (whole: boolean) => Promise<void>,
): Supply {
  let whole = false;
  const held = async () => {
    const plan = await readPlan(stage());
    if (plan !== null) return plan;
    throw new Fault(
      'backup-gone',
      'what was held for this backup was given up meanwhile: the hub was stopped, or another backup was begun; begin anew, without --resume',
    );
  };
  return {
    parts: {
      records,
      trees: async () => {
        const { trees } = await held();
        return trees.map(({ name, directory }) => ({ name, directory: join(data, directory) }));
      },
      checkHeld: async () => void (await held()),
    },
    async done() {
      whole = true;
      if (written.manifest !== null) await endPlan(stage());
    },
    close: () => letGo(whole),
  };
}

async function withoutHub(
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
