import { once } from 'node:events';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { createEnricher } from '../enrich/enricher.ts';
import type { Agent, Enricher, Network, Place } from '../model/enrichment.ts';
import { UsageFault } from '../model/fault.ts';
import { readArguments } from './arguments.ts';
import type { Command, Io } from './command.ts';

const OPTIONS = { data: { type: 'string' } } as const;
const LONGEST_LINE = 4 * 1024 * 1024;

/** `vedette enrich`: NDJSON in, NDJSON out, without a server. */
export const command: Command = {
  name: 'enrich',
  summary: 'Add place, network and agent to records, as a pipe',
  usage: `Usage: vedette enrich < records.ndjson

Reads one JSON object a line and answers each on one line, in the same order, with what is known of it added:

  {"client.address": "192.0.2.1", "user_agent.original": "curl/8.5.0"}   (either may be missing)
  geo      country, region, city
  network  asn, as_org, kind, confidence, reason
  agent    device_type, os_name, browser_name, is_bot, bot_name, bot_kind

A line that cannot be read is answered by {"error": ...}. The record's own fields stay as they are.

  --data DIR    data directory, for data that "vedette geo update" fetched
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    if (positionals.length > 0) {
      throw new UsageFault(`reads standard input and takes no file: vedette enrich < ${positionals[0]}`);
    }
    const { data, geoPath, geo6Path, asnPath, asn6Path } = readConfig({ data: values.data });
    const updateDir = join(data, 'geo');
    const enricher = await createEnricher({ geoPath, geo6Path, asnPath, asn6Path, updateDir, watch: false });
    const answer = createAnswerer(enricher);
    for await (const lines of lineBatches(io.stdin)) {
      // One write a chunk of input; the next chunk is not read before the reader has room.
      const text = lines.map((line) => `${answer(line)}\n`).join('');
      if (text !== '' && !io.stdout.write(text)) await once(io.stdout, 'drain');
    }
    return 0;
  },
};

/** Answers one line by one line, without its end. */
export function createAnswerer(enricher: Enricher): (line: string) => string {
  const places = new WeakMap<Place, string>();
  const networks = new WeakMap<Network, string>();
  const agents = new WeakMap<Agent, string>();
  // Enrichers hand out the same object for the same answer, so its JSON is made once.
  const cached = <T extends object>(cache: WeakMap<T, string>, value: T, make: (value: T) => object): string => {
    let text = cache.get(value);
    if (text === undefined) {
      text = JSON.stringify(make(value));
      cache.set(value, text);
    }
    return text;
  };
  return (line) => {
    if (line.length > LONGEST_LINE) return failure(`the line is longer than ${LONGEST_LINE} characters`);
    let record: unknown;
    try {
      record = JSON.parse(line);
    } catch (error) {
      return failure(line.trim() === '' ? 'the line is empty' : `the line is not JSON: ${(error as Error).message}`);
    }
    if (record === null || typeof record !== 'object' || Array.isArray(record))
      return failure('the line is not a JSON object');
    const { geo: _g, network: _n, agent: _a, ...own } = record as Record<string, unknown>;
    const address = own['client.address'] ?? '';
    const userAgent = own['user_agent.original'] ?? null;
    if (typeof address !== 'string') return failure('client.address must be a string');
    if (userAgent !== null && typeof userAgent !== 'string') return failure('user_agent.original must be a string');
    const { place, network, agent } = enricher.enrich(address.trim(), userAgent);
    const added =
      `"geo":${cached(places, place, showPlace)},"network":${cached(networks, network, showNetwork)},` +
      `"agent":${cached(agents, agent, showAgent)}}`;
    const text = JSON.stringify(own);
    return text === '{}' ? `{${added}` : `${text.slice(0, -1)},${added}`;
  };
}

function failure(reason: string): string {
  return JSON.stringify({ error: reason });
}

function showPlace({ country, region, city }: Place) {
  return { country, region, city };
}

function showNetwork({ asn, asOrg, kind, kindConfidence, kindReason }: Network) {
  return { asn, as_org: asOrg, kind, confidence: kindConfidence, reason: kindReason };
}

function showAgent({ deviceType, osName, browserName, isBot, botName, botKind }: Agent) {
  return {
    device_type: deviceType,
    os_name: osName,
    browser_name: browserName,
    is_bot: isBot,
    bot_name: botName,
    bot_kind: botKind,
  };
}

/** The lines of a stream, in as many at once as came in. A last line needs no newline. */
async function* lineBatches(input: Io['stdin']): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of input) {
    const text = rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk as Uint8Array, { stream: true }));
    const lines = text.split('\n');
    rest = lines.pop() as string;
    // What cannot become a line that is taken need not be kept whole.
    if (rest.length > 2 * LONGEST_LINE) rest = rest.slice(0, LONGEST_LINE + 1);
    yield lines.map(withoutReturn);
  }
  rest += decoder.decode();
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
