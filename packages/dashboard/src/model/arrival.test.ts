import type { Source, SourcesAnswer } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import { arrivalOf } from './arrival.ts';

const T = '2026-11-25T22:00:00Z';
function source(id: string, part: Partial<Source> = {}): Source {
  return {
    id,
    kind: 'edge',
    name: id,
    agent: '',
    first_seen: T,
    last_seen: T,
    requests: 1,
    refused: 0,
    dropped: 0,
    per_second: 0,
    lag_seconds: null,
    clock_skew_seconds: null,
    last_error: null,
    state: 'live',
    ...part,
  };
}
const nothing: SourcesAnswer = { sources: [], first_request: null, next: null };
const some: SourcesAnswer = { sources: [source('old')], first_request: T, next: null };

describe('arrivalOf', () => {
  it('waits while nothing came, and names who was heard of but refused', () => {
    expect(arrivalOf(nothing, nothing)).toEqual({ state: 'waiting', trouble: [] });
    const refused = source('shop', { requests: 0, refused: 3 });
    const greeted = source('silent', { requests: 0 });
    const longAgo = source('old', { requests: 0, refused: 3, state: 'quiet' });
    const now = { sources: [refused, greeted, longAgo], first_request: null, next: null };
    expect(arrivalOf(nothing, now)).toEqual({ state: 'waiting', trouble: [refused] });
  });
  it('names the source that came first', () => {
    const later = source('b', { first_seen: '2026-11-25T22:00:05Z' });
    const now = { sources: [later, source('a')], first_request: T, next: null };
    expect(arrivalOf(nothing, now)).toMatchObject({ state: 'arrived', source: { id: 'a' }, ever: true });
  });
  it('takes the hub’s word for a first request whose source it does not tell', () => {
    expect(arrivalOf(nothing, { sources: [], first_request: T, next: null })).toEqual({
      state: 'arrived',
      source: null,
      ever: true,
    });
  });
  it('knows of earlier requests, and waits for a source that had sent none', () => {
    expect(arrivalOf(some, some)).toEqual({ state: 'known', first: T, sources: 1, trouble: [] });
    const now = { sources: [source('old', { requests: 9 }), source('new')], first_request: T, next: null };
    expect(arrivalOf(some, now)).toMatchObject({ state: 'arrived', source: { id: 'new' }, ever: false });
    const silent = { ...some, sources: [...some.sources, source('new', { requests: 0 })] };
    expect(arrivalOf(silent, now)).toMatchObject({ state: 'arrived', source: { id: 'new' } });
  });
});
