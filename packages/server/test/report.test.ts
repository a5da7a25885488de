import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildReport } from '../src/report/build.ts';
import { readLogs } from '../src/report/read-logs.ts';
import type { Report } from '../src/report/report.ts';
import { writeMmdb } from './emulators/mmdb-writer.ts';
import { runHere } from './support/run-here.ts';

// Relative, so that no path of the checkout is in what is printed.
const LOG = 'access.log';
const folder = mkdtempSync(join(tmpdir(), 'vedette-report-'));
const places = join(folder, 'places.mmdb');
const systems = join(folder, 'systems.csv');
const before = process.cwd();

beforeAll(() => {
  process.chdir(join(import.meta.dirname, 'fixtures', 'report'));
  // The data that comes with the install knows nothing of documentation addresses either, but takes a while to load.
  writeFileSync(places, writeMmdb([['192.0.2.0/24', { country_code: 'DE' }]], { ipVersion: 4 }));
  writeFileSync(systems, '192.0.2.0,192.0.2.255,64496,"Example"\n');
  vi.stubEnv('VEDETTE_GEO_PATH', places);
  vi.stubEnv('VEDETTE_ASN_PATH', systems);
});
afterAll(() => {
  vi.unstubAllEnvs();
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Runs the command as the command line does. */
const run = (argv: readonly string[], terminal: { columns: number } | null = null) =>
  runHere(['report', ...argv], terminal);

async function json(argv: readonly string[]): Promise<Report> {
  const { stdout, code } = await run([...argv, '--json']);
  expect(code).toBe(0);
  return JSON.parse(stdout) as Report;
}

describe('output', () => {
  it('is as it was on paper', async () => {
    const { stdout, code } = await run([LOG]);
    expect(code).toBe(0);
    await expect(stdout).toMatchFileSnapshot('golden/report.txt');
  });

  it('is as it was on a narrow terminal in colour', async () => {
    const { stdout } = await run([LOG, '--top', '3'], { columns: 80 });
    await expect(stdout).toMatchFileSnapshot('golden/report-80.txt');
  });

  it('is as it was as JSON', async () => {
    const { stdout } = await run([LOG, '--json', '--top', '5', '--clients']);
    expect(stdout.startsWith('{"lines":{"read":')).toBe(true);
    expect(Object.keys(JSON.parse(stdout)).slice(0, 3)).toEqual(['lines', 'window', 'requests']);
    const pretty = `${JSON.stringify(JSON.parse(stdout), null, 1)}\n`;
    await expect(pretty).toMatchFileSnapshot('golden/report.json');
  });

  it('fits the terminal, whatever its width', async () => {
    for (const columns of [40, 80, 97, 120, 160, 400]) {
      const { stdout } = await run([LOG], { columns });
      const most = Math.min(160, Math.max(80, columns));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours take no room
      const widths = stdout.split('\n').map((line) => [...line.replace(/\u001b\[\d+m/g, '')].length);
      expect(Math.max(...widths), `${columns} columns`).toBeLessThanOrEqual(most);
    }
  });

  it('passes nothing from the log on that could drive the terminal', async () => {
    const { stdout } = await run([LOG, '--top', '200']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout).toContain('<script>alert(1)');
  });
});

describe('figures', () => {
  it('add up', async () => {
    const { lines, requests, rejected, files, top } = await json([LOG]);
    expect(lines).toEqual({ read: 164, accepted: 161, rejected: 3, skipped: 1 });
    expect(requests.total + requests.outside_window + requests.filtered_out).toBe(lines.accepted);
    expect(requests.people + requests.bots + requests.hosting).toBe(requests.total);
    expect(rejected.reduce((sum, reason) => sum + reason.lines, 0)).toBe(3);
    expect(rejected.flatMap((reason) => reason.examples.map(({ line }) => line)).sort((a, b) => a - b)).toEqual([
      21, 58, 121,
    ]);
    expect(files).toHaveLength(1);
    expect(top.statuses.rows.find((row) => row.key === '404')?.errors).toBeGreaterThan(0);
  });

  it('are of what the filters and the window take', async () => {
    const all = await json([LOG]);
    const where = ['--where', 'status=404', '--where', 'bot=false'];
    const some = await json([LOG, ...where, '--from', '2026-03-03T12:00', '--to', '2026-03-04']);
    expect(some.asked).toEqual({
      from: '2026-03-03T12:00:00.000Z',
      to: '2026-03-04T00:00:00.000Z',
      where: ['status=404', 'bot=false'],
    });
    expect(some.requests.total).toBeGreaterThan(0);
    expect(some.requests.bots).toBe(0);
    expect(some.top.statuses.rows.map((row) => row.key)).toEqual(['404']);
    expect(some.lines).toEqual(all.lines);
    expect((some.window.from as string) >= '2026-03-03T12:00').toBe(true);
    expect((some.window.to as string) < '2026-03-04').toBe(true);
    const { total, outside_window: outside, filtered_out: filtered } = some.requests;
    expect(total + outside + filtered).toBe(all.requests.total);
  });

  it('are the same with any number of threads, blocks and splits into files', async () => {
    const lines = readFileSync(LOG, 'utf8').repeat(40);
    const path = file('long.log', lines);
    const read = async (threads: number, limit?: { keys: number; text: number }) => {
      const window = { from: -Infinity, to: Infinity };
      const lanes = {
        enricher: { geoPath: places, asnPath: systems },
        window,
        filters: [],
        clients: true,
        ...(limit === undefined ? {} : { limit }),
      };
      const reading = await readLogs({ paths: [path], threads, blockSize: 20_000, lanes });
      return JSON.stringify(buildReport(reading, { window, where: [], top: 50 }));
    };
    const whole = await read(0);
    expect(JSON.parse(whole).lines.read).toBe(164 * 40);
    for (const threads of [1, 3]) expect(await read(threads), `${threads} threads`).toBe(whole);
    // Also what full tables drop does not depend on the threads.
    const small = { keys: 4, text: 4000 };
    const tight = await read(0, small);
    expect(JSON.parse(tight).top.paths.exact).toBe(false);
    expect(await read(2, small), 'full tables').toBe(tight);
  });

  it('are of all files together, each in its own format and compression', async () => {
    const text = readFileSync(LOG, 'utf8');
    const common = '192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 2326\n'.repeat(3);
    writeFileSync(join(folder, 'zst.log'), zstdCompressSync(text));
    const report = await json([
      file('a.log.gz', gzipSync(text)),
      join(folder, 'zst.log'),
      file('c.log', common),
      file('empty.log', ''),
    ]);
    expect(report.files.map(({ format, lines }) => [format, lines.accepted])).toEqual([
      ['vhost', 161],
      ['vhost', 161],
      ['common', 3],
      [null, 0],
    ]);
    expect(report.lines.accepted).toBe(325);
  });

  it('follow directives into every block', async () => {
    const [a, b] = ['2025-10-10 13:55:36 192.0.2.1 GET /a 200 10', '2025-10-10 13:55:36 200 /b GET 192.0.2.1 20'];
    const text = [
      '#Version: 1.0',
      '#Fields: date time c-ip cs-method cs-uri-stem sc-status time-taken',
      ...Array.from({ length: 300 }, () => a),
      '#Fields: date time sc-status cs-uri-stem cs-method c-ip time-taken',
      ...Array.from({ length: 300 }, () => b),
    ].join('\n');
    const path = file('w3c.log', text);
    const window = { from: -Infinity, to: Infinity };
    for (const threads of [0, 2]) {
      const lanes = { enricher: { geoPath: places, asnPath: systems }, window, filters: [], clients: false };
      const reading = await readLogs({ paths: [path], threads, blockSize: 1000, lanes });
      const report = buildReport(reading, { window, where: [], top: 10 });
      expect(report.lines).toEqual({ read: 600, accepted: 600, rejected: 0, skipped: 3 });
      expect(report.top.paths.rows.map((row) => [row.key, row.requests])).toEqual([
        ['/a', 300],
        ['/b', 300],
      ]);
      expect(report.top.statuses.rows.map((row) => row.key)).toEqual(['200']);
      expect(report.latency?.all.count).toBe(600);
    }
  });
});

describe('what cannot be done', () => {
  it.each<[string, string[], number, RegExp]>([
    ['no file', [], 2, /at least one log file/],
    ['a missing file', ['/nonexistent/access.log'], 2, /no such file/],
    ['an unknown option', [LOG, '--hmtl', 'x'], 2, /did you mean --html/],
    ['a filter on no field', [LOG, '--where', 'colour=red'], 2, /unknown field "colour"/],
    ['no filter', [LOG, '--where', 'red'], 2, /field=value/],
    ['a bad time', [LOG, '--from', 'yesterday'], 2, /--from "yesterday"/],
    ['a bad span', [LOG, '--last', 'long'], 2, /--last "long"/],
    ['two beginnings', [LOG, '--last', '1h', '--from', '2026-01-01'], 2, /exclude/],
    ['a format that does not exist', [LOG, '--format', 'nonsense'], 2, /unknown log format/],
    ['bad rows', [LOG, '--top', '0'], 2, /--top/],
    ['bad threads', [LOG, '--threads', '-1'], 2, /--threads/],
    ['a page where none can be', [LOG, '--html', '/nonexistent/out.html'], 2, /cannot write \/nonexistent\/out.html/],
    ['a rejects file where none can be', [LOG, '--rejects', '/nonexistent/r'], 2, /cannot write \/nonexistent\/r/],
  ])('%s', async (_, argv, code, message) => {
    const ran = await run(argv);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(message);
    expect(ran.stdout).toBe('');
  });

  it('a file that is no log', async () => {
    const ran = await run([file('poem.txt', 'The quality of mercy is not strained\nIt droppeth\n')]);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/poem\.txt: none of .* fits/);
  });

  it('a file that is no log among others: they are read, it is named', async () => {
    const poem = file('poem.txt', 'The quality of mercy is not strained\n'.repeat(30));
    for (const files of [
      [LOG, poem],
      [poem, LOG],
    ]) {
      const ran = await run([...files, '--json']);
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(/poem\.txt was not read: none of .* fits/);
      const report = JSON.parse(ran.stdout) as Report;
      expect(report.requests.total).toBe(161);
      expect(report.files.map(({ error }) => error === null)).toEqual(files.map((name) => name === LOG));
      expect((await run(files)).stdout).toMatch(/poem\.txt +not read\n +none of/);
    }
    expect((await run([poem, file('prose.txt', 'Call me Ishmael.\n')])).stderr).toMatch(/prose\.txt: none of .* fits/);
  });

  it('visitors are not known of a log that names no address', async () => {
    const log = file(
      'hosts.log',
      'dial-in.example - - [10/Oct/2025:13:55:36 +0000] "GET / HTTP/1.0" 200 5\n'.repeat(3),
    );
    expect((await json([log])).visitors).toBeNull();
    expect((await run([log])).stdout).toMatch(/Visitors +– +– +– +–\n/);
  });

  it('a file of another format than was said', async () => {
    const ran = await run([LOG, '--format', 'caddy']);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/none of 164 lines could be read/);
    expect(ran.stdout).toMatch(/Rejected lines/);
  });

  it('nothing to read is no failure', async () => {
    const ran = await run([file('nothing.log', '')]);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/no lines to report on/);
    expect((await json([file('nothing.log', '\n\n')])).window).toEqual({ from: null, to: null });
  });

  it('nothing that matches is said, with what the log has', async () => {
    const ran = await run([LOG, '--where', 'country=DE']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/No request of 161 matches; the log runs from 2026-03-03 00:\d\d/);
    expect((await run([LOG, '--to', '2001-01-01'])).stdout).toMatch(/No request lies in the window/);
  });

  it('a cut-off gzip gives what it holds', async () => {
    const whole = gzipSync(readFileSync(LOG));
    const report = await json([file('cut.log.gz', whole.subarray(0, whole.length - 500))]);
    expect(report.lines.accepted).toBeGreaterThan(50);
    expect(report.files[0]?.truncated).toMatch(/ends early/);
  });
});

