import type { PrivacyAnswer, PrivacyPolicy, PrivacyPreview } from '@vedette/contract';
import type { PolicyDesk } from './expose/ports.ts';
import { describeKept } from './privacy/kept-data.ts';
import { changesInPlainWords, inPlainWords } from './privacy/plain-words.ts';
import { checkPolicy, type PolicyRefusal, privacyPolicyOf } from './privacy/policy.ts';
import type { Records } from './stores/records.ts';
import type { RequestStore } from './stores/requests.ts';

/** Policies as people see and change them. */
export function createPolicyDesk(records: Records, requests: RequestStore): PolicyDesk {
  const storedOf = async (tenantId: string) => {
    const { policy, quota } = await records.forTenant(tenantId).tenant.get();
    return { stored: policy, mostDays: quota.retention_days };
  };
  const answer = async (tenantId: string, policy: PrivacyPolicy): Promise<PrivacyAnswer> => {
    const [there, evidence] = await Promise.all([
      requests.forTenant(tenantId).kept(),
      records.forTenant(tenantId).erasures.kept(),
    ]);
    return { policy, plain: inPlainWords(policy), kept: describeKept([...there, ...evidence], policy) };
  };
  return {
    async get(tenantId) {
      const { stored, mostDays } = await storedOf(tenantId);
      return answer(tenantId, privacyPolicyOf(stored, mostDays));
    },
    async preview(tenantId, written): Promise<PrivacyPreview | PolicyRefusal> {
      const { stored, mostDays } = await storedOf(tenantId);
      const policy = checkPolicy(written, mostDays);
      if ('refused' in policy) return policy;
      const holds = privacyPolicyOf(stored, mostDays);
      return { plain: inPlainWords(policy), changes: changesInPlainWords(holds, policy) };
    },
    async set(tenantId, written) {
      const { stored, mostDays } = await storedOf(tenantId);
      const policy = checkPolicy(written, mostDays);
      if ('refused' in policy) return policy;
      // What else is there stays; the days of before there was a policy are in it now.
      const { retentionDays: _, ...others } = stored;
      await records.forTenant(tenantId).tenant.setPolicy({ ...others, ...policy });
      return answer(tenantId, policy);
    },
  };
}
