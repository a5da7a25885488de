import { ProblemError } from './problem.ts';
import type { Allowance } from './token-bucket.ts';

interface Reply {
  getHeader(name: string): unknown;
  headers(values: Record<string, string>): unknown;
}

/** Allowances by what they are counted by: the caller, its address, the site that its page is of. */
export type AllowanceName = 'caller' | 'address' | 'site';

/** For the description of answers; see `limit`. */
export const LIMIT_HEADERS = {
  RateLimit: 'What is left of each allowance the call counted against: "name";r=calls left;t=seconds until it is full.',
  'RateLimit-Policy': 'Those allowances: "name";q=calls;w=seconds.',
  'RateLimit-Limit': 'Calls a minute of the allowance of which least is left.',
  'RateLimit-Remaining': 'Calls that are left of it.',
  'RateLimit-Reset': 'Seconds until it is full again; on 429, until the next call is taken.',
} as const;

/**
 * Tells the caller its allowance in the headers of the answer, and throws a ProblemError 429 when that is used up. A
 * call may count against several. RateLimit and RateLimit-Policy are draft-ietf-httpapi-ratelimit-headers-10's; the
 * other three are of its drafts up to 07, which most clients know.
 */
export function limit(name: AllowanceName, allowance: Allowance, reply: Reply): void {
  const { allowed, limit: most, remaining, seconds } = allowance;
  const before = reply.getHeader('ratelimit-remaining');
  const listed = (header: string, item: string) => {
    const others = reply.getHeader(header);
    return { [header]: others === undefined ? item : `${String(others)}, ${item}` };
  };
  reply.headers({
    ...listed('ratelimit', `"${name}";r=${remaining};t=${seconds}`),
    ...listed('ratelimit-policy', `"${name}";q=${most};w=60`),
  });
  if (!allowed || before === undefined || remaining < Number(before)) {
    reply.headers({
      'ratelimit-limit': String(most),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(seconds),
    });
  }
  if (allowed) return;
  throw new ProblemError(429, 'rate-limited', `more than ${most} calls a minute; try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  });
}
