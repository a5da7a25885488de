import type { ListName, Report, Row } from '../report.ts';
import { printable } from '../terminal/text.ts';

/** Rows of a list in the page; JSON has as many as asked for. */
const MOST_ROWS = 100;
const LONGEST_TEXT = 200;

/** [text, people, bots, hosting, bytes, errors, unseen at most, key where it is not the text] */
export type PageRow = [string, number, number, number, number, number, number, string?];

export interface PageList {
  name: ListName;
  title: string;
  /** What one key is. */
  of: string;
  field: string | null;
  distinct: number;
  exact: boolean;
  missed: number;
  rows: PageRow[];
}

/** What the page's script reads: the report without what it does not show, rows and points as arrays to keep it small. */
export interface PageData {
  lines: Report['lines'];
  window: Report['window'];
  asked: Report['asked'];
  log: Report['log'];
  requests: Report['requests'];
  visitors: Report['visitors'];
  bytes: Report['bytes'];
  client_errors: Report['client_errors'];
  server_errors: Report['server_errors'];
  latency: Report['latency'];
  step: string;
  /** [ms since the epoch, people, bots, hosting, errors] */
  points: [number, number, number, number, number][];
  lists: PageList[];
  rejected: Report['rejected'];
  files: Report['files'];
}

/** Lists in the order of the page, what one key is called, and what stands for an empty one. */
const SHOWN: readonly [ListName, string, string?][] = [
  ['countries', 'Country', 'Unknown'],
  ['paths', 'Path', '(no HTTP request line)'],
  ['hosts', 'Host'],
  ['networks', 'Network'],
  ['network_kinds', 'Kind'],
  ['statuses', 'Status', '(unknown)'],
  ['referring_hosts', 'Host'],
  ['referrers', 'Referrer'],
  ['browsers', 'Browser'],
  ['systems', 'System'],
  ['devices', 'Device'],
  ['bots', 'Bot'],
  ['bot_kinds', 'Kind'],
  ['user_agents', 'User agent', '(none)'],
  ['cities', 'City'],
  ['methods', 'Method', '(no HTTP request line)'],
  ['protocols', 'Protocol'],
  ['clients', 'Address'],
];

export function pageData(report: Report): PageData {
  const { lines, window, asked, log, requests, visitors, bytes, client_errors, server_errors, latency } = report;
  return {
    lines,
    window,
    asked: { ...asked, where: asked.where.map(printable) },
    log,
    requests,
    visitors,
    bytes,
    client_errors,
    server_errors,
    latency,
    step: report.over_time.step,
    points: report.over_time.points.map((p) => [Date.parse(p.time), p.people, p.bots, p.hosting, p.errors]),
    lists: SHOWN.map(([name, of, empty = '(none)']) => pageList(report, name, of, empty)).filter(
      ({ rows }) => rows.length > 0,
    ),
    rejected: report.rejected.map((reason) => ({
      ...reason,
      examples: reason.examples.map((example) => ({
        ...example,
        file: shown(example.file),
        detail: shown(example.detail),
        excerpt: shown(example.excerpt),
      })),
    })),
    files: report.files.slice(0, MOST_ROWS).map((file) => ({ ...file, name: shown(file.name) })),
  };
}

function pageList(report: Report, name: ListName, of: string, empty: string): PageList {
  const { title, field, distinct, exact, missed_at_most: missed, rows } = report.top[name];
  const most = name === 'countries' ? rows.length : MOST_ROWS;
  return {
    name,
    title,
    of,
    field,
    distinct,
    exact,
    missed,
    rows: rows.slice(0, most).map((row) => pageRow(row, empty)),
  };
}

function pageRow(row: Row, empty: string): PageRow {
  const text = shown(row.label ?? (row.key === '' ? empty : row.key));
  const cells: PageRow = [text, row.people, row.bots, row.hosting, row.bytes, row.errors, row.unseen_at_most ?? 0];
  if (row.key !== text) cells.push(shown(row.key));
  return cells;
}

/** Control characters are made visible: in a page they do no harm, but they hide. */
function shown(text: string): string {
  const safe = printable(text);
  return safe.length > LONGEST_TEXT ? `${safe.slice(0, LONGEST_TEXT - 1)}…` : safe;
}
