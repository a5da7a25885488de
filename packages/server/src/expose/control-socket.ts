import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';

/** A socket's path may be 107 bytes on Linux and 103 on macOS. */
const LONGEST_PATH = 103;
const SOCKET = 'control.sock';
/** Says where the socket is when its path in the data directory would be too long. */
const POINTER = 'control.path';

/** Where the control socket of a data directory is to be. `runtimeDir` holds those whose paths would be too long. */
function placeFor(data: string, runtimeDir: string): string {
  const path = join(data, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const name = createHash('sha256').update(data).digest('hex').slice(0, 16);
  return join(runtimeDir, `vedette-${name}`, SOCKET);
}

/**
 * Has the server listen on the control socket of a data directory, which nobody but its owner can reach. The caller
 * holds the directory's lock, so that a socket which is there already was left behind. Resolves to its path.
 */
export async function listenOnSocket(server: Server, data: string, runtimeDir: string): Promise<string> {
  const path = placeFor(data, runtimeDir);
  const pointer = join(data, POINTER);
  if (path === join(data, SOCKET)) await rm(pointer, { force: true });
  else {
    const folder = join(path, '..');
    await rm(folder, { recursive: true, force: true });
    // Fails when somebody else made the folder in the meantime, who could have planted a socket.
    await mkdir(folder, { mode: 0o700 });
    await writeFile(pointer, path, { mode: 0o600 });
  }
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is bound before listen() returns, so the mask holds for nothing else.
    const mask = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.removeListener('error', reject);
        resolve();
      });
    } finally {
      process.umask(mask);
    }
  });
  await chmod(path, 0o600);
  return path;
}

/** Takes the socket away again, with the folder that was made for it. */
export async function removeSocket(path: string, data: string): Promise<void> {
  if (path === join(data, SOCKET)) return rm(path, { force: true });
  await rm(join(path, '..'), { recursive: true, force: true });
  await rm(join(data, POINTER), { force: true });
}

/** Where the control socket of a data directory is, whether or not a hub answers there. */
export async function findSocket(data: string): Promise<string> {
  const path = join(data, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  return (await readFile(join(data, POINTER), 'utf8').catch(() => path)).trim();
}
