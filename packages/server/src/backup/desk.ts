import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import { isUuid, uuidv7 } from '../model/uuid.ts';
import { thaw } from '../stores/drivers/clickhouse/freeze.ts';
import { type BackupOptions, type BackupTools, type Held, hold } from './hold.ts';
import { BACKUP_DIRECTORY, endPlan, readPlan, writePlan } from './plan.ts';
import { recordsEntries } from './records-entries.ts';

/** So long an interrupted backup can be gone on with. */
const KEPT_MS = 24 * 3_600_000;

/** A backup under way: what of it is not in files, and the hold on its files. */
export interface BackupStream {
  id: string;
  /** Entries of a tar archive up to `postgres.json`; none when it is gone on with. The files are in the plan then. */
  bytes: AsyncGenerator<Buffer>;
  /** Gives up what is held, unless it can be gone on with; safe to call twice. */
  close(): Promise<void>;
}

/** Takes backups while everything goes on; one at a time. */
export interface BackupDesk {
  /** Faults: `backup-running`, `clickhouse-external`, `rows-hidden`, `mutation-running`. */
  begin(options: BackupOptions): Promise<BackupStream>;
  /** Holds on to the files of an interrupted one. Faults: `backup-running`, `backup-gone`. */
  resume(id: string): Promise<BackupStream>;
  /** Gives up what is held of backups that nobody can go on with, or went on with for a day. */
  sweep(now?: number): Promise<void>;
}

export function createBackupDesk(tools: BackupTools): BackupDesk {
  const root = join(tools.data, BACKUP_DIRECTORY);
  let running: string | null = null;

  const start = (id: string) => {
    if (running !== null)
      throw new Fault('backup-running', 'a backup is being taken already; try again when it has ended');
    running = id;
  };

  async function discard(id: string): Promise<void> {
    // First, so that nobody takes what is left for the whole.
    await endPlan(join(root, id));
    if (tools.clickhousePath !== null) await thaw(tools.clickhousePath, { id });
    await rm(join(root, id), { recursive: true, force: true });
  }

  async function held(): Promise<string[]> {
    const names = await readdir(root).catch(() => []);
    return names.filter(isUuid);
  }

  function streamOf(id: string, bytes: AsyncGenerator<Buffer>, keep: boolean, end: () => Promise<void>): BackupStream {
    let closing: Promise<void> | null = null;
    const close = async () => {
      try {
        await end();
        // Who has copied everything has taken the plan away.
        if (!keep || (await readPlan(join(root, id))) === null) await discard(id);
      } finally {
        running = null;
      }
    };
    return { id, bytes, close: () => (closing ??= close()) };
  }

  function bytesOf(held: Held, id: string, { clientKeys }: BackupOptions): AsyncGenerator<Buffer> {
    return recordsEntries(held, clientKeys, () => writePlan(join(root, id), { trees: held.trees }));
  }

  return {
    async begin(options) {
      const id = uuidv7();
      start(id);
      try {
        for (const other of await held()) await discard(other);
        const taken = await hold(tools, join(root, id), id, options);
        return streamOf(id, bytesOf(taken, id, options), options.resumable, () => taken.snapshot.close());
      } catch (error) {
        await discard(id).catch(() => undefined);
        running = null;
        throw error;
      }
    },
    async resume(id) {
      if (!isUuid(id) || (await readPlan(join(root, id))) === null) {
        throw new Fault(
          'backup-gone',
          'the hub does not hold that backup any more: a later one was begun, or a day has passed; begin anew, without --resume',
        );
      }
      start(id);
      return streamOf(id, nothing(), true, async () => undefined);
    },
    async sweep(now = Date.now()) {
      const kept: string[] = [];
      for (const id of await held()) {
        const { mtimeMs } = await stat(join(root, id));
        const good = now - mtimeMs < KEPT_MS && (await readPlan(join(root, id))) !== null;
        if (id === running) continue;
        if (good) kept.push(id);
        else await discard(id);
      }
      // Also where it has no directory yet.
      if (running !== null) kept.push(running);
      if (tools.clickhousePath !== null) await thaw(tools.clickhousePath, { allBut: kept });
    },
  };
}

async function* nothing(): AsyncGenerator<Buffer> {}
