/** What is left after one call. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the bucket is full again, or, when refused, until the next call is taken. */
  seconds: number;
}

const MOST_BUCKETS = 10_000;

/**
 * Token buckets by name: each holds a minute's worth of calls and refills evenly. Buckets that were not used longest
 * are forgotten, which can only be in the caller's favour.
 */
export function createTokenBuckets(perMinute: number): (name: string, nowMs: number) => Allowance {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const perMs = perMinute / 60_000;
  return (name, nowMs) => {
    const bucket = buckets.get(name) ?? { tokens: perMinute, at: nowMs };
    buckets.delete(name);
    buckets.set(name, bucket);
    if (buckets.size > MOST_BUCKETS) buckets.delete(buckets.keys().next().value as string);
    bucket.tokens = Math.min(perMinute, bucket.tokens + Math.max(0, nowMs - bucket.at) * perMs);
    bucket.at = nowMs;
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    const missing = allowed ? perMinute - bucket.tokens : 1 - bucket.tokens;
    return {
      allowed,
      limit: perMinute,
      remaining: Math.floor(bucket.tokens),
      seconds: Math.ceil(missing / perMs / 1000),
    };
  };
}
