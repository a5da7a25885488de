// A front in a process of its own, for tests that kill or stop it: DIR is its only argument. Says one JSON line, {url}.
// A message {trouble, count} has the next INSERTs go wrong. Ends on SIGTERM.
import { type FrontTrouble, startClickHouseFront } from './clickhouse-front.ts';

const front = await startClickHouseFront(process.argv[2] ?? '');
process.once('SIGTERM', () => void front.close().then(() => process.exit(0)));
process.on('message', ({ trouble, count }: { trouble: FrontTrouble; count: number }) => front.trouble(trouble, count));
console.log(JSON.stringify({ url: front.url }));
