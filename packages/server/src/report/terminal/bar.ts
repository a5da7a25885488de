import { CLASSES } from '../cells.ts';
import { GLYPH, type Ink } from './ink.ts';

interface Shares {
  people: number;
  bots: number;
  hosting: number;
}

/** A bar of people, bots and hosting one after the other, `columns` wide where the value is `most`. Not padded. */
export function bar(shares: Shares, most: number, columns: number, ink: Ink): { text: string; width: number } {
  const total = shares.people + shares.bots + shares.hosting;
  const width = most === 0 || total === 0 ? 0 : Math.max(1, Math.round((total / most) * columns));
  let text = '';
  let from = 0;
  let sum = 0;
  for (const name of CLASSES) {
    sum += shares[name];
    const to = total === 0 ? 0 : Math.round((sum / total) * width);
    text += ink[name](GLYPH[name].repeat(to - from));
    from = to;
  }
  return { text, width };
}

/** What the marks stand for. */
export function legend(ink: Ink): string {
  return CLASSES.map((name) => `${ink[name](GLYPH[name].repeat(2))} ${name}`).join('   ');
}
