import { netOf } from '../model/address.ts';
import { hashPassword, verifyPassword } from '../model/password.ts';
import type { Refusal } from '../model/request.ts';
import type { GuessBound, User } from '../stores/accounts.ts';
import type { Hub } from './ports.ts';
import { ProblemError } from './problem.ts';

/**
 * Bounds on guesses. A network may fail so often whatever it tries; an account so often, whoever tries, from browsers in
 * which it was never logged in; and each browser in which it was has a bound of its own, so that guessing locks nobody
 * out (OWASP's device cookies). What was right is given back.
 */
export const BOUNDS = {
  network: { most: 20, refillMs: 10 * 60_000 },
  account: { most: 20, refillMs: 60 * 60_000 },
  device: { most: 10, refillMs: 10 * 60_000 },
  // Log-ins by passkey or single sign-on that were begun: nothing can be guessed there, but each is kept for some minutes.
  begun: { most: 100, refillMs: 10 * 60_000 },
} as const satisfies Record<string, GuessBound>;

export interface Attempt {
  email: string;
  password: string;
  /** Canonical address, '' on the control socket. */
  client: string;
  /** What the browser has from an earlier log-in, '' for nothing. */
  device: string;
  /** Hears whose account it is, whatever comes of it; nobody's is null. */
  heard?(user: User | null): void;
}

/** Too many guesses: when it is worth trying again. */
export interface TooMany {
  waitMs: number;
}

/** One bucket: its name and what it holds. */
export interface Bucket {
  name: Buffer;
  bound: GuessBound;
}

/** Takes one from each bucket, up to the first that is empty; those that were taken from, and the wait. */
export async function takeFrom(
  { records }: Pick<Hub, 'records'>,
  buckets: readonly Bucket[],
): Promise<{ waitMs: number; giveBack(): Promise<void> }> {
  const taken: Bucket[] = [];
  const giveBack = async () => {
    for (const { name, bound } of taken) await records.accounts.guesses.giveBack(name, bound);
  };
  for (const bucket of buckets) {
    const waitMs = await records.accounts.guesses.take(bucket.name, bucket.bound);
    if (waitMs > 0) return { waitMs, giveBack };
    taken.push(bucket);
  }
  return { waitMs: 0, giveBack };
}

/** The network of a client, as guesses are counted, or log-ins that it begins. */
export function networkBucket(
  { guessName }: Pick<Hub, 'guessName'>,
  client: string,
  kind: 'network' | 'begun' = 'network',
): Bucket {
  return { name: guessName(kind, netOf(client) || client), bound: BOUNDS[kind] };
}

/** Counts a log-in that is begun by passkey or single sign-on; ms until another one may be when there were too many. */
export async function countBegun(hub: Pick<Hub, 'records' | 'guessName'>, client: string): Promise<number> {
  if (client === '') return 0;
  return (await takeFrom(hub, [networkBucket(hub, client, 'begun')])).waitMs;
}

const WRONG: Refusal = {
  refused: 'wrong-credentials',
  detail: 'no account has this e-mail address and password',
};

/**
 * Whose e-mail address and password these are. Somebody who does not exist costs as much work as somebody who does, and
 * is bounded alike. A disabled account is told only to who knows its password.
 */
export async function checkCredentials(hub: Hub, attempt: Attempt): Promise<User | Refusal | TooMany> {
  const { accounts } = hub.records;
  const email = attempt.email.trim().toLowerCase();
  const found = await accounts.byEmail(email);
  attempt.heard?.(found?.user ?? null);
  const known =
    found !== null && attempt.device !== '' && (await accounts.devices.knows(found.user.id, attempt.device));
  const own: Bucket = known
    ? { name: hub.guessName('device', attempt.device), bound: BOUNDS.device }
    : { name: hub.guessName('account', email), bound: BOUNDS.account };
  const buckets = [...(attempt.client === '' ? [] : [networkBucket(hub, attempt.client)]), own];
  const { waitMs, giveBack } = await takeFrom(hub, buckets);
  if (waitMs > 0) return { waitMs };
  const { right, outdated } = await verifyPassword(attempt.password, found?.passwordHash ?? null).catch(
    async (error: unknown) => {
      // Nothing was checked, so nothing was guessed.
      await giveBack();
      throw error;
    },
  );
  if (!right || found === null) return WRONG;
  await giveBack();
  if (found.user.disabledAt !== null) {
    return {
      refused: 'account-disabled',
      detail: 'this account is disabled; the operator of this installation knows why',
    };
  }
  if (outdated) await accounts.rehash(found.user.id, await hashPassword(attempt.password));
  return found.user;
}

/** 429 that says when it is worth trying again. */
export function tooMany(waitMs: number): ProblemError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ProblemError(429, 'too-many-guesses', `too many log-ins have failed; try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  });
}
