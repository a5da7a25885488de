import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { refuseImpossibleText } from './possible-text.ts';

const ask = (parts: object) => () => refuseImpossibleText(parts as FastifyRequest);

test.each<[object, string]>([
  [{ query: { tenant: 'a\0' } }, 'query.tenant'],
  // As Fastify makes it.
  [{ query: Object.assign(Object.create(Object.create(null)), { tenant: '\0' }) }, 'query.tenant'],
  [{ params: { id: '\0' } }, 'params.id'],
  [{ query: { where: ['fine', '\ud800'] } }, 'query.where.1'],
  [{ body: { banner: { texts: { en: { title: 'a\0b' } } } } }, 'body.banner.texts.en.title'],
  [{ body: { 'a\udc00': 1 } }, 'body'],
  [{ body: [[['\0']]] }, 'body.0.0.0'],
])('%j is refused at %s', (parts, place) => {
  expect(ask(parts)).toThrow(`${place}: holds U+0000`);
});

test.each<[object]>([
  [{}],
  [{ query: { tenant: 'ä 🦉 \t' }, body: { a: [1, null, true, 'x'] } }],
  [{ body: Readable.from(['\0']) }],
  [{ body: Buffer.from('\0') }],
])('%j is not', (parts) => {
  expect(ask(parts)).not.toThrow();
});
