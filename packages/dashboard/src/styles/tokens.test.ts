import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const TOKENS = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const DOCS = readFileSync(join(import.meta.dirname, '../../../../docs/design-system.md'), 'utf8');

/** WCAG 2.2: 1.4.3 for text, 1.4.11 for what alone shows a control or a part of a chart. */
const TEXT = 4.5;
const SHAPE = 3;

const PAIRS: readonly [front: string, back: string, least: number][] = [
  ...['ground', 'panel', 'raised', 'sunken'].flatMap((back): [string, string, number][] => [
    ['ink', back, TEXT],
    ['ink-muted', back, TEXT],
  ]),
  ['ink-faint', 'panel', TEXT],
  ['accent', 'panel', TEXT],
  ['accent', 'ground', TEXT],
  ['accent', 'raised', TEXT],
  ['accent-strong', 'accent-ground', TEXT],
  ['on-button', 'button', TEXT],
  ['on-button', 'button-hover', TEXT],
  ['on-button', 'danger-button', TEXT],
  ['on-button', 'danger-button-hover', TEXT],
  ['danger', 'panel', TEXT],
  ['danger', 'ground', TEXT],
  ['danger', 'danger-ground', TEXT],
  ['ink', 'danger-ground', TEXT],
  ['good', 'panel', TEXT],
  ['good', 'good-ground', TEXT],
  ['warn', 'panel', TEXT],
  ['warn', 'warn-ground', TEXT],
  ['on-tip', 'tip', TEXT],
  ...['control-line', 'people', 'bots', 'hosting', 'all', 'granted', 'partly', 'refused', 'others'].map(
    (front): [string, string, number] => [front, 'panel', SHAPE],
  ),
];

/** The two hexadecimal colours of a token: of the light and of the dark page. */
function coloursOf(token: string): [string, string] {
  const [, light, dark] = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(TOKENS) ?? [];
  const [, both] = new RegExp(`--${token}: (#[0-9a-f]{6});`).exec(TOKENS) ?? [];
  const pair = [light ?? both, dark ?? both] as const;
  if (pair[0] === undefined || pair[1] === undefined) throw new Error(`no token --${token}`);
  return [pair[0], pair[1]];
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG's contrast ratio, rounded down as a promise should be. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return Math.floor(((light + 0.05) / (dark + 0.05)) * 10) / 10;
}

describe('contrast', () => {
  it.each(PAIRS)('of %s on %s is at least %d to 1, and as docs/design-system.md says', (front, back, least) => {
    const [fronts, backs] = [coloursOf(front), coloursOf(back)];
    const [light, dark] = [contrast(fronts[0], backs[0]), contrast(fronts[1], backs[1])];
    expect(Math.min(light, dark)).toBeGreaterThanOrEqual(least);
    expect(DOCS.replaceAll(/ +/g, ' ')).toContain(`| ${front} | ${back} | ${light} | ${dark} | ${least} |`);
  });
});
