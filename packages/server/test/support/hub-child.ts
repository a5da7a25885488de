// A whole hub with embedded engines in a process of its own, put together as `vedette serve` does it: DIR is its only
// argument. Says one JSON line, {url}, and logs to stderr. Its engines are nobody else's, so that it answers for them:
// {id, sql} by the rows of its ClickHouse, {id, tenant} by a new tenant with a key. Ends on SIGTERM.
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { createChdbConnection } from 'chdb/connection';
import { destination, pino } from 'pino';
import { readConfig } from '../../src/config.ts';
import { startHub } from '../../src/main.ts';
import { newTenant } from './tenant.ts';

const data = process.argv[2] ?? '';
const running = await startHub(readConfig({ data, port: '0' }), '0.0.0-test', pino(destination(2)));
const connection = createChdbConnection({ path: join(data, 'clickhouse') });
const client = createClient({ connection } as Parameters<typeof createClient>[0]);
await client.command({ query: 'USE vedette' });

interface Question {
  id?: number;
  sql?: string;
  tenant?: string;
}

async function answer({ sql, tenant = '' }: Question): Promise<unknown> {
  if (sql === undefined) return newTenant(running.hub.records, tenant);
  const query = `${sql}\nSETTINGS output_format_json_quote_64bit_integers = 0`;
  return (await client.query({ query, format: 'JSONEachRow' })).json();
}

process.on('message', (question: Question) => {
  if (question.id === undefined) return;
  answer(question).then(
    (value) => process.send?.({ id: question.id, value }),
    (error: unknown) => process.send?.({ id: question.id, error: String(error) }),
  );
});
process.once('SIGTERM', () => void client.close().then(() => running.close().then(() => process.exit(0))));
console.log(JSON.stringify({ url: running.url }));
