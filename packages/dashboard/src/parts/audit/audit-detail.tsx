import type { AuditRecord } from '@vedette/contract';
import type { ReactNode } from 'react';
import { full } from '../../model/format.ts';
import { audit as words } from '../../text.ts';

/** Everything an entry says. */
export function AuditDetail({ entry }: { entry: AuditRecord }) {
  const { action, actor, address, agent, number, hash, detail } = entry;
  const facts: [string, ReactNode][] = [
    [words.detail.kind, words.kinds[actor.kind]],
    [words.detail.id, actor.id],
    [words.detail.address, address],
    [words.detail.agent, agent],
    ...Object.entries(detail).map(([name, value]): [string, ReactNode] => [
      name,
      <code key={name}>{written(value)}</code>,
    ]),
    [words.detail.action, <code key="action">{action}</code>],
    [words.detail.number, full(number)],
    [words.detail.hash, <code key="hash">{hash}</code>],
  ];
  return (
    <dl className="audit-detail">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="audit-fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
