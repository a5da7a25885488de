import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createEdge, zeek } from '../src/index.ts';
import { listen } from '../src/receiver.fixture.ts';

const run = promisify(execFile);
const PYTHON = join(import.meta.dirname, '../../../.cache/services/parsezeeklogs/bin/python');
const missing = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('parsezeeklogs');

/** Reads a log with a reader that is not ours: typed records, one JSON object a line. */
const READ = `
import json, sys
from parsezeeklogs import read_zeek
for record in read_zeek(sys.argv[1]):
    print(json.dumps(record, default=str))
`;

test.skipIf(missing).each(['tsv', 'json'] as const)('another reader accepts our http.log as %s', async (format) => {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-zeek-'));
  const edge = createEdge({ outputs: [zeek({ dir, format })] });
  const server = createServer(
    edge.node((incoming, response) => incoming.resume().on('end', () => response.end('four'))),
  );
  const port = await listen(server);
  const agents = ['plain/1.0', 'tab\there', 'back\\slash "quoted"', '-', '(empty)', 'a,b'];
  for (const [i, agent] of agents.entries()) {
    const sent = request({
      port,
      host: '127.0.0.1',
      path: `/${i}?q=x&token=secret`,
      method: 'POST',
      agent: false,
      headers: { 'user-agent': agent, referer: 'https://ref.example/', via: '1.1 a, 1.0 b', host: 'www.example.com' },
    });
    sent.end('body');
    const [answer] = await once(sent, 'response');
    answer.resume();
    await once(answer, 'end');
  }
  server.close();
  await expect.poll(() => edge.figures().recorded).toBe(agents.length);
  await edge.close();
  const [name = ''] = await readdir(dir);
  const { stdout } = await run(PYTHON, ['-c', READ, join(dir, name)]);
  const records = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toHaveLength(agents.length);
  for (const [i, record] of records.entries()) {
    expect(record).toMatchObject({
      'id.orig_h': '127.0.0.1',
      'id.resp_h': '127.0.0.1',
      'id.resp_p': port,
      trans_depth: 1,
      method: 'POST',
      host: 'www.example.com',
      uri: `/${i}?q=x&token=[redacted]`,
      referrer: 'https://ref.example/',
      version: '1.1',
      request_body_len: 4,
      response_body_len: 4,
      status_code: 200,
      status_msg: 'OK',
      user_agent: agents[i],
    });
    expect(String(record.uid)).toMatch(/^C[0-9A-Za-z]{17}$/);
    expect(record.proxied).toEqual(['VIA -> 1.1 a, 1.0 b']);
    expect(record.password ?? null).toBeNull();
  }
  await rm(dir, { recursive: true, force: true });
});
