// Enrichment alone: requests a second on one core, cold (nothing remembered) and warm, over the addresses and user
// agents of real access logs, beside the `maxmind` reader with `bowser`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import bowser from 'bowser';
import maxmind, { type CityResponse } from 'maxmind';
import { createEnricher, type LocalEnricher } from '../packages/server/src/enrich/enricher.ts';
import { openPlaceDatabase } from '../packages/server/src/enrich/geo.ts';
import { bundledFiles } from '../packages/server/src/enrich/geo-files.ts';
import { formatIpv4, ipv4Number } from '../packages/server/src/model/address.ts';

interface Client {
  address: string;
  agent: string;
}

const TARGET = 200_000;
const WARM = 3_000_000;
const RANDOM = 500_000;

function readClients(): Client[] {
  const dir = join(process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../shared'), 'data/access-logs');
  const clients: Client[] = [];
  for (const name of existsSync(dir) ? readdirSync(dir) : []) {
    if (!/combined.*\.gz$/.test(name)) continue;
    for (const line of gunzipSync(readFileSync(join(dir, name)))
      .toString('latin1')
      .split('\n')) {
      const match = /^(\S+) .*"([^"]*)"\s*$/.exec(line);
      if (match && ipv4Number(match[1] as string) >= 0)
        clients.push({ address: match[1] as string, agent: match[2] as string });
    }
  }
  if (clients.length > 0) return clients;
  console.log('No access logs under the shared data: random addresses and ten user agents instead.');
  const agent = (i: number): string =>
    `Mozilla/5.0 (X11; Linux x86_64; rv:12${i % 10}.0) Gecko/20100101 Firefox/12${i % 10}.0`;
  return Array.from({ length: 100_000 }, (_, i) => ({
    address: formatIpv4(((i * 2654435761) >>> 8) + 0x1000000),
    agent: agent(i),
  }));
}

/** Calls a second of `run` over `count` turns through `clients`. */
function rate(clients: Client[], count: number, run: (client: Client) => unknown): number {
  let kept: unknown;
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) kept = run(clients[i % clients.length] as Client);
  const used = process.cpuUsage(start);
  if (kept === undefined) throw new Error('nothing was enriched');
  return count / ((used.user + used.system) / 1e6);
}

const figures: object[] = [];
function figure(
  name: string,
  value: number,
  unit: string,
  peer = '',
  peerValue: number | null = null,
  inverse = false,
): void {
  const ratio = peerValue === null ? null : inverse ? peerValue / value : value / peerValue;
  const short = (number: number | null): number | null => (number === null ? null : Number(number.toPrecision(4)));
  figures.push({ name, value: short(value), unit, peer, peer_value: short(peerValue), ratio: short(ratio) });
}

const clients = readClients();
const distinct = new Map(clients.map((client) => [`${client.address} ${client.agent}`, client])).size;
const addresses = new Set(clients.map(({ address }) => address)).size;
const agents = new Set(clients.map(({ agent }) => agent)).size;
console.log(
  `${clients.length} requests, ${addresses} addresses, ${agents} user agents, ${distinct} pairs; CPU seconds of one core.`,
);

const before = process.memoryUsage().rss;
const started = performance.now();
const enricher: LocalEnricher = await createEnricher({ watch: false });
figure('enrich.open', performance.now() - started, 'ms');

const run = ({ address, agent }: Client): unknown => enricher.enrich(address, agent);
const cold = rate(clients, clients.length, run);
const warm = rate(clients, WARM, run);
figure('enrich.memory', (process.memoryUsage().rss - before) / 1e6, 'MB');

const { place4 } = bundledFiles();
const reader = await maxmind.open<CityResponse>(place4);
const peer = ({ address, agent }: Client): unknown => [reader.get(address), bowser.parse(agent || '-')];
const peerRate = rate(clients, Math.min(clients.length, 100_000), peer);
figure('enrich.cold', cold, 'requests/s/core', 'maxmind + bowser', peerRate);
figure('enrich.warm', warm, 'requests/s/core', 'maxmind + bowser', peerRate);
figure('enrich.warm_target', warm, 'requests/s/core', 'target', TARGET);

const random = Array.from({ length: RANDOM }, () => ({
  address: formatIpv4((Math.random() * 2 ** 32) >>> 0),
  agent: '',
}));
const places = openPlaceDatabase();
const own = rate(random, RANDOM, ({ address }) => places.place4(ipv4Number(address)));
const other = rate(random, RANDOM, ({ address }) => reader.get(address) ?? false);
figure('place.random', own, 'look-ups/s/core', 'maxmind', other);
const addressOnly = rate(random, RANDOM, ({ address }) => enricher.enrich(address, null));
figure('address.random', addressOnly, 'place + network + kind/s/core', 'maxmind (place only)', other);

enricher.close();
for (const line of figures) console.log(JSON.stringify(line));