describe('rejected lines', () => {
  it('are written whole, in order, when asked for', async () => {
    const out = join(folder, 'rejects.ndjson');
    const ran = await run([LOG, '--rejects', out, '--json']);
    expect(ran.code).toBe(0);
    const written = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const lines = readFileSync(LOG, 'utf8').split('\n');
    expect(written.map(({ line }) => line)).toEqual([21, 58, 121]);
    for (const { line, raw, reason } of written) {
      expect(raw).toBe(lines[line - 1]);
      expect(reason).toMatch(/^[a-z-]+$/);
    }
  });
});

describe('the page', () => {
  it('holds everything, asks for nothing, and treats the log as text', async () => {
    const out = join(folder, 'out.html');
    expect((await run([LOG, '--html', out])).code).toBe(0);
    const page = readFileSync(out, 'utf8');
    expect(page.length).toBeLessThan(400_000);
    expect(page.match(/<script\b/g)).toHaveLength(2);
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    expect(page).not.toMatch(/<(?:img|link)[^>]+(?:src|href)="(?!data:)/);
    expect(page).not.toMatch(/<script[^>]+src=/);
    expect(page).not.toContain('<img src=x>');
    const data = JSON.parse(/<script type="application\/json" id="data">(.*)<\/script>/.exec(page)?.[1] ?? '');
    expect(
      data.lists
        .find((list: { name: string }) => list.name === 'paths')
        .rows.flat()
        .join(' '),
    ).toContain('<script>alert(1)</script>');
    expect(data.requests.total).toBe(161);
  });

  it('allows exactly its own style and script', async () => {
    const { stdout } = await run([LOG, '--html', '-']);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(stdout)?.[1]?.replaceAll('&#39;', "'") ?? '';
    for (const [tag, directive] of [
      ['style', 'style-src'],
      ['script', 'script-src'],
    ]) {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(stdout)?.[1] ?? '';
      expect(content.length).toBeGreaterThan(1000);
      expect(policy).toContain(`${directive} 'sha256-${createHash('sha256').update(content).digest('base64')}'`);
    }
    expect(policy).toContain("default-src 'none'");
  });

  it('names those whose data it used', async () => {
    vi.stubEnv('VEDETTE_GEO_PATH', '');
    vi.stubEnv('VEDETTE_ASN_PATH', '');
    try {
      const { stdout } = await run([LOG, '--html', '-']);
      expect(stdout).toMatch(/<footer><p>IP Geolocation by DB-IP/);
    } finally {
      vi.stubEnv('VEDETTE_GEO_PATH', places);
      vi.stubEnv('VEDETTE_ASN_PATH', systems);
    }
  });

  it('says so when there is nothing to show', async () => {
    const { stdout, code } = await run([file('nothing.log', ''), '--html', '-']);
    expect(code).toBe(0);
    expect(stdout).toContain('"total":0');
  });
});
