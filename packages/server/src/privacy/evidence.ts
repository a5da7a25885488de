import type { Records } from '../stores/records.ts';
import type { PolicyBook } from './policy.ts';
import { DAY_MS } from './retention.ts';

/**
 * Removes consent evidence so many days after the last choice under its proof id, as each tenant's policy has it. Answers
 * ids and slugs of the tenants that lost some, and how many choices.
 */
export async function expireEvidence(
  records: Pick<Records, 'forTenant' | 'unscoped'>,
  policies: Pick<PolicyBook, 'policy'>,
  nowMs: number,
): Promise<{ id: string; tenant: string; removed: number }[]> {
  const expired: { id: string; tenant: string; removed: number }[] = [];
  for (const { id, slug } of await records.unscoped.tenants.list()) {
    const days = policies.policy(id).retention_days.evidence;
    const removed = await records.forTenant(id).consent.expire(nowMs - days * DAY_MS);
    if (removed > 0) expired.push({ id, tenant: slug, removed });
  }
  return expired;
}
