import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';

// What anybody would write first, as the peer of the ingest benchmark: JSON.parse, and one INSERT for all that has come
// meanwhile into one plain table of the same embedded engine, answered afterwards. No enrichment, no roll-ups, no
// client keys, no checks, no spool. Argument: a directory. Prints its port.

const directory = process.argv[2] as string;
const connection = createChdbConnection({ path: join(directory, 'clickhouse') });
const client = createClient({ connection } as Parameters<typeof createClient>[0]);
await client.command({ query: 'CREATE DATABASE IF NOT EXISTS prototype' });
await client.command({
  query: `CREATE TABLE prototype.requests (time Int64, client String, host LowCardinality(String),
    method LowCardinality(String), path String, query String, status UInt16, duration Float64, bytes Int64,
    agent LowCardinality(String), referrer String) ENGINE = MergeTree ORDER BY (host, time)`,
});

let waiting: { rows: string; done: () => void }[] = [];
let storing = false;

async function store(): Promise<void> {
  storing = true;
  for (let number = 0; waiting.length > 0; number += 1) {
    const batch = waiting;
    waiting = [];
    const file = join(directory, `${number}.ndjson`);
    writeFileSync(file, batch.map(({ rows }) => rows).join(''));
    await client.command({
      query: `INSERT INTO prototype.requests FROM INFILE '${file}' COMPRESSION 'none' FORMAT JSONEachRow`,
    });
    rmSync(file);
    for (const { done } of batch) done();
  }
  storing = false;
}

function rowOf(record: Record<string, unknown>): string {
  return `${JSON.stringify({
    time: record.time,
    client: record['client.address'],
    host: record['server.address'],
    method: record['http.request.method'],
    path: record['url.path'],
    query: record['url.query'] ?? '',
    status: record['http.response.status_code'],
    duration: record['http.server.request.duration'],
    bytes: record['http.response.body.size'] ?? -1,
    agent: record['user_agent.original'],
    referrer: record['http.request.header.referer'] ?? '',
  })}\n`;
}

async function take(request: IncomingMessage): Promise<number> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const records = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>[];
  await new Promise<void>((done) => {
    waiting.push({ rows: records.map(rowOf).join(''), done });
    if (!storing) void store();
  });
  return records.length;
}

const server = createServer((request, response) => {
  take(request).then(
    (accepted) => response.end(JSON.stringify({ accepted, rejected: [] })),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
