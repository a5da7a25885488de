import type { Source } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import { isSkewed, kindsOf, narrowSources, parseSourcesView, sortSources } from './sources.ts';

function source(part: Partial<Source>): Source {
  return {
    id: part.name ?? 'a',
    kind: 'edge',
    name: 'a',
    agent: '',
    first_seen: '2026-11-01T00:00:00Z',
    last_seen: '2026-11-25T22:00:00Z',
    requests: 1,
    refused: 0,
    dropped: 0,
    per_second: 0,
    lag_seconds: null,
    clock_skew_seconds: null,
    last_error: null,
    state: 'quiet',
    ...part,
  };
}

const shop = source({ name: 'shop-1', agent: '@vedette/edge 0.1.0', state: 'live' });
const log = source({ name: 'www', kind: 'syslog', agent: 'nginx', last_seen: '2026-11-24T00:00:00Z' });
const otlp = source({ name: 'checkout', kind: 'otlp', last_seen: '2026-11-25T00:00:00Z' });

describe('sortSources', () => {
  const now = Date.parse('2026-11-25T22:00:20Z');
  const names = (sources: readonly Source[]) => sortSources(sources, now).map(({ name }) => name);
  it('puts the last heard of first, and keeps busy ones in place however often they are heard of', () => {
    const other = source({ name: 'edge-9', state: 'live', last_seen: '2026-11-25T22:00:09Z' });
    const slow = source({ name: 'a-slow-one', state: 'live', last_seen: '2026-11-25T21:59:00Z' });
    expect(names([log, other, slow, otlp, shop])).toEqual(['edge-9', 'shop-1', 'a-slow-one', 'checkout', 'www']);
    expect(names([{ ...shop, last_seen: '2026-11-25T22:00:15Z' }, other])).toEqual(['edge-9', 'shop-1']);
  });
  it('puts what was never seen last', () => {
    expect(names([source({ name: 'never', last_seen: '' }), log])).toEqual(['www', 'never']);
  });
});

describe('narrowSources', () => {
  const all = [shop, log, otlp];
  it.each([
    ['', all],
    ['?kind=syslog', [log]],
    ['?find=VEDETTE', [shop]],
    ['?find=opentelemetry', [otlp]],
    ['?find=edge+shop', [shop]],
    ['?find=edge+www', []],
    ['?kind=edge&find=nginx', []],
    ['?kind=constructor', []],
  ])('%s', (search, expected) => {
    expect(narrowSources(all, parseSourcesView(search))).toEqual(expected);
  });
});

it('counts kinds, most first', () => {
  expect(kindsOf([log, shop, source({ kind: 'edge' })])).toEqual([
    { kind: 'edge', count: 2 },
    { kind: 'syslog', count: 1 },
  ]);
});

it.each([
  [null, false],
  [5, false],
  [-5, false],
  [5.1, true],
  [-259_200, true],
])('a clock off by %s s', (clock_skew_seconds, skewed) => {
  expect(isSkewed({ clock_skew_seconds })).toBe(skewed);
});
