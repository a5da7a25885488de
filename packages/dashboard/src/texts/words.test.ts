import { describe, expect, it } from 'vitest';
import { english } from '../text.ts';
import { german } from './de.ts';

type Says = (...values: unknown[]) => string;
type Leaf = string | Says;

/** Words and functions by where they stand: `filter.is.=`. */
function leaves(words: object, path = ''): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  for (const [key, value] of Object.entries(words)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'object') for (const [inner, leaf] of leaves(value, at)) found.set(inner, leaf);
    else found.set(at, value);
  }
  return found;
}

/** Those that English has from the hub, or that only some languages need. */
const OPTIONAL = /^(problems|fields)\./;
/** Values that stand for others than numbers, words and lists of words. */
const SPECIAL: Record<string, unknown[]> = {
  unit: ['minute', 11],
  'empty.importCommand': [{ slug: 'slug0', installation: false }],
};
const GUESSES: readonly ((index: number) => unknown)[] = [
  (index) => 11 + index,
  (index) => `wort${index}`,
  (index) => [`wort${index}`],
];

/** Values that a function says something sensible of. */
function valuesFor(path: string, say: Says): unknown[] {
  const special = SPECIAL[path];
  if (special !== undefined) return special;
  for (let pick = 0; pick < GUESSES.length ** say.length; pick++) {
    const values = Array.from({ length: say.length }, (_, index) =>
      GUESSES[Math.floor(pick / GUESSES.length ** index) % GUESSES.length]?.(index),
    );
    try {
      if (!/NaN|undefined/.test(say(...values))) return values;
    } catch {
      // Not for values of these kinds.
    }
  }
  throw new Error(`${path} cannot be called`);
}

const source = leaves(english);
const target = leaves(german);
const functions = [...source].filter((entry): entry is [string, Says] => typeof entry[1] === 'function');
/** What German says, functions with some values. */
const said = [...target].map(([path, leaf]) => {
  const original = source.get(path) ?? leaf;
  return [path, typeof leaf === 'string' ? leaf : leaf(...valuesFor(path, original as Says))] as const;
});

describe('German', () => {
  it('has every word of English, with as many values, and none besides', () => {
    const shape = (words: Map<string, Leaf>) =>
      [...words]
        .filter(([path]) => !OPTIONAL.test(path))
        .map(([path, leaf]) => `${path} ${typeof leaf === 'string' ? 'word' : leaf.length}`)
        .toSorted();
    expect(shape(target)).toEqual(shape(source));
    expect(source.size).toBeGreaterThan(700);
  });

  it('tells every value that English tells', () => {
    const lost = functions.flatMap(([path, say]) => {
      const values = valuesFor(path, say);
      const translated = (target.get(path) as Says)(...values);
      const told = (text: string) => values.filter((value) => text.toLowerCase().includes(String(value)));
      return told(say(...values)).length === told(translated).length ? [] : [`${path}: ${translated}`];
    });
    expect(lost).toEqual([]);
    expect(functions.length).toBeGreaterThan(80);
  });

  it('has no English left', () => {
    const stop = /\b(the|of|and|is|are|this|with|from|not|were|for|your|that|you|which|who|of|by|be)\b/i;
    const code = /npx \S.*|curl -i.*|vedette doctor.*|\{.*\}|Do Not Track/g;
    expect(said.filter(([, text]) => stop.test(text.replaceAll(code, '')))).toEqual([]);
  });

  it('differs from English but for names, commands and what is one word in both', () => {
    const same = [...target].filter(([path, leaf]) => typeof leaf === 'string' && leaf === source.get(path));
    const words = new Set(same.map(([, leaf]) => leaf as string));
    const allowed =
      /^(Vedette|–|OK|Bots?|Hosting|Live|Hosts?|Status|Region|Widgets?|Web Vitals|Browser|p\d\d|Scanner|SEO|CSV|NDJSON|API|Bulk|Syslog|Edge|OpenTelemetry|Banner|Marketing|Version|Text|Name|Format|Clients|Median|System|Global Privacy Control|API-Token|Referrer|Route|Microsoft Clarity|Google Analytics 4|Express|Fastify|Koa|Hono|node:http|nginx|HAProxy|Caddy|Traefik|Vector|Fluent Bit|curl|vdt_…|person\.json|vector\.yaml|fluent-bit\.yaml|www\.example\.org|partner\.example\.com|nl, pt-BR|npx vedette link|\d+ [hdT]|Installation|Domains?|Passkeys|Person|Analyst)$/;
    expect([...words].filter((word) => !allowed.test(word))).toEqual([]);
  });

  it('is written with German quotes, dashes and ellipses', () => {
    const code = /="name"|\{"status":"alive"\}/g;
    const wrong = said.filter(([, written]) => {
      const text = written.replaceAll(code, '');
      const opened = text.split('„').length - 1;
      const closed = text.split('“').length - 1;
      return /["'”‘’]| - |\.\.\.|[^\s_]…/.test(text) || opened !== closed;
    });
    expect(wrong).toEqual([]);
  });

  it('inflects whatever English does', () => {
    const inflected = (say: Says, path: string) => {
      const values = valuesFor(path, source.get(path) as Says);
      const [one, many] = [1, 2].map((count) =>
        say(...values.map((value) => (typeof value === 'number' ? count : value))).replaceAll(String(count), '#'),
      );
      return one !== many;
    };
    const stiff = functions.filter(([path, say]) => inflected(say, path) && !inflected(target.get(path) as Says, path));
    expect(stiff.map(([path]) => path)).toEqual([]);
  });

  it.each([
    [german.sources.count(0), '0 Quellen'],
    [german.sources.count(1), '1 Quelle'],
    [german.sources.count(1200), '1.200 Quellen'],
    [german.unit('minute', 1), 'Minute'],
    [german.unit('UTC day', 7), '7 UTC-Tage'],
    [german.consent.people.count(1), '1 Mensch'],
    [german.outside.more('1', 1), '1 weitere Anfrage außerhalb dieses Zeitraums'],
    [german.outside.more('0', 0), '0 weitere Anfragen außerhalb dieses Zeitraums'],
    [german.interactions.funnel.minutes(1440), '1 Tag'],
    [german.interactions.funnel.minutes(2880), '2 Tagen'],
    [german.privacy.wrong.count(1), '1 Feld ist fehlerhaft.'],
    [german.privacy.wrong.count(2), '2 Felder sind fehlerhaft.'],
    [german.privacy.scan.wrong(1), '1 Fund, der dort nicht stehen darf. Sehen Sie jeden an: Der Ort ist genannt.'],
    [german.privacy.scan.wrong(2), '2 Funde, die dort nicht stehen dürfen. Sehen Sie jeden an: Der Ort ist genannt.'],
    [english.sources.count(0), '0 sources'],
    [english.sources.count(1), '1 source'],
    [english.sources.count(2), '2 sources'],
  ])('%s', (text, expected) => {
    expect(text).toBe(expected);
  });
});
