import type { TrafficClass } from '../../model/request.ts';

/** Marks of the classes: told apart by colour and, where there is none, by density. */
export const GLYPH: Record<TrafficClass, string> = { people: '█', bots: '▒', hosting: '░' };

type Style = (text: string) => string;

/** How to emphasise; with colours off every style leaves the text as it is. */
export interface Ink {
  bold: Style;
  dim: Style;
  warn: Style;
  bad: Style;
  people: Style;
  bots: Style;
  hosting: Style;
}

/** Styles by the sixteen basic colours, which every terminal theme keeps readable. */
export function ink(colours: boolean): Ink {
  const style =
    (on: number, off: number): Style =>
    (text) =>
      colours && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    warn: style(33, 39),
    bad: style(31, 39),
    people: style(94, 39),
    bots: style(33, 39),
    hosting: style(35, 39),
  };
}
