import type { Records } from '../../src/stores/records.ts';

export interface KeyedTenant {
  id: string;
  /** May send and ask. */
  key: string;
  /** A site of its own; a hub that runs already learns of it in a moment. */
  domain: string;
}

/** A new tenant with an API key. */
export async function newTenant(records: Records, slug: string): Promise<KeyedTenant> {
  const tenant = await records.unscoped.tenants.create({ slug, name: slug });
  if ('refused' in tenant) throw new Error(tenant.detail);
  const { token } = await records.forTenant(tenant.id).keys.create({ scope: 'admin' });
  const domain = `${slug}.example`;
  await records.forTenant(tenant.id).domains.add(domain);
  return { id: tenant.id, key: token, domain };
}
