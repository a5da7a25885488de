import type { ImportResult } from '@vedette/contract';
import { counted } from '../model/counted.ts';

const EXAMPLES = 5;
const count = (value: number) => value.toLocaleString('en-GB');

/** What became of a file, for people. */
export function describeResult(path: string, result: ImportResult): string {
  const { format, lines, reasons, rejects, window, truncated } = result;
  const rows: [string, string][] = [
    ['format', format],
    ['lines', `${count(lines.read)} read, ${count(lines.accepted)} accepted, ${count(lines.rejected)} rejected`],
  ];
  if (lines.known > 0) rows.push(['known', `${counted(lines.known, 'line was', 'lines were')} imported before`]);
  if (window !== null) rows.push(['window', `${window.from} to ${window.to}`]);
  if (truncated !== null) rows.push(['note', truncated]);
  for (const [reason, number] of Object.entries(reasons).sort(([, a], [, b]) => b - a)) {
    rows.push(['rejected', `${count(number)} for ${reason}`]);
  }
  for (const { line, detail, excerpt } of rejects.slice(0, EXAMPLES)) {
    rows.push(['', `line ${count(line)}: ${printable(detail)}`], ['', `  ${printable(excerpt)}`]);
  }
  return `${printable(path)}\n${rows.map(([name, text]) => `  ${name.padEnd(9)}${text}\n`).join('')}`;
}

/** What came from a log may hold anything, also what would move the cursor. */
function printable(text: string): string {
  return text.replace(/[\p{C}]/gu, '?');
}
