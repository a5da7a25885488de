import type { PrivacyPolicy } from '@vedette/contract';
import { type KeepingRules, keepingRules } from './consent.ts';
import { DEFAULT_POLICY } from './policy.ts';

/** What of a tenant's policy is asked for interactions and sessions; days. */
export interface InteractionPolicy {
  /** Of rows of people who granted. */
  interactionDays: number;
  sessionDays: number;
  rules: KeepingRules;
}

const known = new WeakMap<PrivacyPolicy, InteractionPolicy>();

/** The same object for the same policy. */
export function interactionPolicyOf(policy: PrivacyPolicy): InteractionPolicy {
  let found = known.get(policy);
  if (found === undefined) {
    const { interactions, sessions } = policy.retention_days;
    found = Object.freeze({ interactionDays: interactions, sessionDays: sessions, rules: keepingRules(policy) });
    known.set(policy, found);
  }
  return found;
}

export const DEFAULT_INTERACTION_POLICY = interactionPolicyOf(DEFAULT_POLICY);
