import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showLeastGroups, showLeastNumber } from './least-group.ts';

const of = (...people: number[]) => people.map((count, index) => ({ name: `g${index}`, people: count }));
const shown = (people: number[], least: number, totalKnown = true) => {
  const { groups, hidden, rest } = showLeastGroups(of(...people), least, totalKnown);
  return { groups: groups.map((group) => group.people), hidden, rest };
};

test.each<[string, number[], ReturnType<typeof shown>]>([
  ['nothing to hide', [9, 5, 7], { groups: [9, 5, 7], hidden: 0, rest: 0 }],
  ['nothing at all', [], { groups: [], hidden: 0, rest: 0 }],
  ['groups of nobody', [0, 9, 0], { groups: [9], hidden: 0, rest: 0 }],
  ['one small group takes the smallest other with it', [100, 3, 20, 8], { groups: [100, 20], hidden: 2, rest: 11 }],
  ['two small groups that are enough together', [100, 3, 4], { groups: [100], hidden: 2, rest: 7 }],
  ['two small groups that are not', [100, 1, 2, 9], { groups: [100], hidden: 3, rest: 12 }],
  ['one small group alone', [3], { groups: [], hidden: 1, rest: null }],
  ['one small group and one other', [3, 50], { groups: [], hidden: 2, rest: 53 }],
  ['small groups that are never enough', [1, 1], { groups: [], hidden: 2, rest: null }],
])('%s', (_name, people, expected) => {
  expect(shown(people, 5)).toEqual(expected);
});

test('without a total one small group is hidden alone', () => {
  expect(shown([100, 3, 20], 5, false)).toEqual({ groups: [100, 20], hidden: 1, rest: null });
});

test.each([
  [0, 0],
  [4, null],
  [5, 5],
])('a number of %i people is shown as %s', (people, expected) => {
  expect(showLeastNumber(people, 5)).toBe(expected);
});

const people = fc.array(fc.oneof(fc.nat(12), fc.nat(2000)), { maxLength: 30 });
const least = fc.integer({ min: 1, max: 40 });

test('no group that is shown is too small, and order and numbers stay', () => {
  fc.assert(
    fc.property(people, least, fc.boolean(), (counts, k, totalKnown) => {
      const groups = of(...counts);
      const answer = showLeastGroups(groups, k, totalKnown);
      for (const group of answer.groups) expect(group.people).toBeGreaterThanOrEqual(k);
      expect(groups.filter((group) => answer.groups.includes(group))).toEqual(answer.groups);
      expect(answer.groups.length + answer.hidden).toBe(groups.filter((group) => group.people > 0).length);
    }),
  );
});

test('what is hidden cannot be worked out from the total: it is nobody, or two groups and enough people, or nothing is shown', () => {
  fc.assert(
    fc.property(people, least, (counts, k) => {
      const { groups, hidden, rest } = showLeastGroups(of(...counts), k);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const left = total - groups.reduce((sum, group) => sum + group.people, 0);
      // `left` is what anybody can work out from a total and the groups shown.
      if (hidden === 0) expect(left).toBe(0);
      else if (groups.length > 0) {
        expect(hidden).toBeGreaterThan(1);
        expect(left).toBeGreaterThanOrEqual(k);
      }
      if (rest !== null) expect(rest).toBe(left);
      else expect(groups).toEqual([]);
    }),
  );
});

test('an attacker who knows all hidden groups but one still faces more than one possibility, or a group large enough', () => {
  // The largest hidden group is known to be the smallest that was added, so only sizes below it are in question.
  fc.assert(
    fc.property(people, least, (counts, k) => {
      const { groups, hidden } = showLeastGroups(of(...counts), k);
      if (hidden === 0 || groups.length === 0) return;
      const small = counts.filter((count) => count > 0 && count < k);
      // A group that is too small is never alone among what is hidden.
      expect(hidden).toBeGreaterThanOrEqual(Math.max(2, small.length));
    }),
  );
});

test('hides no more than it has to', () => {
  fc.assert(
    fc.property(people, least, (counts, k) => {
      const groups = of(...counts);
      const { groups: left } = showLeastGroups(groups, k);
      const hidden = groups.filter((group) => group.people > 0 && !left.includes(group));
      const added = hidden.filter((group) => group.people >= k);
      if (added.length === 0) return;
      const largest = added.reduce((most, group) => (group.people > most.people ? group : most));
      const without = hidden.filter((group) => group !== largest);
      const enough = without.length > 1 && without.reduce((sum, group) => sum + group.people, 0) >= k;
      expect(enough).toBe(false);
    }),
  );
});
