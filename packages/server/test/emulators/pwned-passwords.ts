import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { closeServer, listenLocally, type Mode, misbehave } from './modes.ts';

const PADDED_LINES = 800;

export interface PwnedPasswordsEmulator {
  baseUrl: string;
  mode: Mode;
  /** Passwords known from breaches, and how often each was seen. */
  breached: Map<string, number>;
  /** Paths and padding headers of the questions. */
  asked: { path: string; padding: string | undefined }[];
  close(): Promise<void>;
}

/** Starts a stand-in for the range API of Pwned Passwords on a free loopback port. */
export async function startPwnedPasswords(): Promise<PwnedPasswordsEmulator> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    emulator.asked.push({ path, padding: request.headers['add-padding'] as string | undefined });
    if (misbehave(emulator.mode, response)) return;
    const plain = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    };
    const prefix = /^\/range\/([0-9A-Fa-f]{5})$/.exec(path)?.[1]?.toUpperCase();
    if (request.method !== 'GET' || prefix === undefined)
      return plain(400, 'The hash prefix was not in a valid format');
    plain(200, linesOf(emulator.breached, prefix, request.headers['add-padding'] === 'true').join('\r\n'));
  });
  const emulator: PwnedPasswordsEmulator = {
    baseUrl: await listenLocally(server),
    mode: 'normal',
    breached: new Map(),
    asked: [],
    close: () => closeServer(server),
  };
  return emulator;
}

/** As the service answers: upper case, sorted, each line a suffix and a count; padding has count 0. */
function linesOf(breached: ReadonlyMap<string, number>, prefix: string, padded: boolean): string[] {
  const lines = [...breached].flatMap(([password, count]) => {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase();
    return hash.startsWith(prefix) ? [`${hash.slice(5)}:${count}`] : [];
  });
  while (padded && lines.length < PADDED_LINES) {
    lines.push(`${randomBytes(18).toString('hex').toUpperCase().slice(0, 35)}:0`);
  }
  return lines.sort();
}
