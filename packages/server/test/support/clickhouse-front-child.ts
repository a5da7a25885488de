// A front in a process of its own, for tests that kill or stop it: DIR is its only argument. Says one JSON line, {url}.
// What a kill left is mended as the hub mends its own engine.
// A message {trouble, count} has the next INSERTs go wrong. Ends on SIGTERM.
import { mendDeduplicationLogs } from '../../src/stores/drivers/clickhouse/deduplication-log.ts';
import { type FrontTrouble, startClickHouseFront } from './clickhouse-front.ts';

await mendDeduplicationLogs(process.argv[2] ?? '');
const front = await startClickHouseFront(process.argv[2] ?? '');
process.once('SIGTERM', () => void front.close().then(() => process.exit(0)));
process.on('message', ({ trouble, count }: { trouble: FrontTrouble; count: number }) => front.trouble(trouble, count));
console.log(JSON.stringify({ url: front.url }));
