import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { GuardedClient } from '../flow/guarded-client.ts';
import { Fault } from '../model/fault.ts';
import type { Refusal } from '../model/request.ts';

/** Who sets a password waits for the answer, so it is not waited for longer. */
const TIMEOUT_MS = 2000;
/** A padded answer has some 40 KB. */
const MAX_BYTES = 256 * 1024;
const PREFIX_DIGITS = 5;
const LINE = /^([0-9A-F]{35}):(\d{1,12})$/;
/** Answers kept, and for how long: breaches are added some times a year. */
const KEPT_ANSWERS = 200;
const KEPT_MS = 24 * 3_600_000;

/** Says whether a password may be set; null when it may. */
export type PasswordCheck = (password: string) => Promise<Refusal | null>;

export interface BreachedPasswordOptions {
  client: Pick<GuardedClient, 'get'>;
  /** Where the range API answers; without a final slash. */
  url: string;
  /** Told why the service could not be asked; nothing of the password is in it. */
  onUnreachable(reason: string): void;
}

/**
 * Asks the range API of Pwned Passwords (HIBP v3) whether a password is known from a breach. All that leaves are the
 * first five hexadecimal digits of its SHA-1, which it shares with some thousand others; the answer's length tells
 * nothing either (Add-Padding). Refusal: `breached-password`. Where the service does not answer within two seconds the
 * password is allowed.
 */
export function createBreachedPasswordCheck({ client, url, onUnreachable }: BreachedPasswordOptions): PasswordCheck {
  const answers = new LRUCache<string, ReadonlyMap<string, number>>({ max: KEPT_ANSWERS, ttl: KEPT_MS });

  async function rangeOf(prefix: string): Promise<ReadonlyMap<string, number>> {
    const kept = answers.get(prefix);
    if (kept !== undefined) return kept;
    const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    const { status, body } = await client.get(`${url}/range/${prefix}`, {
      ...limits,
      headers: { 'add-padding': 'true' },
    });
    if (status !== 200) throw new Fault('provider-failed', `the service answered with status ${status}`);
    const range = readRange(body.toString('latin1'));
    answers.set(prefix, range);
    return range;
  }

  return async (password) => {
    const hash = createHash('sha1').update(password, 'utf8').digest('hex').toUpperCase();
    let seen: number | undefined;
    try {
      seen = (await rangeOf(hash.slice(0, PREFIX_DIGITS))).get(hash.slice(PREFIX_DIGITS));
    } catch (error) {
      // The URL in the message ends in the digits, which are nobody's business in a log.
      onUnreachable(error instanceof Fault ? error.code : 'unknown');
      return null;
    }
    if (seen === undefined) return null;
    return {
      refused: 'breached-password',
      detail: `this password has been seen ${seen.toLocaleString('en')} times in data breaches, so that attackers try it; choose another`,
    };
  };
}

/** Suffixes and how often each was seen. Lines that only pad the answer (count 0) go. Fault `provider-answer`. */
function readRange(text: string): Map<string, number> {
  const range = new Map<string, number>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    const [, suffix, count] = LINE.exec(line) ?? [];
    if (suffix === undefined) throw new Fault('provider-answer', 'a line of the answer is no suffix and count');
    if (Number(count) > 0) range.set(suffix, Number(count));
  }
  return range;
}
