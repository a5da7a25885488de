import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/dispatch.ts';
import type { Finding } from '../src/cli/finding.ts';
import { runVedette, startServe, VEDETTE } from './support/serve.ts';
import { fillData } from './support/template.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vedette-cli-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe('help and usage', () => {
  test.each(['--help', '-h', 'help'])('vedette %s lists the commands', async (word) => {
    const { code, stdout } = await runVedette([word]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(`  ${name} `);
  });

  test('every command has help, and the list says the same of it', async () => {
    for (const { name, summary, load } of COMMANDS) {
      const { command } = await load();
      expect(command.name).toBe(name);
      expect(command.summary).toBe(summary);
      expect(command.usage).toContain(`vedette ${name}`);
    }
    expect((await runVedette(['key', 'create', '--help'])).stdout).toContain('Usage: vedette key');
  });

  test.each([
    [['improt'], 2, 'did you mean "vedette import"?'],
    [['serve', '--prot', '1'], 2, 'did you mean --port?'],
    [['serve', '--port', 'x'], 2, 'whole number from 0 to 65535'],
    [['serve', 'now'], 2, 'now'],
    [['key', 'create'], 2, '--tenant'],
    [['key', 'mint'], 2, 'create, list, rotate, revoke'],
    [['tenant', 'delete', 'acme'], 2, '--confirm acme'],
    [['tenant', 'delete', 'acme', '--confirm', 'other'], 2, '--confirm acme'],
    [['tenant', 'rename', 'acme'], 2, '--name'],
    [['tenant', 'quota', 'acme', '--users', 'many'], 2, '--users is "many"'],
    [['domain', 'add', 'a.example'], 2, '--tenant'],
    [['import'], 2, 'log file'],
    [['import', '/nonexistent/access.log'], 2, '/nonexistent/access.log'],
    [['report'], 2, 'log file'],
    [['geo'], 2, 'update'],
    [['enrich', 'addresses.ndjson'], 2, 'vedette enrich < addresses.ndjson'],
    [['report', VEDETTE, '--html', '/nonexistent/x.html'], 2, 'there is no directory /nonexistent'],
  ])('vedette %j exits %i and says why', async (argv, code, said) => {
    const run = await runVedette(argv);
    expect(run.stderr).toContain(said);
    expect(run.code).toBe(code);
    expect(run.stdout).toBe('');
  });

  test.each(['tenant list', 'link', 'key list --tenant a', 'domain list', `import ${VEDETTE}`])(
    'without a hub, %s says how to start one',
    async (words) => {
      const run = await runVedette([...words.split(' '), '--data', join(dir, 'none')]);
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(/no hub is running on .*none\. Start it with/);
    },
  );

  test('wrong settings are all named, and secrets are not shown', async () => {
    const run = await runVedette(['doctor'], {
      env: { VEDETTE_PORT: 'x', VEDETTE_SPOOL_MAX: 'much', DATABASE_URL: 'mysql://u:geheim@h' },
    });
    expect(run.code).toBe(2);
    for (const name of ['VEDETTE_PORT', 'VEDETTE_SPOOL_MAX', 'DATABASE_URL']) expect(run.stderr).toContain(name);
    expect(run.stderr).not.toContain('geheim');
  });

  test('doctor lists every setting, masks secrets and finds what is misspelt', async () => {
    const env = { CLICKHOUSE_URL: 'http://u:geheim@127.0.0.1:1', VEDETTE_PROT: '1' };
    const run = await runVedette(['doctor', '--data', join(dir, 'doctor')], { env });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/VEDETTE_PORT +\(8460\)/);
    expect(run.stdout).toContain('http://u:***@127.0.0.1:1');
    expect(run.stdout).not.toContain('geheim');
    expect(run.stdout).toMatch(/BAD +ClickHouse/);
    expect(run.stdout).toMatch(/WARNING +VEDETTE_PROT.*\n +-> is VEDETTE_PORT meant\?/);
    // What is wrong comes first.
    const states = [...run.stdout.matchAll(/^(BAD|WARNING|GOOD) /gm)].map(([, state]) => state);
    expect(states.lastIndexOf('BAD')).toBeLessThan(states.indexOf('WARNING'));
    expect(states.lastIndexOf('WARNING')).toBeLessThan(states.indexOf('GOOD'));
  });

  test('doctor says who else can get at the data, how the disk stands, and how to mend both', async () => {
    const data = join(dir, 'open');
    await mkdir(join(data, 'spool', 'dead'), { recursive: true });
    await writeFile(join(data, 'spool', 'dead', '1.bin'), Buffer.alloc(200_000));
    await writeFile(join(data, 'master.key'), Buffer.alloc(32), { mode: 0o644 });
    const env = { VEDETTE_DISK_STOP: '99.99%', VEDETTE_HOST: '0.0.0.0' };
    const run = await runVedette(['doctor', '--json', '--data', data], { env });
    expect(run.code).toBe(1);
    const { findings } = JSON.parse(run.stdout) as { findings: Finding[] };
    const found = (name: string, state: string) => findings.find((one) => one.name === name && one.state === state);
    expect(found('master key', 'warning')?.advice).toBe(`chmod 600 ${join(data, 'master.key')}`);
    expect(found('dead letters', 'warning')?.detail).toBe('1 batch was never stored: spool/dead');
    expect(found('disk', 'bad')?.detail).toMatch(/free; warns below .*, takes nothing in below /);
    expect(found('room', 'good')?.detail).toMatch(/spool 19\d\.\d KiB|spool 2\d\d\.\d KiB/);
    expect(found('network', 'warning')?.detail).toContain('without TLS');
    expect(findings.filter(({ state, advice }) => state !== 'good' && advice === undefined)).toEqual([]);
  });
});

