import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel';
import { GenerationCache } from '../flow/generation-cache.ts';
import { addressScope, canonicalAddress } from '../model/address.ts';
import { Fault } from '../model/fault.ts';
import type { GapAnswer, GapSource } from './gap-source.ts';
import { Quota } from './ipwho-quota.ts';

const DAY_MS = 86_400_000;
/** An address that could not be asked about is left alone for this long. */
const RETRY_MS = 5 * 60_000;
/** Pause after "too many" without Retry-After. */
const LIMIT_PAUSE_MS = 60 * 60_000;
const LONGEST_TIMER_MS = 60_000;
const LONGEST_TEXT = 200;
const NOTHING: GapAnswer = Object.freeze({ place: null, system: null });

/** The part of the guarded client that is needed. */
export interface IpwhoFetcher {
  get(
    url: string,
    options: { headers: Record<string, string>; maxBytes: number },
  ): Promise<{ status: number; headers: Record<string, string>; body: Buffer }>;
}

export interface IpwhoOptions {
  fetcher: IpwhoFetcher;
  /** `https://ipwho.is` unless told; paying customers have a host and a key of their own. */
  baseUrl?: string | undefined;
  key?: string | undefined;
  /** Questions a calendar month: 10,000 unless told, which is what the free service gives. */
  perMonth?: number | undefined;
  /** Questions a second: 1 unless told. */
  perSecond?: number | undefined;
  /** How long an answer holds: 24 h unless told. */
  cacheMs?: number | undefined;
  /** Answers kept: 50,000 unless told. */
  cacheSize?: number | undefined;
  /** Addresses waiting to be asked about: 1,000 unless told; more are let go. */
  queueSize?: number | undefined;
  /** Failures in a row that stop the asking, and for how long (ms): 5 and one minute unless told. */
  breaker?: { failures: number; openMs: number } | undefined;
  now?: (() => number) | undefined;
}

export interface IpwhoSource extends GapSource {
  /** Resolves when nothing is being asked and nothing that could be asked now is waiting. */
  idle(): Promise<void>;
  stats(): { asked: number; failed: number; cached: number; waiting: number; usedThisMonth: number };
  close(): void;
}

interface Kept {
  answer: GapAnswer;
  until: number;
}

/**
 * ipwho.is as a second source of place and network. It sends client addresses to a third party, so it is only made when
 * the operator asks for it. Answers are kept for a day; failures are never answers; only global addresses are sent.
 */
export function createIpwho(options: IpwhoOptions): IpwhoSource {
  return new Ipwho(options);
}

class Ipwho implements IpwhoSource {
  readonly #options: IpwhoOptions;
  readonly #now: () => number;
  readonly #quota: Quota;
  readonly #breaker: CircuitBreakerPolicy;
  readonly #kept: GenerationCache<string, Kept>;
  readonly #retryAt = new GenerationCache<string, number>(10_000);
  readonly #waiting = new Set<string>();
  #asking: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #asked = 0;
  #failed = 0;

  constructor(options: IpwhoOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const perSecond = options.perSecond ?? 1;
    const limits = { perSecond, burst: Math.max(1, perSecond * 5), perMonth: options.perMonth ?? 10_000 };
    this.#quota = new Quota(limits, this.#now);
    const { failures, openMs } = options.breaker ?? { failures: 5, openMs: 60_000 };
    this.#breaker = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
    this.#kept = new GenerationCache(options.cacheSize ?? 50_000);
  }

