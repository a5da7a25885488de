import type { AuditRecord } from '@vedette/contract';
import type { World } from './world.ts';

/** The newest entries of a tenant's audit log that are of an action, the newest first. */
export async function entriesOf(world: World, slug: string, action: string): Promise<AuditRecord[]> {
  const { json } = await world.control(`/api/v1/audit?tenant=${slug}&action=${action}&limit=100`);
  return json.entries;
}
