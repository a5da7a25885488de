import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { UsageFault } from '../model/fault.ts';
import { nearest } from './nearest.ts';

/** Options by name: text, texts where they may be repeated, or true. */
type Values<O extends ParseArgsOptionsConfig> = {
  [K in keyof O]?: O[K] extends { type: 'boolean' } ? boolean : O[K] extends { multiple: true } ? string[] : string;
};

/** What was written after a command's name. Throws a UsageFault that says what is wrong and what may have been meant. */
export function readArguments<const O extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: O,
): { values: Values<O>; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true }) as {
      values: Values<O>;
      positionals: string[];
    };
  } catch (error) {
    const { message } = error as Error;
    const unknown = /^Unknown option '--([^']+)'/.exec(message)?.[1];
    if (unknown === undefined) throw new UsageFault(message);
    const meant = nearest(unknown, Object.keys(options));
    throw new UsageFault(`there is no option --${unknown}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
  }
}

/** The one of a command's verbs that was written first, and what comes after. */
export function takeVerb<Verb extends string>(
  positionals: readonly string[],
  verbs: readonly Verb[],
  command: string,
): { verb: Verb; rest: string[] } {
  const [written, ...rest] = positionals;
  const verb = verbs.find((name) => name === written);
  if (verb !== undefined) return { verb, rest };
  const list = verbs.join(', ');
  if (written === undefined) throw new UsageFault(`say what to do: vedette ${command} ${verbs.join('|')}`);
  const meant = nearest(written, verbs);
  throw new UsageFault(
    `vedette ${command} knows no "${written}"${meant === undefined ? '' : `; did you mean ${meant}?`} (${list})`,
  );
}

/** Throws a UsageFault for words where none are taken. `what`: the command, or its verb. */
export function takeNone(words: readonly string[], what: string): void {
  if (words.length > 0) throw new UsageFault(`${what} takes no words, but got "${words[0]}"`);
}

/** Throws a UsageFault for an option that goes with other verbs than this one, by the verbs it goes with. */
export function refuseStray(
  values: Readonly<Record<string, unknown>>,
  verb: string,
  goesWith: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [option, verbs] of Object.entries(goesWith)) {
    if (values[option] === undefined || verbs.includes(verb)) continue;
    throw new UsageFault(`--${option} goes with ${verbs.join(' and ')}, not with ${verb}`);
  }
}

/** The only word a command takes. */
export function takeOne(words: readonly string[], what: string): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new UsageFault(`name one ${what}`);
  return word;
}
