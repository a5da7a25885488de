import { isRefusal, type Refusal } from '../../model/request.ts';
import { refuse } from './format.ts';
import { CANDIDATES, REGISTRY } from './formats.ts';
import { escapeControls } from './text.ts';
import { UnwrappingParser } from './wrapper.ts';

/** What a sample of a log was found to be: `matched` of the `of` lines that should be records are. */
export interface Detection {
  format: string;
  title: string;
  matched: number;
  of: number;
}

/** Lines looked at. */
const SAMPLE = 200;
/** Of a hundred lines this many must be records, so that one accident in a page of something else is no log. */
const FEWEST_PERCENT = 2;

/**
 * The format of a log from its first lines: every format reads the first 200, the one that reads most wins, then the
 * one that refuses fewest, then the more particular one. Garbage before the log is no obstacle. A refusal
 * (`unknown-format`, `empty`) says what was tried and how the first line begins.
 */
export function detectFormat(sample: readonly string[]): Detection | Refusal {
  const lines = sample.slice(0, SAMPLE);
  const first = lines.find((line) => line.trim() !== '');
  if (first === undefined) return refuse('empty', 'no lines');
  let best: { name: string; matched: number; of: number } | undefined;
  for (const candidate of CANDIDATES) {
    const found = read(candidate, lines);
    if (found === undefined) continue;
    const better =
      best === undefined || found.matched > best.matched || (found.matched === best.matched && found.of < best.of);
    if (better) best = found;
  }
  if (best === undefined) {
    const start = escapeControls(first.length > 120 ? `${first.slice(0, 120)}…` : first);
    return refuse(
      'unknown-format',
      `none of ${REGISTRY.map((f) => f.name).join(', ')} fits; the first line is: ${start}`,
    );
  }
  const { name, matched, of } = best;
  return { format: name, title: REGISTRY.find((f) => f.name === name)?.title ?? name, matched, of };
}

/** How well one parser reads the lines; undefined when it does not. A header without records yet counts. */
function read(candidate: (typeof CANDIDATES)[number], lines: readonly string[]) {
  const inner = candidate.open();
  const parser = new UnwrappingParser(inner);
  const names = new Map<string, number>();
  let matched = 0;
  let refused = 0;
  for (const line of lines) {
    const parsed = parser.parse(line);
    if (parsed === null) continue;
    if (isRefusal(parsed)) refused++;
    else {
      matched++;
      const name = candidate.nameOf(inner);
      names.set(name, (names.get(name) ?? 0) + 1);
    }
  }
  if (matched === 0) {
    return refused === 0 && parser.state() !== '' ? { name: candidate.nameOf(inner), matched, of: 0 } : undefined;
  }
  if (matched * 100 < (matched + refused) * FEWEST_PERCENT) return undefined;
  const name = [...names].reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0];
  return { name, matched, of: matched + refused };
}
