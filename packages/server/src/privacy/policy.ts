import { PrivacyPolicy } from '@vedette/contract';
import type { TObject, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Refusal } from '../model/request.ts';
import { DEFAULT_RULES, type KeepingRules, keepingRules } from './consent.ts';
import { DEFAULT_RETENTION_DAYS, type RetentionDays } from './retention.ts';

/** What holds where a tenant has set nothing. */
export const DEFAULT_POLICY: PrivacyPolicy = deepFreeze({
  retention_days: { ...DEFAULT_RETENTION_DAYS, interactions: 396, sessions: 396, evidence: 1095 },
  unknown: 'pseudonymous',
  city: true,
  referrer: 'full',
  honour_dnt: false,
  least_group: 5,
  banner: { enabled: true, purposes: ['analytical'], policy_url: null, ask_again_days: 180, texts: {} },
});

/** A policy that cannot be, and where it is wrong: `retention_days.unknown`. */
export interface PolicyRefusal extends Refusal {
  field: string;
}

const MOST_LANGUAGES = 50;
/** What an operator's bound on retention is about. Evidence of consent is not: it proves that the rest was allowed. */
const BOUNDED = ['granted', 'unknown', 'refused', 'interactions', 'sessions'] as const;
const whole = Compile(PrivacyPolicy);

/**
 * A policy as somebody has written it, or the first thing that is wrong with it. It has to be complete. `mostDays`: as long
 * as the operator allows the tenant to keep anything of its traffic.
 */
export function checkPolicy(value: unknown, mostDays: number | null = null): PrivacyPolicy | PolicyRefusal {
  if (!whole.Check(value)) {
    const [first] = whole.Errors(value);
    const missing = first?.keyword === 'required' ? (first.params as { requiredProperties: string[] }) : null;
    const unknown =
      first?.keyword === 'additionalProperties' ? (first.params as { additionalProperties: string[] }) : null;
    const names = [
      ...(first?.instancePath ?? '').split('/').slice(1),
      ...(missing?.requiredProperties.slice(0, 1) ?? unknown?.additionalProperties.slice(0, 1) ?? []),
    ];
    const why = missing ? 'is missing' : unknown ? 'is not known here' : (first?.message ?? 'is wrong');
    return refuse(names.join('.') || 'policy', why);
  }
  const tooLong = BOUNDED.find((name) => mostDays !== null && value.retention_days[name] > mostDays);
  if (tooLong !== undefined) {
    return refuse(
      `retention_days.${tooLong}`,
      `is more than the ${mostDays} days that the operator allows this tenant`,
    );
  }
  const { purposes, policy_url: url, texts } = value.banner;
  if (new Set(purposes).size < purposes.length) return refuse('banner.purposes', 'names one twice');
  if (url !== null && !URL.canParse(url)) return refuse('banner.policy_url', 'is no URL');
  if (Object.keys(texts).length > MOST_LANGUAGES) {
    return refuse('banner.texts', `has more than ${MOST_LANGUAGES} languages`);
  }
  return value;
}

function refuse(field: string, why: string): PolicyRefusal {
  return { refused: 'bad-policy', detail: `${field}: ${why}`, field };
}

const parts = new Map<TSchema, ReturnType<typeof Compile<TSchema>>>();

/**
 * The policy that holds for a tenant: what it has set, and the default for what it has not, or what cannot be. Days of
 * rows may also stand under `retentionDays`, as they did before there was a policy. Nothing is kept longer than `mostDays`,
 * whatever was set before the operator said so. Frozen.
 */
export function privacyPolicyOf(
  stored: Readonly<Record<string, unknown>>,
  mostDays: number | null = null,
): PrivacyPolicy {
  const { retentionDays, retention_days } = stored;
  const days = {
    ...(isObject(retentionDays) ? retentionDays : {}),
    ...(isObject(retention_days) ? retention_days : {}),
  };
  const policy = complete(PrivacyPolicy, DEFAULT_POLICY, { ...stored, retention_days: days }) as PrivacyPolicy;
  const checked = checkPolicy(policy);
  // What only holds between fields.
  const whole = 'refused' in checked ? { ...policy, banner: DEFAULT_POLICY.banner } : checked;
  if (mostDays === null) return deepFreeze(whole);
  const bounded = BOUNDED.map((name) => [name, Math.min(whole.retention_days[name], mostDays)]);
  return deepFreeze({ ...whole, retention_days: { ...whole.retention_days, ...Object.fromEntries(bounded) } });
}

/** Each field as given where it fits its schema, by default otherwise. */
function complete(schema: TObject, defaults: object, given: object): object {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => {
      const fallback = (defaults as Record<string, unknown>)[name];
      const value = (given as Record<string, unknown>)[name];
      // A record of texts has no fields of its own.
      if (isObject(fallback) && 'properties' in property) {
        return [name, complete(property as unknown as TObject, fallback, isObject(value) ? value : {})];
      }
      return [name, fits(property, value) ? structuredClone(value) : fallback];
    }),
  );
}

function fits(schema: TSchema, value: unknown): boolean {
  let compiled = parts.get(schema);
  if (compiled === undefined) {
    compiled = Compile(schema);
    parts.set(schema, compiled);
  }
  return compiled.Check(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

/** What of a policy is asked for each request. */
export interface TrafficPolicy {
  retention: RetentionDays;
  rules: KeepingRules;
}

export const DEFAULT_TRAFFIC_POLICY: TrafficPolicy = Object.freeze({
  retention: DEFAULT_RETENTION_DAYS,
  rules: DEFAULT_RULES,
});

export function trafficPolicyOf({ retention_days: days, ...rest }: PrivacyPolicy): TrafficPolicy {
  const { granted, unknown, refused } = days;
  return Object.freeze({ retention: Object.freeze({ granted, unknown, refused }), rules: keepingRules(rest) });
}

/** The policies of all tenants, each resolved once after it was set. */
export interface PolicyBook {
  policy(tenantId: string): PrivacyPolicy;
  traffic(tenantId: string): TrafficPolicy;
}

/**
 * `stored`: as a tenant has set it, the same object while it is unchanged; undefined for an unknown tenant. `mostDays`: as
 * long as the operator allows it to keep anything; null: no bound.
 */
export function createPolicyBook(
  stored: (tenantId: string) => Readonly<Record<string, unknown>> | undefined,
  mostDays: (tenantId: string) => number | null = () => null,
): PolicyBook {
  const known = new WeakMap<object, { most: number | null; policy: PrivacyPolicy; traffic: TrafficPolicy }>();
  const defaults = { policy: DEFAULT_POLICY, traffic: DEFAULT_TRAFFIC_POLICY };
  const resolve = (tenantId: string) => {
    const own = stored(tenantId);
    if (own === undefined) return defaults;
    const most = mostDays(tenantId);
    let resolved = known.get(own);
    if (resolved === undefined || resolved.most !== most) {
      const policy = privacyPolicyOf(own, most);
      resolved = { most, policy, traffic: trafficPolicyOf(policy) };
      known.set(own, resolved);
    }
    return resolved;
  };
  return { policy: (tenantId) => resolve(tenantId).policy, traffic: (tenantId) => resolve(tenantId).traffic };
}
