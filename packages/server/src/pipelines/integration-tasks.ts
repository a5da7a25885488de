import { createHash } from 'node:crypto';
import type { IntegrationKind } from '../model/integration.ts';
import type { Tasks } from '../stores/tasks.ts';

/** Names of the tasks that integrations are made of. */
export const SEND_TASK = 'send-measurements';
export const FETCH_TASK = 'fetch-figures';

/** Page views are gathered for so long before they are sent. */
const GATHER_MS = 10_000;
const HOUR_MS = 3_600_000;
/** Attempts after the first: each of Clarity's is one of its ten calls a day. */
export const FETCH_RETRIES: Readonly<Record<IntegrationKind, number>> = { ga4: 5, clarity: 1 };

/** Has a tenant's page views sent soon; asked for many times, by however many processes, it is one task. */
export async function sendSoon(tasks: Tasks, tenantId: string, now: number): Promise<void> {
  const slot = Math.floor(now / GATHER_MS) + 1;
  await sendAt(tasks, tenantId, slot * GATHER_MS);
}

/** Has a tenant's page views sent at a time, in ms since the epoch. */
export async function sendAt(tasks: Tasks, tenantId: string, time: number): Promise<void> {
  const id = taskId(`${SEND_TASK} ${tenantId} ${time}`);
  await tasks.add(SEND_TASK, { tenantId }, { id, urgency: 'low', notBefore: time, retries: 3 });
}

/**
 * Has a provider's figures fetched. `occasion` tells one wish from the next: the same one is one task in an hour.
 * Low, because a provider that hangs must not hold up what the hub itself has to do.
 */
export async function fetchSoon(
  tasks: Tasks,
  { tenantId, kind }: { tenantId: string; kind: IntegrationKind },
  occasion: string,
  now: number,
): Promise<void> {
  const id = taskId(`${FETCH_TASK} ${tenantId} ${kind} ${occasion} ${Math.floor(now / HOUR_MS)}`);
  await tasks.add(FETCH_TASK, { tenantId, kind }, { id, urgency: 'low', retries: FETCH_RETRIES[kind] });
}

/** A UUID (version 8, RFC 9562 §5.8) made of a text, so that the same wish has the same id everywhere. */
function taskId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
