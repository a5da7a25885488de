import { findProof, type ProofTools, proofsOf } from './collect/domain-proof.ts';
import type { DomainOwnership } from './expose/ports.ts';
import { isRefusal } from './model/request.ts';
import type { Domain, Log, Records } from './stores/records.ts';
import type { TaskHandler } from './stores/tasks.ts';

const DAY_MS = 86_400_000;
/** A claim that nobody has proved is looked at every day for so long; after that on demand. */
const CHECKED_DAYS = 14;

/** Checks of ownership, on demand. */
export function createDomainOwnership(records: Records, tools: ProofTools): DomainOwnership {
  return {
    proofs: proofsOf,
    async check(tenantId, pattern) {
      const domain = await records.forTenant(tenantId).domains.find(pattern);
      return domain === null ? null : checkDomain(domain, records, tools);
    },
  };
}

/** Checks of ownership, every day for a while. */
export function createDomainChore(records: Records, tools: ProofTools, log: Log): TaskHandler {
  return async ({ signal }) => {
    for (const domain of await records.unscoped.domains.unverified(Date.now() - CHECKED_DAYS * DAY_MS)) {
      signal.throwIfAborted();
      const checked = await checkDomain(domain, records, tools);
      if (!isRefusal(checked) && checked.verifiedAt !== null)
        log.info({ domain: domain.pattern }, 'a domain is verified');
    }
  };
}

/**
 * Looks for the proof and notes what was found. Where another tenant has the domain, its own proof has to be gone before it
 * loses it; what the operator has given stays given.
 */
async function checkDomain(domain: Domain, records: Records, tools: ProofTools) {
  const { tenantId, pattern, token, verifiedBy } = domain;
  // The operator's word needs no proof, and none takes it back.
  if (verifiedBy === 'operator') return domain;
  const found = await findProof(pattern, token, tools);
  const { domains } = records.forTenant(tenantId);
  const noted = await domains.noteCheck(pattern, found, Date.now());
  if (found.by === null || !isRefusal(noted) || noted.refused !== 'domain-taken') return noted;
  const holder = await records.unscoped.domains.verified(pattern);
  if (holder === null || holder.verifiedBy === 'operator') return noted;
  if ((await findProof(pattern, holder.token, tools)).by !== null) return noted;
  await records.unscoped.domains.unverify(
    holder.id,
    'another tenant has proved that it is theirs, and this proof is gone',
  );
  return domains.noteCheck(pattern, found, Date.now());
}
