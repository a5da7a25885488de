import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArchiveParts } from '../backup/archive-writer.ts';
import { BACKUP_DIRECTORY, endPlan, readPlan } from '../backup/plan.ts';
import type { Written } from '../backup/written.ts';
import type { Config } from '../config.ts';
import { Fault } from '../model/fault.ts';
import type { BackupFile } from './backup-file.ts';
import { connectToHub } from './hub-client.ts';

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
  // What engines need takes as long to load as a backup of a small hub, and most backups are of one that runs.
  const { openOwnSupply } = await import('./backup-engines.ts');
  const { records, close } = await openOwnSupply(config, file, order);
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
