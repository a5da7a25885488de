import type { PrivacyAnswer, PrivacyPolicy, PrivacyPreview } from '@vedette/contract';
import type { PolicyDesk } from './expose/ports.ts';
import { describeKept } from './privacy/kept-data.ts';
import { changesInPlainWords, inPlainWords } from './privacy/plain-words.ts';
import { checkPolicy, type PolicyRefusal, privacyPolicyOf } from './privacy/policy.ts';
import type { Records } from './stores/records.ts';
import type { RequestStore } from './stores/requests.ts';

/** Policies as people see and change them. */
export function createPolicyDesk(records: Records, requests: RequestStore): PolicyDesk {
  const storedOf = async (tenantId: string) => (await records.forTenant(tenantId).tenant.get()).policy;
  const answer = async (tenantId: string, policy: PrivacyPolicy): Promise<PrivacyAnswer> => {
    const [there, evidence] = await Promise.all([
      requests.forTenant(tenantId).kept(),
      records.forTenant(tenantId).erasures.kept(),
    ]);
    return { policy, plain: inPlainWords(policy), kept: describeKept([...there, ...evidence], policy) };
  };
  return {
    get: async (tenantId) => answer(tenantId, privacyPolicyOf(await storedOf(tenantId))),
    async preview(tenantId, written): Promise<PrivacyPreview | PolicyRefusal> {
      const policy = checkPolicy(written);
      if ('refused' in policy) return policy;
      const holds = privacyPolicyOf(await storedOf(tenantId));
      return { plain: inPlainWords(policy), changes: changesInPlainWords(holds, policy) };
    },
    async set(tenantId, written) {
      const policy = checkPolicy(written);
      if ('refused' in policy) return policy;
      // What else is there stays; the days of before there was a policy are in it now.
      const { retentionDays: _, ...others } = await storedOf(tenantId);
      await records.forTenant(tenantId).tenant.setPolicy({ ...others, ...policy });
      return answer(tenantId, policy);
    },
  };
}
