import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startReceiver } from '../src/receiver.fixture.ts';
import { ensureBuilt } from '../test/built.ts';

const run = promisify(execFile);
const NODE = join(import.meta.dirname, '../../../.cache/services/node18/node_modules/node/bin/node');
const missing = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('node18');

/** An app that asks itself, over HTTP/1 and HTTP/2, and ends. */
const APP = `
const http = require('node:http');
const http2 = require('node:http2');
const { once } = require('node:events');
const { createEdge, zeek } = require(process.argv[2]);
const [url, spoolDir, dir] = process.argv.slice(3);
(async () => {
  const edge = createEdge({ url, key: 'vdt_x', spoolDir, outputs: [zeek({ dir })], trustedProxies: ['127.0.0.0/8'] });
  const server = edge.attach(http.createServer((request, response) => {
    request.resume().on('end', () => { response.write('a'); response.end('bc'); });
  }));
  const second = edge.attach(http2.createServer());
  second.on('stream', (stream) => { stream.respond({ ':status': 201 }); stream.end('four'); });
  for (const one of [server, second]) { one.listen(0, '127.0.0.1'); await once(one, 'listening'); }
  const sent = http.request({ port: server.address().port, host: '127.0.0.1', method: 'POST', path: '/one', agent: false,
    headers: { 'x-forwarded-for': '192.0.2.7' } });
  sent.end('body');
  const [answer] = await once(sent, 'response');
  answer.resume();
  await once(answer, 'end');
  const session = http2.connect('http://127.0.0.1:' + second.address().port);
  const stream = session.request({ ':path': '/two' });
  stream.resume();
  await once(stream, 'close');
  session.close();
  server.close();
  second.close();
  while (edge.figures().recorded < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const figures = await edge.close();
  console.log(JSON.stringify({ version: process.version, figures }));
})();
`;

test.skipIf(missing)('the package works on the oldest Node.js it is for', async () => {
  ensureBuilt();
  const dir = await mkdtemp(join(tmpdir(), 'vedette-node18-'));
  const receiver = await startReceiver();
  await writeFile(join(dir, 'app.cjs'), APP);
  const built = join(import.meta.dirname, '../dist/cjs/index.js');
  const { stdout } = await run(NODE, [
    join(dir, 'app.cjs'),
    built,
    receiver.url,
    join(dir, 'spool'),
    join(dir, 'zeek'),
  ]);
  const { version, figures } = JSON.parse(stdout);
  expect(version).toMatch(/^v18\./);
  expect(figures).toMatchObject({ recorded: 2, delivered: 2, dropped: 0, lastError: null });
  expect(receiver.lines()).toMatchObject([
    { 'url.path': '/one', 'client.address': '192.0.2.7', 'http.request.body.size': 4, 'http.response.body.size': 3 },
    { 'url.path': '/two', 'http.response.status_code': 201, 'http.response.body.size': 4 },
  ]);
  expect(await readdir(join(dir, 'zeek'))).toHaveLength(1);
  await receiver.stop();
  await rm(dir, { recursive: true, force: true });
});
