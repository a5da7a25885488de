import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ga4Payload, MOST_BODY_BYTES, validatePayload } from '../../test/emulators/ga4-payload.ts';
import { clientIdOf, type Ga4PageView, type Ga4Visit, packPageViews } from './ga4-events.ts';

const NOW = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;

function view(more: Partial<Ga4PageView> = {}): Ga4PageView {
  return {
    id: 'id',
    visitorId: 'ab'.repeat(16),
    time: NOW,
    host: 'shop.example',
    path: '/pricing',
    query: '',
    referrer: '',
    marketing: false,
    ...more,
  };
}

function pack(views: readonly Ga4PageView[], visits = new Map<string, Ga4Visit>()): Ga4Payload[] {
  return packPageViews(views, 'G-ABCDEF', visits).map(({ body }) => JSON.parse(body) as Ga4Payload);
}

describe('page views for Google', () => {
  it('have the shape of the Measurement Protocol', () => {
    const [payload] = pack([view({ query: 'utm_source=news&token=[redacted]', referrer: 'https://a.example/b' })]);
    expect(payload).toEqual({
      client_id: clientIdOf('ab'.repeat(16), 'G-ABCDEF'),
      timestamp_micros: NOW * 1000,
      consent: { ad_user_data: 'DENIED', ad_personalization: 'DENIED' },
      events: [
        {
          name: 'page_view',
          timestamp_micros: NOW * 1000,
          params: {
            session_id: String(NOW / 1000),
            engagement_time_msec: 1,
            page_location: 'https://shop.example/pricing?utm_source=news&token=[redacted]',
            page_referrer: 'https://a.example/b',
          },
        },
      ],
    });
    expect(validatePayload(payload as Ga4Payload, NOW)).toEqual([]);
  });

  it('carry the marketing choice, each choice in bodies of its own', () => {
    const payloads = pack([view({ marketing: true }), view({ marketing: false })]);
    expect(payloads.map(({ consent }) => consent?.ad_user_data)).toEqual(['GRANTED', 'DENIED']);
  });

  it('do not tell the visitor id, and tell each property another client id', () => {
    const visitorId = '0123456789abcdef0123456789abcdef';
    expect(packPageViews([view({ visitorId })], 'G-ONE1', new Map())[0]?.body).not.toContain(visitorId);
    expect(clientIdOf(visitorId, 'G-ONE1')).toMatch(/^\d{1,10}\.\d{1,10}$/);
    expect(clientIdOf(visitorId, 'G-ONE1')).toBe(clientIdOf(visitorId, 'G-ONE1'));
    expect(clientIdOf(visitorId, 'G-ONE1')).not.toBe(clientIdOf(visitorId, 'G-TWO2'));
  });

  it('are one session while less than half an hour lies between them', () => {
    const times = [0, 10, 39, 69, 70].map((minutes) => NOW + minutes * MINUTE);
    const visits = new Map<string, Ga4Visit>();
    const events = pack(
      times.map((time, i) => view({ time, id: String(i) })),
      visits,
    ).flatMap((payload) => payload.events);
    expect(events.map(({ params }) => [params.session_id, params.engagement_time_msec])).toEqual([
      [String(NOW / 1000), 1],
      [String(NOW / 1000), 10 * MINUTE],
      [String(NOW / 1000), 29 * MINUTE],
      [String((NOW + 69 * MINUTE) / 1000), 1],
      [String((NOW + 69 * MINUTE) / 1000), MINUTE],
    ]);
    // The next batch goes on where this one ended.
    const [later] = pack([view({ time: NOW + 75 * MINUTE })], visits);
    expect(later?.events[0]?.params.session_id).toBe(String((NOW + 69 * MINUTE) / 1000));
  });

  it('of one visitor go 25 at a time, in their order', () => {
    const views = Array.from({ length: 60 }, (_, i) => view({ id: String(i), time: NOW + i }));
    const batches = packPageViews(views, 'G-ABCDEF', new Map());
    expect(batches.map(({ ids }) => ids.length)).toEqual([25, 25, 10]);
    expect(batches.flatMap(({ ids }) => ids)).toEqual(views.map(({ id }) => id));
  });

  it('are always within the limits and valid, whatever paths and referrers are', () => {
    const text = fc.string({ maxLength: 5000, unit: 'binary' });
    const visitor = fc.constantFrom('a'.repeat(32), 'b'.repeat(32));
    const some = fc.record({ path: text, query: text, referrer: text, visitorId: visitor, marketing: fc.boolean() });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 80 }), (all) => {
        const views = all.map((more, i) => view({ ...more, id: String(i), time: NOW + i }));
        const batches = packPageViews(views, 'G-ABCDEF', new Map());
        const ids = batches.flatMap((batch) => batch.ids);
        expect([...ids].sort()).toEqual(views.map(({ id }) => id).sort());
        for (const { body, ids: own } of batches) {
          expect(Buffer.byteLength(body)).toBeLessThanOrEqual(MOST_BODY_BYTES);
          const payload = JSON.parse(body) as Ga4Payload;
          expect(validatePayload(payload, NOW + 100)).toEqual([]);
          expect(payload.events).toHaveLength(own.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
