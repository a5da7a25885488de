/** A figure of one group, such as a country, and how many people are in it. */
export interface Group {
  people: number;
}

/** Where a group is shown, and where it is not. */
export interface Shown<G extends Group> {
  /** In the order given. */
  groups: G[];
  /** Groups that are not shown. */
  hidden: number;
  /** People in them, together; null where that would tell of one group or of fewer than the least number of people. */
  rest: number | null;
}

/**
 * k-anonymity for figures that leave a tenant: groups of fewer than `least` people are not shown. Where the total is
 * known as well, one group that is not shown could be worked out from it, and so could several that are together fewer
 * than `least`; then the smallest of the others is hidden with them (complementary suppression). What is hidden holds
 * either nobody, or at least two groups and `least` people; where there is no such way, nothing is shown.
 * Groups of nobody are left out, because they tell nothing, and count as no hidden group. `least` from 1;
 * `totalKnown`: whether the total, or anything it follows from, is shown anywhere (true unless told otherwise).
 */
export function showLeastGroups<G extends Group>(groups: readonly G[], least: number, totalKnown = true): Shown<G> {
  const some = groups.filter(({ people }) => people > 0);
  const hidden = new Set<G>(some.filter(({ people }) => people < least));
  if (totalKnown && hidden.size > 0) hideMore(some, hidden, least);
  const rest = sum(hidden);
  return {
    groups: some.filter((group) => !hidden.has(group)),
    hidden: hidden.size,
    rest: hidden.size === 0 ? 0 : hidden.size > 1 && rest >= least ? rest : null,
  };
}

/** Hides the smallest of what is shown until what is hidden cannot be told apart. */
function hideMore<G extends Group>(groups: readonly G[], hidden: Set<G>, least: number): void {
  const shown = groups.filter((group) => !hidden.has(group)).sort((a, b) => a.people - b.people);
  for (const group of shown) {
    if (hidden.size > 1 && sum(hidden) >= least) return;
    hidden.add(group);
  }
}

function sum(groups: Iterable<Group>): number {
  let people = 0;
  for (const group of groups) people += group.people;
  return people;
}

/** A single number of people as it may be shown: null for fewer than `least`, but nobody is nobody. */
export function showLeastNumber(people: number, least: number): number | null {
  return people === 0 || people >= least ? people : null;
}
