import { counted } from '../../model/counted.ts';
import { CLASSES } from '../cells.ts';
import type { ByClass, List, ListName, Percentiles, Report } from '../report.ts';
import { bar, legend } from './bar.ts';
import { type Ink, ink as makeInk } from './ink.ts';
import { listTable } from './list-table.ts';
import { bytes, columnsOf, count, duration, fit, minuteOf, percent, printable } from './text.ts';
import { timeChart } from './time-chart.ts';

const NARROWEST = 80;
const WIDEST = 160;

/** Sections in order. Lists that say nothing in a log (no hosts, one protocol) are left out. */
const SECTIONS: readonly { list: ListName; empty?: string }[] = [
  { list: 'paths', empty: '(no HTTP request line)' },
  { list: 'hosts' },
  { list: 'countries' },
  { list: 'networks' },
  { list: 'network_kinds' },
  { list: 'statuses', empty: '(unknown)' },
  { list: 'referring_hosts' },
  { list: 'referrers' },
  { list: 'browsers' },
  { list: 'systems' },
  { list: 'devices' },
  { list: 'bots' },
  { list: 'bot_kinds' },
  { list: 'methods', empty: '(no HTTP request line)' },
  { list: 'clients' },
];

export interface TerminalOptions {
  columns: number;
  colours: boolean;
  /** Most rows of a list. */
  rows: number;
}

