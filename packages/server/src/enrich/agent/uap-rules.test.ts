import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadUapRules, ruleName } from './uap-rules.ts';

describe('loadUapRules', () => {
  it('reads what a YAML parser reads', () => {
    const text = readFileSync(createRequire(import.meta.url).resolve('uap-core/regexes.yaml'), 'utf8');
    const file = parse(text) as Record<string, Record<string, string>[]>;
    const rules = (section: string, name: string) =>
      file[section]?.map((entry) => ({
        source: entry.regex,
        flags: entry.regex_flag ?? '',
        name: String(entry[name] ?? ''),
      }));
    expect(loadUapRules()).toEqual({
      browsers: rules('user_agent_parsers', 'family_replacement'),
      systems: rules('os_parsers', 'os_replacement'),
    });
  });
});

describe('ruleName', () => {
  const cases: [string, string, string, string][] = [
    ['(Fire\\w+)/', '', 'Firefox/1', 'Firefox'],
    ['(Fire\\w+)/', 'Mozilla', 'Firefox/1', 'Mozilla'],
    ['(Qt|iOS)-1', 'Runtime for $1', 'iOS-1', 'Runtime for iOS'],
    ['(.*) CFNetwork', 'App $1', '$& CFNetwork', 'App $&'],
  ];
  it.each(cases)('%s named %j on %j', (source, name, text, expected) => {
    const match = new RegExp(source).exec(text) as RegExpExecArray;
    expect(ruleName({ source, flags: '', name }, match)).toBe(expected);
  });
});
