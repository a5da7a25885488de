import type { AuditRecord } from '@vedette/contract';
import type { FakeAnswer } from './fake-tenant.ts';

const PAGE = 50;

/** Changes of many kinds, the newest first. */
export function sampleAudit(now: number, count = 120): AuditRecord[] {
  const kinds = [
    { action: 'key.create', actor: 'Anna Lind', target: 'nginx on web-1', detail: { scope: 'ingest' } },
    { action: 'session.open', actor: 'Bo Ek', target: null, detail: { factors: ['password', 'totp'] } },
    { action: 'invitation.create', actor: 'Anna Lind', target: 'erik@example.org', detail: { role: 'analyst' } },
    { action: 'privacy-policy.set', actor: 'Bo Ek', target: 'policy', detail: { granted: { from: 396, to: 90 } } },
  ] as const;
  return Array.from({ length: count }, (_, index): AuditRecord => {
    const kind = kinds[index % kinds.length] ?? kinds[0];
    return {
      id: `entry-${count - index}`,
      tenant: 'installation',
      number: count - index,
      time: new Date(now - index * 3_600_000).toISOString(),
      actor: { kind: 'user', id: `user-${kind.actor}`, name: kind.actor },
      action: kind.action,
      target: kind.target,
      detail: kind.detail,
      outcome: index % 9 === 5 ? 'refused' : 'done',
      address: kind.action.startsWith('session') ? '192.0.2.7' : null,
      agent: 'Firefox on Windows',
      hash: index.toString(16).padStart(64, '0'),
    };
  });
}

/** Answers about the log; null for other paths. */
export function answerAudit(
  path: string,
  parameters: URLSearchParams,
  entries: readonly AuditRecord[],
): FakeAnswer | null {
  if (path !== '/audit' && path !== '/audit/export') return null;
  const of = (name: string) => parameters.get(name) ?? '';
  const matching = entries.filter(
    ({ time, actor, action }) =>
      (of('from') === '' || time >= of('from')) &&
      (of('to') === '' || time < of('to')) &&
      actor.name.toLowerCase().includes(of('actor').toLowerCase()) &&
      action.startsWith(of('action')),
  );
  if (path === '/audit/export') {
    const body = matching.map((entry) => JSON.stringify(entry)).join('\n');
    return { status: 200, body, type: 'application/x-ndjson', fileName: `audit.${of('format')}` };
  }
  const from = Number(of('cursor') || 0);
  const next = from + PAGE < matching.length ? String(from + PAGE) : null;
  return { status: 200, body: { entries: matching.slice(from, from + PAGE), next } };
}
