/**
 * What a regular expression must find before it can match: the literals of which at least one has to occur in the
 * text. A pattern whose literals are all absent need not be run, which is what makes a list of 700 patterns cheap.
 *
 * Reads the part of the syntax that the rule files use (no back-references, no named groups); anything else it does
 * not understand makes it say "don't know", never something wrong.
 */

/** `exact`: all strings a node can match, when few; `required`: strings of which one must occur; null: unknown. */
interface Need {
  exact: readonly string[] | null;
  required: readonly string[] | null;
}

const MAX_EXACT = 24;
const MAX_ALTERNATIVES = 400;
const NOTHING: Need = { exact: null, required: null };
const EMPTY: Need = { exact: [''], required: null };
/** Classes wider than this are treated as "any character". */
const MAX_CLASS = 4;

/**
 * @param source a RegExp source
 * @returns lower-cased literals, at least one of which occurs (ignoring case) in whatever the pattern matches; null when
 *   no such set is known, so that the pattern must always be tried
 */
export function requiredLiterals(source: string): readonly string[] | null {
  const reader = new Reader(source);
  const need = reader.alternation();
  if (!reader.done) return null;
  const literals = strongest(need);
  if (literals === null) return null;
  const lower = [...new Set(literals.map((literal) => literal.toLowerCase()))];
  // A literal that contains another one of the set adds nothing.
  return lower.filter((one) => !lower.some((other) => other !== one && one.includes(other)));
}

function strongest(need: Need): readonly string[] | null {
  const { exact, required } = need;
  if (exact === null || exact.includes('')) return required;
  return required === null || score(exact) >= score(required) ? exact : required;
}

/** What nearly every user agent contains: a literal from here sifts nothing out. */
const COMMON =
  'mozilla/5.0 (windows nt 10.0; win64; x64) (linux; android 10; k) (iphone; cpu iphone os 17_0 like mac os x) ' +
  'applewebkit/537.36 (khtml, like gecko) version/4.0 chrome/120.0.0.0 mobile safari/537.36';

/** Longer shortest literal is better, if it is not common; of equals, the smaller set. */
function score(literals: readonly string[]): number {
  const lengths = literals.map((literal) => (COMMON.includes(literal.toLowerCase()) ? 0 : literal.length));
  return Math.min(...lengths) * 1000 - literals.length;
}

function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  if (a === null) return b;
  if (b === null) return a;
  return score(a) >= score(b) ? a : b;
}

/** A run of nodes: exact parts are multiplied out while they stay few; each finished part is a candidate. */
function sequence(parts: readonly Need[]): Need {
  let run: readonly string[] = [''];
  let whole = true;
  let required: readonly string[] | null = null;
  const close = () => {
    if (!run.includes('')) required = better(required, run);
    run = [''];
  };
  for (const part of parts) {
    const exact = part.exact;
    if (exact !== null && run.length * exact.length <= MAX_EXACT) {
      run = run.flatMap((head) => exact.map((tail) => head + tail));
      continue;
    }
    whole = false;
    close();
    if (exact !== null && exact.length <= MAX_EXACT) run = exact;
    else required = better(required, strongest(part));
  }
  if (whole) return { exact: run, required: null };
  close();
  return { exact: null, required };
}

function either(branches: readonly Need[]): Need {
  if (branches.length === 1) return branches[0] ?? NOTHING;
  const exacts = branches.map((branch) => branch.exact);
  if (exacts.every((exact) => exact !== null)) {
    const all = [...new Set(exacts.flat())];
    if (all.length <= MAX_ALTERNATIVES) return { exact: all, required: null };
  }
  const literals: string[] = [];
  for (const branch of branches) {
    const found = strongest(branch);
    if (found === null) return NOTHING;
    literals.push(...found);
  }
  return literals.length > MAX_ALTERNATIVES ? NOTHING : { exact: null, required: [...new Set(literals)] };
}

class Reader {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get done(): boolean {
    return this.at >= this.source.length;
  }

  alternation(): Need {
    const branches = [this.concatenation()];
    while (this.source[this.at] === '|') {
      this.at++;
      branches.push(this.concatenation());
    }
    return either(branches);
  }

  private concatenation(): Need {
    const parts: Need[] = [];
    while (!this.done && this.source[this.at] !== '|' && this.source[this.at] !== ')') {
      parts.push(this.quantified(this.atom()));
    }
    return sequence(parts);
  }

  private quantified(need: Need): Need {
    const match = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.source.slice(this.at, this.at + 16));
    if (match === null) return need;
    this.at += match[0].length;
    const sign = match[0][0];
    if (sign === '*') return NOTHING;
    if (sign === '+') return { exact: null, required: strongest(need) };
    const min = sign === '?' ? 0 : Number(match[1]);
    const max = sign === '?' ? 1 : match[2] === '' ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (min === 1 && max === 1) return need;
    if (min > 0) return { exact: null, required: strongest(need) };
    if (max === 1 && need.exact !== null) return { exact: [...new Set(['', ...need.exact])], required: null };
    return NOTHING;
  }

  private atom(): Need {
    const char = this.source[this.at++] as string;
    if (char === '(') return this.group();
    if (char === '[') return this.charClass();
    if (char === '\\') return this.escape();
    if (char === '.') return NOTHING;
    if (char === '^' || char === '$') return EMPTY;
    return { exact: [char], required: null };
  }

  private group(): Need {
    const look = /^\?(?:[:=!]|<[=!])/.exec(this.source.slice(this.at, this.at + 3))?.[0] ?? '';
    this.at += look.length;
    const inner = this.alternation();
    this.at++; // the closing parenthesis
    // What a look-around sees is not part of the match, and a negative one must be absent.
    return look === '' || look === '?:' ? inner : EMPTY;
  }

  private escape(): Need {
    const char = this.source[this.at++] ?? '';
    if (char === 'b' || char === 'B') return EMPTY;
    if (/[a-zA-Z0-9]/.test(char)) return NOTHING;
    return { exact: [char], required: null };
  }

  private charClass(): Need {
    const from = this.at;
    if (this.source[this.at] === '^') this.at++;
    while (this.at < this.source.length && this.source[this.at] !== ']') {
      this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    const body = this.source.slice(from, this.at);
    this.at++;
    if (body.startsWith('^') || /\\[a-zA-Z]|.-./.test(body)) return NOTHING;
    const chars = [...body.replace(/\\(.)/g, '$1')];
    return chars.length > MAX_CLASS ? NOTHING : { exact: chars, required: null };
  }
}
