import { describe, expect, it } from 'vitest';
import { fuzzyScore } from './fuzzy.ts';

/** The names that fit, the best first. */
function find(typed: string, names: readonly string[]): string[] {
  return names
    .flatMap((name) => {
      const score = fuzzyScore(typed, name);
      return score === null ? [] : [{ name, score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name);
}

const NAMES = ['Overview', 'Interactions', 'Sources', 'Consent', 'Privacy', 'Integrations', 'Audit log', 'API keys'];

describe('fuzzy matching', () => {
  it.each([
    ['over', 'Overview'],
    ['log', 'Audit log'],
    ['al', 'Audit log'],
    ['ak', 'API keys'],
    ['keys api', 'API keys'],
    ['intr', 'Interactions'],
    ['intg', 'Integrations'],
    ['cns', 'Consent'],
  ])('%j means %s', (typed, name) => {
    expect(find(typed, NAMES)[0]).toBe(name);
  });

  it.each(['xyz', 'logaudit', 'over keys', 'sw'])('%j is none of them', (typed) => {
    expect(find(typed, NAMES)).toEqual([]);
  });

  it('takes accents, capitals and ß as they are typed on any keyboard', () => {
    expect(fuzzyScore('osterreich', 'Österreich')).not.toBeNull();
    expect(fuzzyScore('ÖSTER', 'Österreich')).not.toBeNull();
    expect(fuzzyScore('gross', 'Große Straße')).not.toBeNull();
  });

  it('a whole name is best, then its beginning, then the beginning of a word, then letters within', () => {
    expect(find('log', ['Prologue', 'Audit log', 'Log out', 'log'])).toEqual([
      'log',
      'Log out',
      'Audit log',
      'Prologue',
    ]);
  });

  it('nothing typed fits everything', () => {
    expect(find('', NAMES)).toHaveLength(NAMES.length);
    expect(find('  ', NAMES)).toHaveLength(NAMES.length);
  });

  it('a name of many letters is looked through in no time that grows with its square', () => {
    expect(fuzzyScore('b'.repeat(50), 'a'.repeat(20_000))).toBeNull();
  });
});
