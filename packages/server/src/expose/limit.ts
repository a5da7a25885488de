import { ProblemError } from './problem.ts';
import type { Allowance } from './token-bucket.ts';

/** Tells the caller its allowance in the headers of the answer, and throws a ProblemError 429 when that is used up. */
export function limit(allowance: Allowance, reply: { headers(values: Record<string, string>): unknown }): void {
  const { allowed, limit: most, remaining, seconds } = allowance;
  reply.headers({
    'ratelimit-limit': String(most),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(seconds),
    'ratelimit-policy': `${most};w=60`,
  });
  if (allowed) return;
  throw new ProblemError(429, 'rate-limited', `more than ${most} calls a minute; try again in ${seconds} s`, {
    headers: { 'retry-after': String(seconds) },
  });
}
