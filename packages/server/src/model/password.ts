import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Fault } from './fault.ts';
import type { Refusal } from './request.ts';

// Argon2id as RFC 9106 describes it, with the parameters OWASP's Password Storage Cheat Sheet names first: 19 MiB, two
// passes, one lane. Hashes are kept as PHC strings, so that stronger parameters can be told from older ones.
const COST = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const LEAST = 12;
/** Longer ones only cost time; OWASP ASVS 5.0, 6.2.9 asks for at least 64. */
const MOST = 256;
/** Of what is kept: parameters that cost more than this are not ours, and not worked out. */
const MOST_MEMORY = 262_144;
const MOST_PASSES = 16;
/** Hashes under way at once: each takes 19 MiB and a core. */
const AT_ONCE = 2;
/** And so many may wait for their turn, some seconds' work: whoever comes after that is told to come again. */
const MOST_WAITING = 100;

const derive = promisify(argon2);

export const PASSWORD_RULES = Object.freeze({ min_length: LEAST, max_length: MOST });

let underWay = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting.length >= MOST_WAITING) {
    throw new Fault('overloaded', 'more passwords wait to be checked than the hub can; try again in a moment');
  }
  if (underWay >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  underWay += 1;
  try {
    return await work();
  } finally {
    underWay -= 1;
    waiting.shift()?.();
  }
}

/** How many hashes were worked out since the start. */
export const passwordWork = { hashes: 0 };

function tagOf(
  password: string,
  nonce: Buffer,
  { memory, passes, parallelism }: typeof COST,
  tagLength: number,
): Promise<Buffer> {
  // Canonically the same, however a keyboard composes it (NIST SP 800-63B, 5.1.1.2).
  const message = Buffer.from(password.normalize('NFKC'), 'utf8');
  return inTurn(() => {
    passwordWork.hashes += 1;
    return derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength }) as Promise<Buffer>;
  });
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** A new salted hash of a password, as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const tag = await tagOf(password, salt, COST, TAG_BYTES);
  const { memory, passes, parallelism } = COST;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** What is checked where nobody has a password, so that it takes as long. */
const NOBODY = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${base64(Buffer.alloc(SALT_BYTES))}$${base64(Buffer.alloc(TAG_BYTES))}`;

/**
 * Whether a password is the one that was hashed. With null, as for somebody who does not exist, the same is worked out
 * and the answer is no. `outdated`: it is, and was hashed at other costs than new ones are.
 */
export async function verifyPassword(
  password: string,
  hash: string | null,
): Promise<{ right: boolean; outdated: boolean }> {
  const [, m, t, p, salt = '', tag = ''] = PHC.exec(hash ?? NOBODY) ?? [];
  const cost = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  if (!(cost.memory <= MOST_MEMORY && cost.passes <= MOST_PASSES) || password.length > MOST) {
    return { right: false, outdated: false };
  }
  const kept = Buffer.from(tag, 'base64');
  const worked = await tagOf(password, Buffer.from(salt, 'base64'), cost, kept.length);
  const right = timingSafeEqual(worked, kept) && hash !== null;
  const outdated = right && (cost.memory !== COST.memory || cost.passes !== COST.passes);
  return { right, outdated };
}

/**
 * What a password may not be, whoever's it is: too short, too long, one character over and over, or what everybody can
 * guess from the account. No rules about kinds of characters (NIST SP 800-63B).
 */
export function refusePassword(password: string, of: { email: string; name: string }): Refusal | null {
  const refuse = (detail: string): Refusal => ({ refused: 'weak-password', detail });
  const length = [...password].length;
  if (length < LEAST) return refuse(`a password has at least ${LEAST} characters; this one has ${length}`);
  if (password.length > MOST) return refuse(`a password has at most ${MOST} characters`);
  if (new Set(password.toLowerCase()).size < 4) return refuse('a password needs more than three different characters');
  const plain = password.toLowerCase();
  const [local = '', host = ''] = of.email.toLowerCase().split('@');
  const known = [of.email, local, host.split('.')[0] ?? '', ...of.name.split(/\s+/), 'vedette', 'password', 'passwort'];
  const rest = known
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= 4)
    .sort((a, b) => b.length - a.length)
    .reduce((text, word) => text.replaceAll(word, ''), plain);
  if (rest !== plain && rest.replace(/[\d\W_]/g, '').length < 4) {
    return refuse('this password is made of the name, the e-mail address or a word that everybody tries first');
  }
  return null;
}
