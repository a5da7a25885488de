import type { AuditAnswer } from '@vedette/contract';
import { useView } from '../state/view-context.ts';
import { addressOf } from './asked.ts';
import { usePages } from './managed.ts';

/** Which entries of the log; '' for all. */
export interface AuditFilter {
  from: string;
  to: string;
  actor: string;
  action: string;
}

const PATH = '/api/v1/audit';

/** The entries of the tenant of the screen, the newest first. */
export function useAudit(filter: AuditFilter) {
  return usePages<AuditAnswer>(PATH, { ...filter });
}

/** The address of all of them as a file. */
export function useAuditExport(filter: AuditFilter): (format: 'csv' | 'ndjson') => string {
  const { tenant } = useView();
  return (format) => addressOf(`${PATH}/export`, tenant.id, { ...filter, format });
}
