import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { parseBounded } from '../model/bounded-json.ts';
import { Fault } from '../model/fault.ts';
import type { GuardedClient, GuardedResponse } from './guarded-client.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
/** Circuits that are remembered; of more, those used longest ago are forgotten, which closes them. */
const MOST_CIRCUITS = 10_000;

/** One call to a provider on behalf of a tenant. */
export interface ProviderCall {
  /** As people know it: it is in messages. */
  provider: string;
  tenantId: string;
  url: string;
  headers?: Record<string, string>;
  /** Sent by POST; without one it is a GET. */
  body?: string;
  /** ms; 10 s unless told. */
  timeoutMs?: number;
  /** Of the answer; 4 MiB unless told. */
  maxBytes?: number;
  signal?: AbortSignal | undefined;
}

export interface ProviderCallsOptions {
  client: Pick<GuardedClient, 'get' | 'post'>;
  /** Failures in a row that open a circuit, and for how long (ms): 5 and one minute unless told. */
  breaker?: { failures: number; openMs: number } | undefined;
}

/**
 * Calls to services of others, with bounds on time and size and one circuit breaker for each provider and tenant, so
 * that neither a provider that is away nor one tenant's wrong settings hold up anything else. An answer below 500 is an
 * answer. Faults: those of the guarded client; `provider-failed` for 5xx; `provider-paused` while a circuit is open.
 */
export interface ProviderCalls {
  call(call: ProviderCall): Promise<GuardedResponse>;
  /** Forgets the failures of a tenant's calls, as after its settings were changed. */
  forget(tenantId: string): void;
}

export function createProviderCalls({ client, breaker }: ProviderCallsOptions): ProviderCalls {
  const { failures, openMs } = breaker ?? { failures: 5, openMs: 60_000 };
  const circuits = new LRUCache<string, CircuitBreakerPolicy>({ max: MOST_CIRCUITS });

  function circuitOf(key: string): CircuitBreakerPolicy {
    let circuit = circuits.get(key);
    if (circuit === undefined) {
      circuit = circuitBreaker(handleAll, { halfOpenAfter: openMs, breaker: new ConsecutiveBreaker(failures) });
      circuits.set(key, circuit);
    }
    return circuit;
  }

  async function ask({ provider, url, headers, body, timeoutMs, maxBytes, signal }: ProviderCall) {
    const limits = { timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, maxBytes: maxBytes ?? DEFAULT_MAX_BYTES, signal };
    const all = { accept: 'application/json', ...headers };
    const answer = await (body === undefined
      ? client.get(url, { ...limits, headers: all })
      : client.post(url, { ...limits, headers: all, body }));
    if (answer.status >= 500) throw new Fault('provider-failed', `${provider} answered with status ${answer.status}`);
    return answer;
  }

  return {
    async call(call) {
      try {
        return await circuitOf(`${call.tenantId} ${call.provider}`).execute(() => ask(call));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        const pause = `${Math.ceil(openMs / 1000)} s`;
        throw new Fault(
          'provider-paused',
          `${call.provider} failed ${failures} times in a row and is left alone for ${pause}`,
          { cause: error },
        );
      }
    },
    forget(tenantId) {
      for (const key of circuits.keys()) if (key.startsWith(`${tenantId} `)) circuits.delete(key);
    },
  };
}

/** The JSON of an answer. Throws Fault `provider-answer` when it is none. */
export function answerJson(provider: string, { body, status }: GuardedResponse): unknown {
  const parsed = parseBounded(body.toString('utf8'));
  if ('error' in parsed) {
    throw new Fault('provider-answer', `${provider} answered with status ${status} and something that is not JSON`);
  }
  return parsed.json;
}

/** An object's fields; of anything else none. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A list's items; of anything else none. */
export function itemsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number, written as one or as text; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,18}(?:\.\d{1,18})?$/.test(value.trim())) return null;
  return Number(value);
}

/** What a provider wrote, in one line and bounded; '' for anything that is no text. */
export function wordsOf(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}
