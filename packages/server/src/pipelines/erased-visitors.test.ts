import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { storedRequest, TENANT_A, TENANT_B } from '../../test/support/clickhouse.ts';
import { emptyRequest, isRefusal, type RawRequest } from '../model/request.ts';
import { openErasedIds } from '../privacy/erased-ids.ts';
import { createSealer } from '../privacy/sealing.ts';
import { readBlock } from '../stores/native-block.fixture.ts';
import type { ErasedId } from '../stores/records-erasures.ts';
import { encodeRows } from '../stores/requests-encoding.ts';
import type { SealedValues } from '../stores/sealed.ts';
import { withErasedBeacons, withErasures, withoutErased } from './erased-visitors.ts';
import type { Context, Prepare } from './prepare.ts';

const ERASED = '7711'.repeat(8);
const OTHER = 'beef'.repeat(8);
const AT = 1_790_000_000_000;

/** A list in which `ids` of tenant A are erased. */
async function listOf(...ids: string[]) {
  let kept: Buffer | null = null;
  const rows: ErasedId[] = [];
  const sealed = {
    secret: async (name: string, candidate: (purpose: string) => Buffer) => {
      kept ??= candidate(`secret ${name}`);
      return { sealed: kept, purpose: `secret ${name}` };
    },
  } as SealedValues;
  const list = await openErasedIds({ sealed, erasedIds: async () => rows }, createSealer(randomBytes(32)));
  for (const id of ids) rows.push({ tenantId: TENANT_A, hash: list.hash(TENANT_A, id), erasedAt: AT });
  await list.refresh();
  return list;
}

test('ids are known by their tenant and nobody else’s, and the hashes do not hold them', async () => {
  const list = await listOf(ERASED);
  expect(list.size).toBe(1);
  expect([list.erasedAt(TENANT_A, ERASED), list.erasedAt(TENANT_B, ERASED)]).toEqual([AT, null]);
  expect(list.erasedAt(TENANT_A, OTHER)).toBeNull();
  expect(list.hash(TENANT_A, ERASED).toString('hex')).not.toContain(ERASED);
  expect(list.hash(TENANT_A, ERASED)).not.toEqual(list.hash(TENANT_B, ERASED));
  // Another installation has another key.
  expect((await listOf()).hash(TENANT_A, ERASED)).not.toEqual(list.hash(TENANT_A, ERASED));
});

test('a batch loses the rows of erased visitors of its tenants, and nothing else', async () => {
  const visitors: [string, string][] = [
    [TENANT_A, ERASED],
    [TENANT_A, OTHER],
    [TENANT_B, ERASED],
    [TENANT_A, ''],
  ];
  const rows = visitors.map(([tenantId, visitorId]) => storedRequest({ tenantId, visitorId }));
  const batch = { token: 't', count: rows.length, bytes: encodeRows(rows) };
  const cut = withoutErased(batch, await listOf(ERASED));
  expect(cut.count).toBe(3);
  expect(readBlock(cut.bytes).columns.visitor_id).toEqual([OTHER, ERASED, '']);
  // While nothing is erased, a batch is not even looked into.
  expect(withoutErased(batch, await listOf())).toBe(batch);
  expect(withoutErased(batch, await listOf('0'.repeat(32)))).toBe(batch);
});

test.each<[string, Partial<RawRequest>, 'erased' | RawRequest['consent']]>([
  ['late', { time: AT - 1 }, 'erased'],
  ['of the same moment', { time: AT }, 'erased'],
  ['anew', { time: AT + 1 }, 'refused'],
  ['of another visitor', { time: AT - 1, headers: { 'vedette-visitor-id': OTHER } }, 'granted'],
  ['without an id', { time: AT - 1, headers: null }, 'granted'],
])('a request %s', async (_name, change, expected) => {
  const seen: RawRequest[] = [];
  const prepare = Object.assign(
    (raw: RawRequest) => {
      seen.push(raw);
      return storedRequest({ request: raw });
    },
    { parts: {} },
  ) as unknown as Required<Prepare> & Prepare;
  const guarded = withErasures(prepare, await listOf(ERASED));
  const headers = { 'vedette-visitor-id': ERASED, accept: '*/*' };
  const raw: RawRequest = { ...emptyRequest(AT), consent: 'granted', headers, ...change };
  const row = guarded(raw, { tenantId: TENANT_A } as Context);
  if (expected === 'erased') {
    expect(isRefusal(row) && row.refused).toBe('erased');
    expect(seen).toEqual([]);
  } else {
    expect(seen[0]?.consent).toBe(expected);
    if (expected === 'refused') expect(seen[0]?.headers).toEqual({ accept: '*/*' });
  }
});

test('a page that tells under the id of an erased visitor tells as one of somebody who refused', async () => {
  const list = await listOf(ERASED);
  const seen: unknown[] = [];
  const prepare = withErasedBeacons((beacon) => {
    seen.push([beacon.choice, beacon.visitorId]);
    return [];
  }, list);
  const beacon = {
    domain: 'shop.example',
    clientAddress: '',
    userAgent: null,
    choice: 'granted' as const,
    gpc: false,
    dnt: false,
    events: [],
  };
  const policy = { retention: 30 } as unknown as Parameters<typeof prepare>[2];
  for (const [tenantId, visitorId] of [
    [TENANT_A, ERASED],
    [TENANT_B, ERASED],
    [TENANT_A, OTHER],
    [TENANT_A, ''],
  ] as const) {
    prepare({ ...beacon, tenantId, visitorId }, AT, policy);
  }
  expect(seen).toEqual([
    ['refused', ''],
    ['granted', ERASED],
    ['granted', OTHER],
    ['granted', ''],
  ]);
});
