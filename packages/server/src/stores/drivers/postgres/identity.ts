import { chown, readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Whom the database runs as. `null` means as ourselves: only root has to step down. */
export type Identity = { uid: number; gid: number } | null;

const NOBODY = 65534;

/**
 * PostgreSQL refuses to run as root. Root therefore runs it as whoever owns the directory already, so that a
 * directory made by a plain user stays that user's; a directory of root's own goes to `nobody`.
 */
export async function chooseIdentity(dir: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dir).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return nobody();
}

async function nobody(): Promise<{ uid: number; gid: number }> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(passwd);
  return { uid: Number(entry?.[1] ?? NOBODY), gid: Number(entry?.[2] ?? NOBODY) };
}

/** Gives the file or directory to the identity. */
export async function giveTo(path: string, identity: Identity): Promise<void> {
  if (identity !== null) await chown(path, identity.uid, identity.gid);
}

/** The first directory on the way to `path` that the identity may not enter; null when it gets there. */
export async function blockingDirectory(path: string, identity: Identity): Promise<string | null> {
  if (identity === null) return null;
  const chain: string[] = [];
  for (let at = resolve(path); ; at = dirname(at)) {
    chain.unshift(at);
    if (at === dirname(at)) break;
  }
  for (const dir of chain) {
    const { mode, uid, gid } = await stat(dir);
    const bit = uid === identity.uid ? 0o100 : gid === identity.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return dir;
  }
  return null;
}
