const DAY_MS = 86_400_000;
const MOST_SITES = 20_000;

/** What names over the bound are counted as. */
export const OTHER_NAMES = '(other)';

/**
 * Bounds the names that a site's pages may bring into the roll-ups: whoever can call without a key could otherwise make
 * a row a call. The first so many of a site on a day are taken, each process by itself; the rest is counted together.
 */
export interface NameBudget {
  /** The name, or OTHER_NAMES. `site` names tenant and domain; `at` in ms since the epoch. */
  within(site: string, name: string, at: number): string;
}

export function createNameBudget(mostNames: number): NameBudget {
  const sites = new Map<string, Set<string>>();
  let day = -1;
  return {
    within(site, name, at) {
      const today = Math.floor(at / DAY_MS);
      if (today !== day) {
        sites.clear();
        day = today;
      }
      let names = sites.get(site);
      if (names === undefined) {
        if (sites.size >= MOST_SITES) return OTHER_NAMES;
        names = new Set();
        sites.set(site, names);
      }
      if (names.has(name)) return name;
      if (names.size >= mostNames) return OTHER_NAMES;
      names.add(name);
      return name;
    },
  };
}
