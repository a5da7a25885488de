import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from './support/world.ts';

let world: World;
let acme: WorldTenant;

beforeAll(async () => {
  // No batch fits into this spool, so that the pipeline takes nothing.
  world = await startWorld({ VEDETTE_SPOOL_MAX: '1KB', VEDETTE_RATE_LIMIT: '20' });
  acme = await world.tenant('acme');
});
afterAll(() => world.stop());

const spans = () => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              kind: 2,
              startTimeUnixNano: `${Date.now()}000000`,
              attributes: [
                { key: 'http.request.method', value: { stringValue: 'GET' } },
                { key: 'url.path', value: { stringValue: `/${'x'.repeat(1500)}` } },
              ],
            },
          ],
        },
      ],
    },
  ],
});
const documents = () =>
  `{"index":{}}\n${JSON.stringify({ '@timestamp': Date.now(), 'http.method': 'GET', 'url.path': `/${'x'.repeat(1500)}` })}\n`;

describe('while there is no room', () => {
  test('OTLP is told so, in its way, and when to come back', async () => {
    const answer = await world.call('/v1/traces', { key: acme.keys.ingest, body: spans() });
    expect([answer.status, answer.json.code]).toEqual([503, 14]);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('_bulk is told so as a whole, so that agents which do not look into items send it again', async () => {
    const answer = await world.call('/elasticsearch/_bulk', { key: acme.keys.ingest, body: documents() });
    expect(answer.json).toMatchObject({ status: 503, error: { type: 'es_rejected_execution_exception' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('the ledger tells of it', async () => {
    const { json } = await world.call('/api/v1/sources', { key: acme.keys.read });
    expect(json.sources.map(({ kind, requests }: Record<string, unknown>) => [kind, requests]).sort()).toEqual([
      ['bulk', 0],
      ['otlp', 0],
    ]);
    for (const { last_error } of json.sources) expect(last_error.text).toMatch(/^not taken: the hub has no room/);
    expect(json.first_request).toBeNull();
  });
});

test('whoever calls too often is told so in the way that its program knows', async () => {
  const { token } = await world.running.hub.records.forTenant(acme.id).keys.create({ scope: 'ingest' });
  for (let i = 0; i < 20; i += 1) {
    const one = await world.call('/elasticsearch', { key: token });
    expect(one.headers.get('ratelimit-remaining')).toBe(String(19 - i));
  }
  const otlp = await world.call('/v1/logs', { key: token, body: {} });
  expect([otlp.status, otlp.json.code]).toEqual([429, 8]);
  const bulk = await world.call('/elasticsearch/_bulk', { key: token, body: documents() });
  expect(bulk.json).toMatchObject({ status: 429, error: { type: 'es_rejected_execution_exception' } });
  for (const { headers } of [otlp, bulk]) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('ratelimit-limit')).toBe('20');
  }
});
