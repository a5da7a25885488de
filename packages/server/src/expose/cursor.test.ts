import fc from 'fast-check';
import type { FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { readPage } from './cursor.ts';
import { ProblemError } from './problem.ts';

const TENANT = '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e21';
const rows = Array.from({ length: 7 }, (_, index) => ({ name: `row ${index}`, at: index % 3 }));
const PARTS = ['number', 'text'] as const;
const positionOf = (row: (typeof rows)[number]) => [row.at, row.name] as const;

function ask(query: Record<string, unknown>, tenant: string | null = TENANT, url = '/api/v1/list') {
  return readPage({ query, routeOptions: { url } } as FastifyRequest, tenant, PARTS);
}

function walk(order: 'ascending' | 'descending', limit: number): string[] {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = ask({ limit, ...(cursor ? { cursor } : {}), where: ['a', 'b'] }).slice(rows, positionOf, order);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    seen.push(...page.rows.map(({ name }) => name));
    cursor = page.next;
  } while (cursor !== null);
  return seen;
}

describe('a walk from page to page', () => {
  const inOrder = rows.toSorted((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1)).map(({ name }) => name);

  test.each([1, 2, 3, 7, 100])('sees every row once, %i at a time', (limit) => {
    expect(walk('ascending', limit)).toEqual(inOrder);
    expect(walk('descending', limit)).toEqual(inOrder.toReversed());
  });

  test('goes on at its place when rows come and go before it', () => {
    const first = ask({ limit: 3 }).slice(rows, positionOf);
    const changed = [{ name: 'a', at: 0 }, ...rows.filter(({ name }) => name !== first.rows[2]?.name)];
    const second = ask({ limit: 9, cursor: first.next }).slice(changed, positionOf);
    expect(second.rows.map(({ name }) => name)).toEqual(inOrder.slice(3));
  });
});

describe('a cursor is refused', () => {
  const { next } = ask({ limit: 2, where: ['a'] }).slice(rows, positionOf);
  const cursor = String(next);

  test.each<[string, () => unknown]>([
    ['for another tenant', () => ask({ cursor, where: ['a'] }, '01a2021a-7c3e-7b1c-9d56-0b6f3f6d8e22')],
    ['for another route', () => ask({ cursor, where: ['a'] }, TENANT, '/api/v1/other')],
    ['with other filters', () => ask({ cursor, where: ['b'] })],
    ['without its filters', () => ask({ cursor })],
    ['cut short', () => ask({ cursor: cursor.slice(0, -1), where: ['a'] })],
    ['as nothing but letters', () => ask({ cursor: 'abc', where: ['a'] })],
    [
      'with a position of another shape',
      () =>
        readPage(
          { query: { cursor, where: ['a'] }, routeOptions: { url: '/api/v1/list' } } as unknown as FastifyRequest,
          TENANT,
          ['number', 'uuid'],
        ),
    ],
  ])('%s', (_, ask) => {
    expect(ask).toThrow(ProblemError);
    expect(ask).toThrow(/cursor/);
  });

  test('whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        fc.pre(text !== '' && text !== cursor);
        expect(() => ask({ cursor: text, where: ['a'] })).toThrow(ProblemError);
      }),
    );
  });

  test('but not for another limit', () => {
    expect(ask({ cursor, limit: 5, where: ['a'] }).after).toEqual([0, 'row 3']);
  });
});
