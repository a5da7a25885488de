import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'yaml';
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

type Entry = Record<string, unknown>;

/**
 * Reads the rules of uap-core (Apache-2.0), except those for devices, which are two thirds of the file: we have no use for
 * brands and models, and parsing them would triple the time of the start.
 *
 * @throws Fault when the package's file is not as expected
 */
export function loadUapRules(): UapRules {
  const path = createRequire(import.meta.url).resolve('uap-core/regexes.yaml');
  const text = readFileSync(path, 'utf8');
  const devices = text.indexOf('\ndevice_parsers:');
  if (devices < 0) throw new Fault('uap_rules', `${path}: no device_parsers section; is uap-core damaged?`);
  const sections = parse(text.slice(0, devices)) as Record<string, Entry[]>;
  return {
    browsers: readRules(path, sections.user_agent_parsers, 'family_replacement'),
    systems: readRules(path, sections.os_parsers, 'os_replacement'),
  };
}

function readRules(path: string, entries: unknown, nameField: string): NameRule[] {
  if (!Array.isArray(entries) || entries.length === 0)
    throw new Fault('uap_rules', `${path}: no rules with ${nameField}`);
  return (entries as Entry[]).map((entry) => {
    if (typeof entry.regex !== 'string')
      throw new Fault('uap_rules', `${path}: a rule without regex: ${JSON.stringify(entry)}`);
    return { source: entry.regex, flags: String(entry.regex_flag ?? ''), name: String(entry[nameField] ?? '') };
  });
}

/** The name a rule gives for its match. */
export function ruleName(rule: NameRule, match: RegExpExecArray): string {
  const name = rule.name === '' ? (match[1] ?? '') : rule.name.replace('$1', () => match[1] ?? '');
  return name.trim();
}
