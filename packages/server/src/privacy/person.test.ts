import { expect, test } from 'vitest';
import type { PersonIds, PersonPlace } from '../stores/person-places.ts';
import type { Erasure, TenantErasures } from '../stores/records-erasures.ts';
import type { Texts } from '../stores/texts.ts';
import type { ErasedIds } from './erased-ids.ts';
import { erasePerson, exportPerson, type LyingPlace, type PersonTools } from './person.ts';

const TENANT = '01950000-0000-7000-8000-00000000000a';

/** One place with rows under ids, one store that is searched, and a list of erasures, all in memory. */
function toolsOf(change: { rows?: string[]; late?: string[]; links?: [string, string][]; lying?: LyingPlace[] } = {}) {
  let rows = [...(change.rows ?? [])];
  const late = [...(change.late ?? [])];
  const recorded: Erasure[] = [];
  const remembered: string[] = [];
  const place: PersonPlace = {
    name: 'memory',
    what: 'rows',
    async *export({ visitors }) {
      for (const row of rows.filter((one) => visitors.includes(one))) yield { row };
    },
    async erase({ visitors }) {
      const before = rows.length;
      rows = rows.filter((row) => !visitors.includes(row));
      const erased = before - rows.length;
      // What another process stored between the deletion and the search.
      rows.push(...late.splice(0, 1));
      return erased;
    },
  };
  const texts = {
    engine: 'Memory',
    async *search(needles: readonly string[]) {
      yield { table: 'rows', found: rows.filter((row) => needles.includes(row)).length };
    },
  } as unknown as Texts;
  const erasures = {
    async linked({ proofs, visitors }: PersonIds) {
      const found = (change.links ?? []).filter(
        ([proof, visitor]) => proofs.includes(proof) || visitors.includes(visitor),
      );
      return {
        proofs: [...new Set([...proofs, ...found.map(([proof]) => proof)])],
        visitors: [...new Set([...visitors, ...found.map(([, visitor]) => visitor)])],
      };
    },
    known: async () => null,
    remember: async (_id: string, hashes: readonly Buffer[]) => void remembered.push(...hashes.map(String)),
    record: async (erasure: Erasure) => void recorded.push(erasure),
    newId: () => 'e1',
  } as unknown as TenantErasures;
  const erasedIds = {
    hash: (_: string, id: string) => Buffer.from(`#${id}`),
    refresh: async () => undefined,
  } as unknown as ErasedIds;
  const tools: PersonTools = {
    tenantId: TENANT,
    erasures,
    places: [place],
    texts: [texts],
    lying: change.lying ?? [],
    erasedIds,
    settleMs: 0,
  };
  return { tools, recorded, remembered };
}

const person = (visitor: string): PersonIds => ({ proofs: [], visitors: [visitor] });

test('ids that belong together are followed, however far', async () => {
  const links: [string, string][] = [
    ['p1', 'v1'],
    ['p1', 'v2'],
    ['p2', 'v2'],
    ['p3', 'other'],
  ];
  const { tools, remembered } = toolsOf({ rows: ['v1', 'v2', 'other'], links });
  const found: unknown[] = [];
  for await (const { record } of exportPerson(person('v1'), tools)) found.push(record.row);
  expect(found).toEqual(['v1', 'v2']);
  const { erased, complete } = await erasePerson(person('v1'), tools);
  expect([erased, complete]).toEqual([[{ place: 'memory', rows: 2 }], true]);
  expect(remembered.sort()).toEqual(['#p1', '#p2', '#v1', '#v2']);
});

test('more ids than one person has are refused, before anything is done', async () => {
  const links = Array.from({ length: 1500 }, (_, index): [string, string] => ['p', `v${index}`]);
  const { tools, recorded, remembered } = toolsOf({ links });
  await expect(erasePerson(person('v0'), tools)).rejects.toMatchObject({ code: 'too-many-ids' });
  expect([recorded, remembered]).toEqual([[], []]);
});

test('what is stored between the deletion and the search is deleted, too', async () => {
  const { tools, recorded } = toolsOf({ rows: ['v1'], late: ['v1'] });
  const erasure = await erasePerson(person('v1'), tools);
  expect(erasure).toMatchObject({ complete: true, erased: [{ place: 'memory', rows: 2 }] });
  expect(recorded).toMatchObject([{ id: 'e1', complete: true }]);
});

test('what is left anywhere, or cannot be searched, is told', async () => {
  const lying = (name: string, search: () => Promise<number>): LyingPlace => ({ name, erase: async () => 0, search });
  const left = toolsOf({ lying: [lying('spool', async () => 2)] });
  expect(await erasePerson(person('v1'), left.tools)).toMatchObject({
    complete: false,
    searched: [
      { place: 'Memory rows', found: 0 },
      { place: 'spool', found: 2 },
    ],
  });
  const away = toolsOf({ lying: [lying('Kafka', () => Promise.reject(new Error('nobody there')))] });
  const { complete, searched } = await erasePerson(person('v1'), away.tools);
  expect([complete, searched.at(-1)?.place]).toEqual([false, 'Kafka, not searched to its end: nobody there']);
  expect(away.recorded.length).toBe(1);
});
