// The development loop in one command: the hub, started anew whenever its sources change, and the dashboard served
// by Vite with hot reload and the hub's API behind it.
import { spawn } from 'node:child_process';

const port = process.env.VEDETTE_PORT ?? '8460';
const env = { ...process.env, VEDETTE_PORT: port, VEDETTE_DATA: process.env.VEDETTE_DATA ?? '.vedette/dev' };
const node = process.execPath;
const running = [
  spawn(
    node,
    ['--watch-path=packages/server/src', '--watch-preserve-output', 'packages/server/bin/vedette.mjs', 'serve'],
    {
      stdio: 'inherit',
      env: { ...env, UV_THREADPOOL_SIZE: '16' },
    },
  ),
  spawn(node, ['node_modules/vite/bin/vite.js', 'packages/dashboard', '--host', '127.0.0.1'], {
    stdio: 'inherit',
    env,
  }),
];

function stop() {
  for (const child of running) child.kill('SIGTERM');
}
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
for (const child of running) child.once('exit', stop);