/** The report as text for a terminal or a file, between 80 and 160 columns wide. */
export function terminalReport(report: Report, options: TerminalOptions): string {
  const columns = Math.max(NARROWEST, Math.min(WIDEST, options.columns));
  const ink = makeInk(options.colours);
  const lines = [...overview(report, columns, ink)];
  if (report.requests.total > 0) {
    lines.push('', heading(`Requests by ${report.over_time.step}`, report, columns, ink));
    lines.push(...timeChart(report.over_time, columns, ink), legend(ink));
    if (report.latency !== null) {
      lines.push('', heading('Latency', report, columns, ink), ...latencyTable(report.latency, ink));
    }
    for (const { list: name, empty } of SECTIONS) {
      const whole = report.top[name];
      const list = { ...whole, rows: whole.rows.slice(0, options.rows) };
      if (!worthShowing(list)) continue;
      lines.push('', heading(title(list), report, columns, ink));
      lines.push(...listTable(list, report.requests, columns, ink, empty));
    }
  }
  lines.push(...rejected(report, columns, ink));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

const NO_CLASS: ByClass = Object.freeze({ total: 0, people: 0, bots: 0, hosting: 0 });
const NOTHING_KNOWN = new Set(['', '0', 'unknown']);

/** A list of which nothing is known but that nothing is known is left out. */
function worthShowing(list: List): boolean {
  return list.rows.some((row) => !NOTHING_KNOWN.has(row.key));
}

function title(list: List): string {
  return list.rows.length < list.distinct || !list.exact ? `Top ${list.title.toLowerCase()}` : list.title;
}

/** `── Top paths ───── 2025-12-19 00:01 – 2025-12-30 23:57 UTC ──` */
function heading(text: string, report: Report, columns: number, ink: Ink): string {
  const window = windowText(report);
  const rule = Math.max(2, columns - columnsOf(text) - columnsOf(window) - 8);
  return `${ink.dim('──')} ${ink.bold(text)} ${ink.dim(`${'─'.repeat(rule)} ${window} ──`)}`;
}

function windowText({ window }: Report): string {
  if (window.from === null || window.to === null) return 'no requests';
  return `${minuteOf(window.from)} – ${minuteOf(window.to)} UTC`;
}

function overview(report: Report, columns: number, ink: Ink): string[] {
  const lines = [
    heading('Vedette report', report, columns, ink),
    ...files(report, columns, ink),
    ...asked(report, ink),
  ];
  if (report.requests.total === 0) return [...lines, '', ink.bold(whyNothing(report))];
  const { visitors } = report;
  const rows: [string, ByClass, (value: number) => string][] = [
    ['Requests', report.requests, count],
    [visitors?.exact === false ? 'Visitors, about' : 'Visitors', visitors ?? NO_CLASS, visitors ? count : () => '–'],
    ['Bytes sent', report.bytes, bytes],
    ['Client errors (4xx)', report.client_errors, count],
    ['Server errors (5xx)', report.server_errors, count],
  ];
  const width = 14;
  lines.push('', ink.dim(`${' '.repeat(22)}${['total', ...CLASSES].map((name) => name.padStart(width)).join('')}`));
  for (const [name, values, show] of rows) {
    const classes = CLASSES.map((cls) => ink[cls](show(values[cls]).padStart(width))).join('');
    lines.push(`${name.padEnd(22)}${ink.bold(show(values.total).padStart(width))}${classes}`);
  }
  const { requests } = report;
  const rate = (cls: 'total' | (typeof CLASSES)[number]) =>
    percent(report.client_errors[cls] + report.server_errors[cls], requests[cls]).padStart(width);
  lines.push(
    `${'Errors (4xx, 5xx)'.padEnd(22)}${ink.bold(rate('total'))}${CLASSES.map((cls) => ink[cls](rate(cls))).join('')}`,
  );
  const share = CLASSES.map((cls) => ink[cls](percent(requests[cls], requests.total).padStart(width))).join('');
  lines.push(`${'Share of requests'.padEnd(22)}${ink.bold('100 %'.padStart(width))}${share}`, '');
  lines.push(bar(requests, requests.total, columns, ink).text, legend(ink));
  return lines;
}

function files(report: Report, columns: number, ink: Ink): string[] {
  const shown = report.files.slice(0, 12);
  const lines = shown.map((file) => {
    const { read, rejected: bad, skipped } = file.lines;
    const counts = `${counted(read, 'line')}${bad > 0 ? `, ${count(bad)} rejected` : ''}${skipped > 0 ? `, ${count(skipped)} skipped` : ''}`;
    const form = file.title ?? 'empty';
    const room = columns - counts.length - 4;
    const nameWidth = Math.min(48, Math.max(room - form.length, Math.floor(room / 3)));
    const name = fit(printable(endOf(file.name, nameWidth)), nameWidth);
    const line = `${name}  ${fit(form, Math.min(form.length, room - nameWidth))}  ${bad > 0 ? ink.warn(counts) : counts}`;
    if (file.error !== null) return `${name}  ${ink.bad('not read')}\n  ${ink.bad(printable(file.error))}`;
    return file.truncated === null ? line : `${line}\n  ${ink.bad(printable(file.truncated))}`;
  });
  if (report.files.length > shown.length)
    lines.push(ink.dim(`… and ${counted(report.files.length - shown.length, 'more file', 'more files')}`));
  if (report.files.length > 1) {
    const { read, accepted, rejected: bad } = report.lines;
    lines.push(
      `${counted(report.files.length, 'file')}: ${counted(read, 'line')} read, ${count(accepted)} accepted, ${count(bad)} rejected`,
    );
  }
  return lines;
}

/** The end of a path tells files apart, not its beginning. */
function endOf(path: string, columns: number): string {
  return path.length <= columns ? path : `…${path.slice(1 - columns)}`;
}

function asked(report: Report, ink: Ink): string[] {
  const { from, to, where } = report.asked;
  const lines: string[] = [];
  if (where.length > 0) lines.push(`Only ${where.map((text) => ink.bold(printable(text))).join(' and ')}`);
  if (from !== null || to !== null) {
    lines.push(
      `Asked for ${from === null ? 'the beginning' : minuteOf(from)} to ${to === null ? 'the end' : minuteOf(to)} UTC`,
    );
  }
  const { outside_window: outside, filtered_out: filtered } = report.requests;
  const left = [
    outside > 0 ? `${counted(outside, 'request')} outside the window` : '',
    filtered > 0 ? `${count(filtered)} by the filters` : '',
  ].filter((text) => text !== '');
  if (left.length > 0) lines.push(`Left out: ${left.join(', ')}`);
  return lines;
}

/** Why there is nothing to show, in one sentence. */
export function whyNothing(report: Report): string {
  const { lines, log } = report;
  if (lines.read === 0) return 'There are no lines to report on.';
  if (lines.accepted === 0) return `None of ${count(lines.read)} lines could be read.`;
  const span = `the log runs from ${minuteOf(log.from as string)} to ${minuteOf(log.to as string)} UTC`;
  if (report.requests.filtered_out === 0) return `No request lies in the window asked for; ${span}.`;
  return `No request of ${count(lines.accepted)} matches; ${span}.`;
}

function latencyTable(latency: NonNullable<Report['latency']>, ink: Ink): string[] {
  const names = ['p50', 'p75', 'p90', 'p95', 'p99', 'max', 'mean'] as const;
  const lines = [
    ink.dim(`${' '.repeat(10)}${names.map((name) => name.padStart(8)).join('')}${'requests'.padStart(12)}`),
  ];
  const line = (name: string, values: Percentiles | null, style: (text: string) => string) => {
    if (values === null) return;
    const cells = names.map((key) => duration(values[key]).padStart(8)).join('');
    lines.push(`${style(name.padEnd(10))}${cells}${count(values.count).padStart(12)}`);
  };
  line('people', latency.people, ink.people);
  line('bots', latency.bots, ink.bots);
  line('hosting', latency.hosting, ink.hosting);
  line('all', latency.all, ink.bold);
  return lines;
}

function rejected(report: Report, columns: number, ink: Ink): string[] {
  if (report.rejected.length === 0) return [];
  const { rejected: bad, read } = report.lines;
  const lines = ['', `${ink.dim('──')} ${ink.bold('Rejected lines')} ${ink.dim(`${count(bad)} of ${count(read)}`)}`];
  for (const { reason, lines: number, examples } of report.rejected) {
    lines.push(`${ink.warn(reason)}  ${count(number)}`);
    for (const { file, line, detail, excerpt } of examples) {
      const where = `  ${printable(file)}:${line}: ${printable(detail)}`;
      lines.push(fit(where, columns), ink.dim(fit(`    ${printable(excerpt)}`, columns)));
    }
  }
  return lines;
}
