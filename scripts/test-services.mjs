// Brings up what the tests against real services need, runs them, and says which service could not be had. In CI a
// missing service is a failure; at a desk its tests are skipped by name.
import { spawnSync } from 'node:child_process';

const services = ['chromium', 'kafka', 'log-senders', 'parsezeeklogs', 'node18', 'schemathesis', 'deploy'];
const missing = [];
for (const name of services) {
  const run = spawnSync('bash', [new URL(`services/${name}.sh`, import.meta.url).pathname, 'install'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (run.status !== 0) missing.push(name);
}
if (missing.length > 0) {
  console.error(`services that could not be had: ${missing.join(', ')}`);
  if (process.env.CI) process.exit(1);
}
const run = spawnSync('npx', ['vitest', 'run', '--project', 'services', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, VEDETTE_MISSING_SERVICES: missing.join(',') },
});
process.exit(run.status ?? 1);
