import type { AuditIntegrity } from '@vedette/contract';
import { counted } from '../model/counted.ts';
import { Fault } from '../model/fault.ts';
import type { Finding } from './finding.ts';
import { connectToHub } from './hub-client.ts';

const ADVICE = 'docs/security.md, “Audit log”: compare with an export, and find out who could write to the database';

/** Whether the audit logs are as they were written; the running hub looks, which has the key. */
export async function checkAudit({ data }: { data: string }): Promise<Finding[]> {
  const name = 'audit log';
  try {
    const hub = await connectToHub(data);
    const { logs, weaknesses } = await hub.call<AuditIntegrity>({ method: 'GET', path: '/api/v1/audit/integrity' });
    const entries = logs.reduce((sum, log) => sum + log.entries, 0);
    const wrong = [
      ...weaknesses,
      ...logs.flatMap(({ tenant, faults }) =>
        faults.map(({ number, reason }) => `${tenant}, entry ${number}: ${reason}`),
      ),
    ];
    if (wrong.length > 0) return wrong.map((detail) => ({ name, state: 'bad', detail, advice: ADVICE }));
    const detail = `${counted(entries, 'entry', 'entries')} of ${counted(logs.length, 'tenant')}, all as they were written`;
    return [{ name, state: 'good', detail }];
  } catch (error) {
    const absent = error instanceof Fault && (error.code === 'no-hub' || error.code === 'permission');
    const detail = absent ? 'not looked at: only a running hub can' : (error as Error).message;
    return [{ name, state: absent ? 'good' : 'bad', detail }];
  }
}
