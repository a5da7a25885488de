import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Fault } from '../../model/fault.ts';
import type { Pattern } from './pattern-index.ts';

/** One rule: a pattern and the name it stands for; `$1` in the name, or no name at all, means the pattern's group 1. */
export interface NameRule extends Pattern {
  name: string;
}

export interface UapRules {
  browsers: readonly NameRule[];
  systems: readonly NameRule[];
}

type Entry = Record<string, string>;

/** The forms of lines in the file: a section, and a field of an entry, of which the first begins with a dash. */
const SECTION = /^([a-z_]+):\s*$/;
const FIELD = /^ {2}(- | {2})([a-z0-9_]+): '((?:[^']|'')*)'\s*(?:#.*)?$/;
const NOTHING = /^\s*(?:#.*)?$/;

/**
 * Reads the rules of uap-core (Apache-2.0), except those for devices, which are two thirds of the file: we have no use for
 * brands and models. The file is YAML of the plainest kind, and reading it line by line takes a twentieth of the time that
 * a YAML parser needs; a test holds the two against each other.
 *
 * @throws Fault when the package's file is not as expected
 */
export function loadUapRules(): UapRules {
  const path = createRequire(import.meta.url).resolve('uap-core/regexes.yaml');
  const sections = readSections(path, readFileSync(path, 'utf8'), 'device_parsers');
  return {
    browsers: toRules(path, sections.get('user_agent_parsers'), 'family_replacement'),
    systems: toRules(path, sections.get('os_parsers'), 'os_replacement'),
  };
}

function readSections(path: string, text: string, until: string): Map<string, Entry[]> {
  const sections = new Map<string, Entry[]>();
  let entries: Entry[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (NOTHING.test(line)) continue;
    const section = SECTION.exec(line)?.[1];
    if (section === until) return sections;
    const [, dash = '', field = '', value = ''] = FIELD.exec(line) ?? [];
    if (section !== undefined) {
      entries = [];
      sections.set(section, entries);
    } else if (field !== '') {
      if (dash === '- ') entries.push({});
      const entry = entries.at(-1);
      if (entry !== undefined) entry[field] = value.replaceAll("''", "'");
    } else throw new Fault('uap_rules', `${path}:${at + 1}: not a line of a rule: ${line.slice(0, 80)}`);
  }
  throw new Fault('uap_rules', `${path}: no section ${until}; is uap-core damaged?`);
}

function toRules(path: string, entries: readonly Entry[] | undefined, nameField: string): NameRule[] {
  if (entries === undefined || entries.length === 0)
    throw new Fault('uap_rules', `${path}: no rules with ${nameField}`);
  return entries.map((entry) => {
    if (entry.regex === undefined)
      throw new Fault('uap_rules', `${path}: a rule without regex: ${JSON.stringify(entry)}`);
    return { source: entry.regex, flags: entry.regex_flag ?? '', name: entry[nameField] ?? '' };
  });
}

/** The name a rule gives for its match. */
export function ruleName(rule: NameRule, match: RegExpExecArray): string {
  const name = rule.name === '' ? (match[1] ?? '') : rule.name.replace('$1', () => match[1] ?? '');
  return name.trim();
}