  answer(address: string): GapAnswer | null {
    const kept = this.#kept.get(address);
    if (kept && kept.until > this.#now()) return kept.answer;
    if (this.#closed || addressScope(address) !== 'global') return NOTHING;
    const full = this.#waiting.size >= (this.#options.queueSize ?? 1000);
    if (full || (this.#retryAt.get(address) ?? 0) > this.#now()) return null;
    this.#waiting.add(address);
    this.#start();
    return null;
  }

  async idle(): Promise<void> {
    while (this.#asking) await this.#asking;
  }

  stats(): ReturnType<IpwhoSource['stats']> {
    return {
      asked: this.#asked,
      failed: this.#failed,
      cached: this.#kept.size,
      waiting: this.#waiting.size,
      usedThisMonth: this.#quota.used,
    };
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
    clearTimeout(this.#timer);
  }

  #start(): void {
    this.#asking ??= this.#work().finally(() => {
      this.#asking = null;
    });
  }

  /** Asks about what waits, one after the other, as far as the quota goes; a timer takes it up again. */
  async #work(): Promise<void> {
    // The request that asked must not wait for any of this.
    await new Promise(setImmediate);
    for (const address of this.#waiting) {
      const wait = this.#quota.take();
      if (wait > 0) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#start(), Math.min(wait, LONGEST_TIMER_MS));
        this.#timer.unref();
        return;
      }
      try {
        const answer = await this.#breaker.execute(() => this.#ask(address));
        if (answer) this.#kept.set(address, { answer, until: this.#now() + (this.#options.cacheMs ?? DAY_MS) });
        else continue;
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) this.#failed++;
        this.#retryAt.set(address, this.#now() + RETRY_MS);
      }
      this.#waiting.delete(address);
    }
  }

  /** One question. null: the service wants a pause. Throws when the answer is no answer. */
  async #ask(address: string): Promise<GapAnswer | null> {
    this.#asked++;
    const { fetcher, baseUrl = 'https://ipwho.is', key } = this.#options;
    const query = key ? `?key=${encodeURIComponent(key)}` : '';
    const response = await fetcher.get(`${baseUrl}/${address}${query}`, {
      headers: { accept: 'application/json' },
      maxBytes: 64 * 1024,
    });
    if (response.status === 429) {
      const seconds = Number(response.headers['retry-after']);
      this.#quota.pause(seconds > 0 ? seconds * 1000 : LIMIT_PAUSE_MS);
      return null;
    }
    // Refusals come with 200 or with 4xx; only the body tells them from a fault.
    if (response.status >= 500) throw new Fault('ipwho-failed', `ipwho.is answered with status ${response.status}`);
    const answer = readIpwho(response.body.toString('utf8'), address);
    if (answer === 'limit') {
      this.#quota.pause(LIMIT_PAUSE_MS);
      return null;
    }
    return answer;
  }
}

/**
 * Reads an ipwho.is answer about `address` (canonical). 'limit': the service says the quota is used up. An address the
 * service holds to be reserved or invalid has an answer that knows nothing. Throws Fault `ipwho-failed` for anything
 * else that is not an answer about this very address.
 */
export function readIpwho(text: string, address: string): GapAnswer | 'limit' {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Fault('ipwho-failed', 'ipwho.is answered with something that is not JSON', { cause: error });
  }
  const fields = asObject(body);
  if (fields.success !== true) {
    const message = textOf(fields.message);
    if (/limit|quota|too many/i.test(message)) return 'limit';
    if (/reserved range|invalid ip/i.test(message)) return NOTHING;
    throw new Fault('ipwho-failed', `ipwho.is refused: ${message || 'no reason given'}`);
  }
  if (canonicalAddress(textOf(fields.ip)) !== address) {
    throw new Fault('ipwho-failed', 'ipwho.is answered about another address');
  }
  const connection = asObject(fields.connection);
  const asn = Number.isInteger(connection.asn) && (connection.asn as number) > 0 ? (connection.asn as number) : 0;
  const country = textOf(fields.country_code).toUpperCase();
  const known = /^[A-Z]{2}$/.test(country);
  return {
    place: known ? Object.freeze({ country, region: textOf(fields.region), city: textOf(fields.city) }) : null,
    system: asn > 0 ? Object.freeze({ asn, asOrg: textOf(connection.org), isp: textOf(connection.isp) }) : null,
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, LONGEST_TEXT).trim() : '';
}
