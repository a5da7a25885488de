import type { FieldName } from '../model/field.ts';
import { BYTES_CELL, CELLS, ERRORS_CELL } from './cells.ts';
import { referrerHost } from './condition.ts';
import type { List, ListName, Row } from './report.ts';
import type { TallyData } from './tally-data.ts';
import { compareText, type TableData } from './top-table.ts';

/** A list before it is cut to the rows wanted: rows by key. */
interface Draft {
  rows: Map<string, Row>;
  /** Requests that fell on keys since dropped. */
  uncounted: number;
  /** No missing key had more. */
  missed: number;
}

interface Named {
  key: string;
  label?: string;
}

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** English name of an ISO 3166-1 alpha-2 code; the code itself when it is not one. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

/**
 * Groups a table's rows by what `name` makes of their key (null leaves a row out). Figures of grouped rows add up; what
 * the table has dropped may have belonged to any group.
 */
function grouped(table: TableData, total: number, name: (key: string) => Named | null, own: boolean): Draft {
  const rows = new Map<string, Row>();
  let counted = 0;
  table.keys.forEach((text, i) => {
    const at = i * CELLS;
    const [people = 0, bots = 0, hosting = 0] = table.cells.subarray(at, at + 3);
    const requests = people + bots + hosting;
    counted += requests;
    const named = name(text);
    if (named === null) return;
    let row = rows.get(named.key);
    if (row === undefined) {
      row = { ...named, requests: 0, people: 0, bots: 0, hosting: 0, bytes: 0, errors: 0 };
      rows.set(named.key, row);
    }
    row.requests += requests;
    row.people += people;
    row.bots += bots;
    row.hosting += hosting;
    row.bytes += table.cells[at + BYTES_CELL] as number;
    row.errors += table.cells[at + ERRORS_CELL] as number;
    const unseen = own ? (table.unseen[i] as number) : table.missed;
    if (unseen > 0) row.unseen_at_most = unseen;
  });
  const uncounted = table.missed > 0 ? total - counted : 0;
  if (table.missed > 0) {
    for (const row of rows.values()) {
      const bound = own ? Math.min(row.unseen_at_most ?? 0, uncounted) : uncounted;
      if (bound > 0) row.unseen_at_most = bound;
      else delete row.unseen_at_most;
    }
  }
  return { rows, uncounted, missed: own ? Math.min(table.missed, uncounted) : uncounted };
}

function finish(draft: Draft, title: string, field: FieldName | null, most: number): List {
  const rows = [...draft.rows.values()];
  rows.sort((a, b) => b.requests - a.requests || compareText(a.key, b.key));
  return {
    title,
    field,
    distinct: rows.length,
    exact: draft.missed === 0,
    missed_at_most: draft.missed,
    rows: rows.slice(0, most),
  };
}

const asIs = (key: string): Named => ({ key });
const unlessEmpty = (key: string): Named | null => (key === '' ? null : { key });

function placePart(part: 'country' | 'region' | 'city'): (key: string) => Named | null {
  return (key) => {
    const [country = '', region = '', city = ''] = key.split('\t');
    if (part === 'country') return { key: country, label: country === '' ? 'unknown' : countryName(country) };
    const name = part === 'region' ? region : city;
    // The same name in two countries is two places, and the filter's value is only the name.
    return name === '' ? null : { key: `${name}, ${country}`, label: `${name}, ${country}` };
  };
}

function networkPart(key: string): Named {
  const [asn = '0', , org = ''] = key.split('\t');
  return asn === '0' ? { key: '0', label: 'unknown' } : { key: asn, label: `${org === '' ? '?' : org} (AS${asn})` };
}

function agentPart(index: number): (key: string) => Named | null {
  return (key) => unlessEmpty(key.split('\t')[index] ?? '');
}

function botPart(key: string): Named | null {
  const [, , , kind = '', name = ''] = key.split('\t');
  if (kind === '' && name === '') return null;
  return { key: name, label: `${name === '' ? 'unnamed' : name} · ${kind === '' ? 'other' : kind}` };
}

/** The places' lists hold names that need their country to be one place; the key is what the filter takes. */
function bareKeys(list: List): List {
  for (const row of list.rows) row.key = row.key.slice(0, row.key.lastIndexOf(', '));
  return list;
}

function statusTable(statuses: Float64Array): TableData {
  const keys: string[] = [];
  const cells: number[] = [];
  for (let status = 0; status < 1000; status++) {
    const own = statuses.subarray(status * CELLS, (status + 1) * CELLS);
    if ((own[0] as number) + (own[1] as number) + (own[2] as number) === 0) continue;
    keys.push(status === 0 ? '' : String(status));
    cells.push(...own);
  }
  return { keys, cells: Float64Array.from(cells), unseen: new Float64Array(keys.length), missed: 0 };
}

/** All lists of the report, each with at most so many rows; countries are all listed, for the map. */
export function makeLists(tally: TallyData, total: number, most: number): Record<ListName, List> {
  const { tables } = tally;
  const own = (
    table: TableData,
    title: string,
    field: FieldName | null,
    name = asIs as (key: string) => Named | null,
  ) => finish(grouped(table, total, name, true), title, field, most);
  const by = (
    table: TableData,
    title: string,
    field: FieldName | null,
    name: (key: string) => Named | null,
    rows = most,
  ) => finish(grouped(table, total, name, false), title, field, rows);
  const statuses = statusTable(tally.statuses);
  const statusClass = (key: string): Named => ({ key: key === '' ? '' : `${key[0]}xx` });
  return {
    paths: own(tables.paths, 'Paths', 'path'),
    hosts: own(tables.hosts, 'Hosts', 'domain', unlessEmpty),
    countries: by(tables.places, 'Countries', 'country', placePart('country'), 300),
    regions: bareKeys(by(tables.places, 'Regions', 'region', placePart('region'))),
    cities: bareKeys(by(tables.places, 'Cities', 'city', placePart('city'))),
    networks: by(tables.networks, 'Networks', 'asn', networkPart),
    network_kinds: by(tables.networks, 'Network kinds', 'network_kind', (key) => asIs(key.split('\t')[1] ?? '')),
    statuses: own(statuses, 'Statuses', 'status'),
    status_classes: by(statuses, 'Status classes', 'status_class', statusClass),
    referrers: own(tables.referrers, 'Referrers', null, unlessEmpty),
    referring_hosts: by(tables.referrers, 'Referring hosts', 'referrer', (key) => unlessEmpty(referrerHost(key))),
    browsers: by(tables.agents, 'Browsers', 'browser', agentPart(2)),
    systems: by(tables.agents, 'Systems', 'os', agentPart(1)),
    devices: by(tables.agents, 'Devices', 'device', agentPart(0)),
    bots: by(tables.agents, 'Bots', 'bot_name', botPart),
    bot_kinds: by(tables.agents, 'Bot kinds', 'bot_kind', agentPart(3)),
    user_agents: own(tables.userAgents, 'User agents', 'user_agent'),
    methods: own(tables.methods, 'Methods', 'method'),
    protocols: own(tables.protocols, 'Protocols', 'protocol', unlessEmpty),
    clients: own(tables.addresses, 'Clients', null, unlessEmpty),
  };
}
