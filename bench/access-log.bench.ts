/**
 * Access-log parsing on one core. Makes a log like a busy site's in memory (many clients, paths and user agents, a few
 * malformed lines) and measures decoding and parsing apart and together, each the best of five rounds. Peers with the
 * same work are measured by the report and import benchmarks; here there are none.
 */
import { eachLine } from '../packages/server/src/collect/access-log/lines.ts';
import { detectFormat, openParser } from '../packages/server/src/collect/access-log/parser.ts';

const LINES = 400_000;
const ROUNDS = 5;
const BLOCK = 1 << 20;

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'curl/8.5.0',
  '-',
];

let seed = 42;
function random(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return (seed >>> 8) % below;
}

const two = (n: number) => String(n).padStart(2, '0');

function stamp(second: number): string {
  return `10/Oct/2025:${two(Math.floor(second / 3600) % 24)}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)} +0200`;
}

function makeLine(i: number, kind: string): string {
  const client = random(20) === 0 ? `2001:db8::${random(5000).toString(16)}` : `198.51.${random(200)}.${random(250)}`;
  const path = `/articles/${random(3000)}/a-page-with-a-title${random(4) === 0 ? `?page=${random(50)}&sort=asc` : ''}`;
  const status = random(10) === 0 ? 404 : 200;
  const agent = AGENTS[random(AGENTS.length)];
  if (kind === 'nginx-json') {
    return JSON.stringify({
      time_iso8601: '2025-10-10T13:55:36+02:00',
      remote_addr: client,
      host: 'www.example.com',
      request: `GET ${path} HTTP/1.1`,
      status,
      body_bytes_sent: random(100_000),
      request_time: 0.012,
      http_referer: '-',
      http_user_agent: agent,
    });
  }
  const head = `${client} - - [${stamp(Math.floor(i / 50))}] "GET ${path} HTTP/1.1" ${status} ${random(100_000)}`;
  if (kind === 'common') return head;
  const host = kind === 'vhost' ? 'www.example.com:443 ' : '';
  return `${host}${head} "https://www.example.com/articles/${random(500)}" "${agent}"`;
}

/** Best rate of several rounds, in units per second. */
function best(units: number, work: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    work();
    fastest = Math.min(fastest, performance.now() - start);
  }
  return Math.round((units / fastest) * 1000);
}

const figures: { name: string; value: number; unit: string }[] = [];
for (const kind of ['combined', 'common', 'vhost', 'nginx-json']) {
  const lines = Array.from({ length: kind === 'nginx-json' ? LINES / 8 : LINES }, (_, i) => makeLine(i, kind));
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const found = detectFormat(lines.slice(0, 200));
  if ('refused' in found || found.format !== kind) throw new Error(`${kind} was detected as ${JSON.stringify(found)}`);
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, Math.min(at + BLOCK, bytes.length) - 1) + 1 || bytes.length;
    blocks.push(bytes.subarray(at, end));
    at = end;
  }
  // Slices of decoded blocks are what the parser meets in earnest.
  const decoded: string[] = [];
  for (const block of blocks) eachLine(block, (line) => decoded.push(line));
  const parser = openParser(kind);
  let accepted = 0;
  const parse = (line: string) => {
    const parsed = parser.parse(line);
    if (parsed !== null && !('refused' in parsed)) accepted++;
  };
  figures.push({
    name: `parse ${kind}, decoded`,
    value: best(lines.length, () => decoded.forEach(parse)),
    unit: 'lines/s',
  });
  const whole = () => {
    for (const block of blocks) eachLine(block, parse);
  };
  figures.push({ name: `decode and parse ${kind}`, value: best(lines.length, whole), unit: 'lines/s' });
  if (accepted !== lines.length * ROUNDS * 2)
    throw new Error(`${kind}: ${accepted} of ${lines.length * ROUNDS * 2} accepted`);
}
console.log(`Access-log parsing on one core, ${LINES} generated lines, best of ${ROUNDS} rounds.`);
for (const figure of figures) console.log(JSON.stringify({ ...figure, peer: null, peer_value: null, ratio: null }));