test('a reader that goes away ends a pipe without noise', async () => {
  const child = spawn('sh', ['-c', `yes '{}' | head -200000 | "${process.execPath}" "${VEDETTE}" enrich | head -1`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data));
  child.stderr.on('data', (data: Buffer) => (stderr += data));
  await new Promise((resolve) => child.once('exit', resolve));
  expect(stdout.split('\n')).toHaveLength(2);
  expect(stderr).toBe('');
});

describe('serve', () => {
  test('runs, is refused a second time, lets itself be used, and stops cleanly on SIGTERM', async () => {
    const data = join(dir, 'data');
    const hub = await startServe(data);
    expect((await stat(join(data, 'control.sock'))).mode & 0o777).toBe(0o600);
    expect((await stat(data)).mode & 0o777).toBe(0o700);

    const second = await runVedette(['serve', '--data', data, '--port', '0']);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/a hub is already running on .*: process \d+, since 20\d\d-/);

    const port = new URL(hub.url).port;
    const taken = await runVedette(['serve', '--data', join(dir, 'taken'), '--port', port]);
    expect(taken.code).toBe(1);
    expect(taken.stderr).toMatch(new RegExp(`port ${port} on 127.0.0.1 is taken`));

    expect((await runVedette(['tenant', 'create', 'acme', '--data', data])).code).toBe(0);
    const again = await runVedette(['tenant', 'create', 'acme', '--data', data]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('acme')]);
    expect((await runVedette(['tenant', 'create', 'No Slug', '--data', data])).code).toBe(2);
    const made = await runVedette([
      'key',
      'create',
      '--tenant',
      'acme',
      '--scope',
      'read',
      '--expires',
      '90d',
      '--data',
      data,
    ]);
    expect(made.stdout).toMatch(/^vdt_[\w-]{43}\n$/);
    const key = made.stdout.trim();
    const me = await fetch(`${hub.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } });
    expect(await me.json()).toMatchObject({ tenants: [{ slug: 'acme' }] });
    const rotated = await runVedette(['key', 'rotate', key.slice(0, 10), '--tenant', 'acme', '--data', data]);
    expect(rotated.stdout).toMatch(/^vdt_[\w-]{43}\n$/);
    expect((await runVedette(['key', 'revoke', key.slice(0, 10), '--tenant', 'acme', '--data', data])).code).toBe(0);
    expect((await runVedette(['domain', 'add', '*.acme.example', '--tenant', 'acme', '--data', data])).code).toBe(0);
    expect((await runVedette(['domain', 'list', '--data', data])).stdout).toMatch(/\*\.acme\.example +acme/);
    expect((await runVedette(['domain', 'remove', '*.acme.example', '--tenant', 'acme', '--data', data])).code).toBe(0);
    const quota = await runVedette(['tenant', 'quota', 'acme', '--users', '3', '--data', data]);
    expect(quota.stdout).toMatch(/requests-per-day +none\nusers +3\nretention-days +none\n/);
    expect((await runVedette(['tenant', 'suspend', 'acme', '--data', data])).code).toBe(0);
    expect((await runVedette(['tenant', 'list', '--data', data])).stdout).toMatch(/acme .* suspended 20/);
    expect(await runVedette(['tenant', 'resume', 'acme', '--data', data])).toMatchObject({
      code: 0,
      stdout: 'acme is resumed: its people and keys may do again what they might before\n',
    });
    expect((await runVedette(['tenant', 'create', 'gone', '--data', data])).code).toBe(0);
    const deleted = await runVedette(['tenant', 'delete', 'gone', '--confirm', 'gone', '--data', data]);
    expect([deleted.code, deleted.stderr]).toEqual([0, '']);
    expect(deleted.stdout).toMatch(/PostgreSQL tenants +1 +0\n[^]*Nothing is left of gone\n$/);
    const nobody = await runVedette(['key', 'list', '--tenant', 'nobody', '--data', data]);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringMatching(/acme.*tenant create/)]);
    // By its name the browser makes passkeys, which it does not by the number.
    const start = hub.url.replace('127.0.0.1', 'localhost');
    expect((await runVedette(['link', '--data', data])).stdout).toMatch(new RegExp(`^${start}/start/`));

    const log = join(dir, 'access.log');
    const line = (n: number) => `192.0.2.1 - - [31/Jan/2026:12:00:0${n} +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n`;
    await writeFile(log, `${line(1)}${line(2)}garbage\n`);
    const rejects = join(dir, 'rejects.ndjson');
    const imported = await runVedette(['import', log, '--tenant', 'acme', '--rejects', rejects, '--data', data]);
    expect(imported.code).toBe(0);
    expect(imported.stdout).toMatch(/combined[\s\S]*3 read, 2 accepted, 1 rejected[\s\S]*2026-01-31T12:00:01/);
    expect(JSON.parse(await readFile(rejects, 'utf8'))).toMatchObject({ file: log, line: 3, excerpt: 'garbage' });
    const json = await runVedette(['import', log, '--tenant', 'acme', '--json', '--data', data]);
    expect(JSON.parse(json.stdout)).toMatchObject({ file: log, lines: { read: 0, known: 3 } });

    // Nobody has sent anything: what was imported is no part of that number, which says so.
    const doctor = await runVedette(['doctor', '--data', data]);
    expect(doctor.stdout).toMatch(
      /requests +\S+ requests? taken as they came in since .* \(imports are counted in Sources\)/,
    );

    hub.child.kill('SIGTERM');
    expect(await hub.ended).toEqual({ code: 0, signal: null });
    expect(hub.stderr()).toBe('');
    await expect(stat(join(data, 'hub.lock'))).rejects.toThrow('ENOENT');
  });

  test('survives kill -9: what was acknowledged is there, and the next start needs no repair', async () => {
    const data = join(dir, 'killed');
    await fillData(data);
    const first = await startServe(data);
    const key = (
      await runVedette(['key', 'create', '--tenant', 'installation', '--scope', 'admin', '--data', data])
    ).stdout.trim();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    let acknowledged = 0;
    for (let i = 0; i < 20; i += 1) {
      const body = JSON.stringify([{ time: Date.now(), 'url.path': '/killed' }]);
      const answer = await fetch(`${first.url}/api/v1/requests`, { method: 'POST', headers, body });
      acknowledged += ((await answer.json()) as { accepted: number }).accepted;
    }
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await startServe(data);
    const answer = await fetch(`${second.url}/api/v1/traffic?metrics=requests&where=path=/killed`, { headers });
    expect(await answer.json()).toMatchObject({ rows: [{ requests: acknowledged }] });
    second.child.kill('SIGINT');
    expect(await second.ended).toEqual({ code: 0, signal: null });
  });

  test('a launcher that is killed takes the hub with it', async () => {
    const data = join(dir, 'launched');
    await fillData(data);
    const hub = await startServe(data, { launcher: true });
    hub.child.kill('SIGKILL');
    await hub.ended;
    // Whoever starts next finds the directory free.
    await expect
      .poll(async () =>
        fetch(`${hub.url}/healthz`).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('down');
    const next = await startServe(data);
    next.child.kill('SIGTERM');
    expect(await next.ended).toEqual({ code: 0, signal: null });
  });

  test('where a path is too long for a socket, the command line still finds the hub', async () => {
    const data = join(dir, 'x'.repeat(100), 'data');
    const hub = await startServe(data);
    expect((await runVedette(['tenant', 'list', '--data', data])).code).toBe(0);
    hub.child.kill('SIGTERM');
    expect((await hub.ended).code).toBe(0);
  });

  test.each([
    ['a file in the way', async (path: string) => writeFile(path, ''), 'not a directory'],
    [
      'a link to nowhere',
      async (path: string) => symlink('/nonexistent/place', path),
      'cannot be reached|not a directory',
    ],
  ])('says that there is %s', async (_, make, said) => {
    const path = join(dir, `blocked-${said.length}`);
    await make(path);
    const run = await runVedette(['serve', '--data', path, '--port', '0']);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(new RegExp(said));
  });

  test('a port that something else has is told before anything is started', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const data = join(dir, 'port');
    const run = await runVedette(['serve', '--data', data, '--port', String(port)]);
    server.close();
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(`port ${port} on 127.0.0.1 is taken`);
    await expect(stat(join(data, 'postgres'))).rejects.toThrow('ENOENT');
  });
});
