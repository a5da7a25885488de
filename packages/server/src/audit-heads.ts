import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isUuid } from './model/uuid.ts';

const FILE = 'audit-heads.json';

/** The end of a tenant's chain as this process has seen it. */
export interface AuditHead {
  number: number;
  /** Hexadecimal. */
  hash: string;
}

/** The ends of all chains, outside of the database: so it shows when a chain was cut off at its end. */
export interface AuditHeads {
  get(tenantId: string): AuditHead | undefined;
  /** Notes an end; one that is not further on changes nothing. */
  note(tenantId: string, head: AuditHead): void;
  save(): Promise<void>;
}

/** Those of a data directory; a file that is not there, or is damaged, is none. */
export async function openAuditHeads(dir: string): Promise<AuditHeads> {
  const path = join(dir, FILE);
  const heads = await read(path);
  let changed = false;
  let saving = Promise.resolve();
  const write = async () => {
    if (!changed) return;
    changed = false;
    const draft = `${path}.part`;
    await writeFile(draft, JSON.stringify(Object.fromEntries(heads)), { mode: 0o600, flush: true });
    await rename(draft, path);
  };
  return {
    get: (tenantId) => heads.get(tenantId),
    note(tenantId, head) {
      if ((heads.get(tenantId)?.number ?? 0) >= head.number) return;
      heads.set(tenantId, head);
      changed = true;
    },
    save() {
      saving = saving.then(write, write);
      return saving;
    },
  };
}

async function read(path: string): Promise<Map<string, AuditHead>> {
  const heads = new Map<string, AuditHead>();
  try {
    const stored = JSON.parse(await readFile(path, 'utf8')) as Record<string, Partial<AuditHead> | null>;
    for (const [tenantId, head] of Object.entries(stored)) {
      const { number, hash } = head ?? {};
      if (!isUuid(tenantId) || !Number.isSafeInteger(number) || !/^[0-9a-f]{64}$/.test(String(hash))) continue;
      heads.set(tenantId, { number: Number(number), hash: String(hash) });
    }
  } catch {
    // Without the file the chains are still checked, all but their ends.
  }
  return heads;
}
