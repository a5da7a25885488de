import type { FastifyRequest } from 'fastify';
import { errorText, type Sender, type SourceKind } from '../model/source.ts';
import type { Reception } from '../model/ways-in.ts';
import { tenantOf } from './access.ts';
import type { Hub } from './ports.ts';
import { ProblemError, quotaExceeded } from './problem.ts';

/** Headers by which a sender tells of itself, for the description of the routes. */
export const SENDER_HEADERS = {
  'Vedette-Source': 'What the sender calls itself in the list of sources: a host, a service.',
  'Vedette-Sent-At': 'Its clock, ms since the epoch; tells how far that is off.',
  'Vedette-Dropped': 'Requests its process has given up since that started.',
  'Vedette-Requests': 'How many requests the body holds; tells a body that was cut on its way.',
  'Vedette-Instance': 'Tells apart the processes that send under one name; random, made at the start of each.',
};

/** Whose a call's records are. */
export interface Ownership {
  tenantId: string;
  /** With a key of the installation, each record goes to the tenant whose domain its host is. */
  byHost: boolean;
}

/** Whose the records of a call are. Throws as `tenantOf` does. */
export async function ownershipOf(hub: Hub, request: FastifyRequest): Promise<Ownership> {
  const tenant = await tenantOf(hub, request);
  const named = (request.query as { tenant?: string }).tenant !== undefined;
  return { tenantId: tenant.id, byHost: tenant.isInstallation && !named };
}

/**
 * Throws a ProblemError 429 when a tenant's own sender had nothing taken because the tenant has had its requests of the day;
 * Retry-After is the end of that. A sender that sends for several tenants is told by record: its others are not to wait.
 */
export function refuseBeyondQuota({ byHost }: Ownership, { accepted, rejected }: Reception, now = Date.now()): void {
  const over = rejected.find(({ refusal }) => refusal.refused === 'quota-exceeded');
  if (byHost || accepted > 0 || over === undefined) return;
  throw quotaExceeded(over.refusal.detail, now);
}

/** Who sends, by its headers; the name of its key where it has none of its own. */
export function senderOf(request: FastifyRequest, kind: Exclude<SourceKind, 'file' | 'syslog'>): Sender {
  const { headers } = request;
  const name = String(headers['vedette-source'] ?? '').trim();
  return {
    kind: kind === 'api' && name !== '' ? 'edge' : kind,
    name: name || (request.principal?.label ?? ''),
    agent: headers['user-agent'] ?? '',
    sentAt: wholeOf(headers['vedette-sent-at']) ?? dateOf(headers.date),
    dropped: wholeOf(headers['vedette-dropped']),
    instance: String(headers['vedette-instance'] ?? ''),
  };
}

/**
 * Does the work of a call; what is wrong with the call as a whole is noted in the ledger before it is thrown, because its
 * sender may be a program whose log nobody reads.
 */
export async function noted<T>(hub: Hub, tenantId: string, sender: Sender, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status < 500) {
      const detail = { at: Date.now(), accepted: 0, refused: 0, newest: null, error: errorText(error.message) };
      hub.sources.note(tenantId, { sender, ...detail });
    }
    throw error;
  }
}

function wholeOf(header: string | string[] | undefined): number | null {
  const text = String(header ?? '').trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function dateOf(header: string | undefined): number | null {
  const time = Date.parse(header ?? '');
  return Number.isNaN(time) ? null : time;
}
