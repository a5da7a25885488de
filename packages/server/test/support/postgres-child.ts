// A process that keeps a database, for tests that kill it or run it as somebody else: DIR is its only argument.
// Says one JSON line: {url, pid} when it runs, {fault, message} when it does not. Ends on SIGTERM, with the database.
import { startPostgres } from '../../src/stores/drivers/postgres/supervisor.ts';
import { quietLog } from './postgres.ts';

const say = (line: object) => console.log(JSON.stringify(line));
try {
  const server = await startPostgres({ dir: process.argv[2] ?? '', log: quietLog() });
  process.once('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  say({ url: server.url, pid: server.pid() });
} catch (error) {
  const { code, message } = error as { code?: string; message: string };
  say({ fault: code, message });
}
