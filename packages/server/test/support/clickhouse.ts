import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Agent, NO_AGENT, NO_NETWORK, NO_PLACE } from '../../src/model/enrichment.ts';
import type { StoredInteraction } from '../../src/model/interaction.ts';
import { emptyRequest, type RawRequest } from '../../src/model/request.ts';
import { NO_KEYS, type StoredRequest } from '../../src/model/stored-request.ts';
import { uuidv7 } from '../../src/model/uuid.ts';
import { type ClickHouse, openClickHouse } from '../../src/stores/drivers/clickhouse/client.ts';
import { type InteractionStore, openInteractions } from '../../src/stores/interactions.ts';
import { encodeInteractions } from '../../src/stores/interactions-encoding.ts';
import { openRequests, type RequestStore, type RequestStoreOptions } from '../../src/stores/requests.ts';
import { encodeRows } from '../../src/stores/requests-encoding.ts';
import { openSessions, type SessionStore } from '../../src/stores/sessions.ts';
import { startClickHouseFront } from './clickhouse-front.ts';
import { fillEngine } from './template.ts';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
/** A Wednesday noon; nothing in these tests depends on today. */
export const NOON = Date.UTC(2026, 2, 18, 12);
export const TENANT_A = '01950000-0000-7000-8000-00000000000a';
export const TENANT_B = '01950000-0000-7000-8000-00000000000b';
export const PERSON: Agent = { ...NO_AGENT, deviceType: 'Desktop', osName: 'Linux', browserName: 'Firefox' };
export const BOT: Agent = { ...NO_AGENT, deviceType: 'Bot', isBot: true, botName: 'examplebot', botKind: 'search' };

export interface OpenStore {
  clickhouse: ClickHouse;
  store: RequestStore;
  interactions: InteractionStore;
  sessions: SessionStore;
  close(): Promise<void>;
}

/** A store in a directory of its own: embedded, or over HTTP through a front of the same engine. */
export async function openTestStore(
  way: 'embedded' | 'http',
  options: Omit<RequestStoreOptions, 'clickhouse'> = { now: () => NOON + DAY_MS },
): Promise<OpenStore> {
  const directory = await mkdtemp(join(tmpdir(), 'vedette-clickhouse-'));
  await fillEngine(directory, 'clickhouse');
  const front = way === 'http' ? await startClickHouseFront(directory) : null;
  const clickhouse = await openClickHouse(front === null ? { path: directory } : { url: front.url });
  const store = await openRequests({ clickhouse, ...options });
  return {
    clickhouse,
    store,
    interactions: openInteractions({ clickhouse, ...options }),
    sessions: openSessions(clickhouse),
    async close() {
      await clickhouse.close();
      await front?.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A stored request with nothing remarkable about it but what is given. */
export function storedRequest(
  changes: Partial<Omit<StoredRequest, 'request'>> & { request?: Partial<RawRequest> } = {},
): StoredRequest {
  const { request, ...rest } = changes;
  const time = request?.time ?? NOON;
  return {
    id: uuidv7(time),
    tenantId: TENANT_A,
    domain: 'www.example.com',
    received: time + 5,
    expiresOn: Math.floor(time / DAY_MS) + 30,
    kept: true,
    consent: 'unknown',
    visitorId: '',
    keys: NO_KEYS,
    place: NO_PLACE,
    network: NO_NETWORK,
    agent: PERSON,
    botVerified: false,
    threatScore: null,
    threatSources: [],
    attackScore: null,
    attackRules: [],
    origin: 'edge',
    ...rest,
    request: {
      ...emptyRequest(time),
      method: 'GET',
      path: '/',
      route: '/',
      status: 200,
      userAgent: 'test',
      ...request,
    },
  };
}

/** A stored page view of somebody who granted, with nothing remarkable about it but what is given. */
export function storedInteraction(changes: Partial<StoredInteraction> = {}): StoredInteraction {
  const time = changes.time ?? NOON;
  return {
    id: uuidv7(time).replaceAll('-', ''),
    tenantId: TENANT_A,
    domain: 'www.example.com',
    kind: 'page_view',
    time,
    received: time + 5,
    expiresOn: Math.floor(time / DAY_MS) + 396,
    kept: true,
    visitorId: '0123456789abcdef0123456789abcdef',
    keys: NO_KEYS,
    place: NO_PLACE,
    network: NO_NETWORK,
    agent: PERSON,
    path: '/',
    query: '',
    referrer: '',
    name: '',
    value: null,
    ...changes,
  };
}

let tokens = 0;

/** Inserts interactions as one batch, under a token of its own unless one is given. */
export async function insertInteractions(
  store: InteractionStore,
  rows: readonly StoredInteraction[],
  token?: string,
): Promise<void> {
  tokens += 1;
  const bytes = encodeInteractions(rows);
  await store.insert({ token: token ?? `test-i-${process.pid}-${tokens}`, count: rows.length, bytes });
}

/** Inserts rows as one batch, under a token of its own unless one is given. */
export async function insertRows(store: RequestStore, rows: readonly StoredRequest[], token?: string): Promise<void> {
  tokens += 1;
  await store.insert({ token: token ?? `test-${process.pid}-${tokens}`, count: rows.length, bytes: encodeRows(rows) });
}
