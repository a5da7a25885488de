import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World, type WorldTenant } from '../test/support/world.ts';

const PROGRAM = join(import.meta.dirname, '../../../.cache/services/schemathesis/bin/schemathesis');
const MISSING = (process.env.VEDETTE_MISSING_SERVICES ?? '').split(',').includes('schemathesis');
/** Every run makes the same calls. */
const SEED = 6;
/** Enough for every example and every form of a call, also where the machine has other things to do. */
const SECONDS = 60;

let world: World;
let acme: WorldTenant;
let cookie: string;
let dir: string;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '1000000' });
  acme = await world.tenant('acme');
  await world.running.hub.records.forTenant(acme.id).domains.add('www.acme.example');
  const { url } = await world.running.link();
  const redeemed = await fetch(url, { redirect: 'manual' });
  cookie = String(redeemed.headers.getSetCookie()[0]?.split(';', 1)[0]);
  dir = await mkdtemp(join(tmpdir(), 'vedette-schemathesis-'));
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Calls every operation, and answers with what was found. */
function call(headers: string[]): Promise<{ code: number; output: string }> {
  const args = [
    ['--config-file', join(import.meta.dirname, 'schemathesis.toml'), 'run', `${world.url}/api/openapi.json`],
    ['--phases', 'examples,coverage,fuzzing', '--max-examples', '6', '--seed', String(SEED)],
    // One worker: Python's parser, which Hypothesis asks about its own code, does not bear two threads.
    ['--max-time', String(SECONDS), '--no-shrink', '--suppress-health-check', 'all', '--workers', '1'],
    headers.flatMap((header) => ['--header', header]),
  ].flat();
  const env = { ...process.env, SCHEMATHESIS_HOOKS: 'schemathesis_hooks', PYTHONPATH: import.meta.dirname };
  return new Promise((resolve) => {
    const run = execFile(PROGRAM, args, { cwd: dir, env, maxBuffer: 64 * 1024 * 1024 }, (_, stdout, stderr) => {
      resolve({ code: run.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

/** What it found, without how each was reached. */
function findings(output: string): string {
  const at = output.search(/=+ (?:ERRORS|FAILURES) =+/);
  return at < 0 ? '' : output.slice(at, at + 20_000);
}

describe.skipIf(MISSING)('Schemathesis finds nothing wrong', () => {
  test.each<[string, () => string[]]>([
    ['with a tenant’s key of scope admin', () => [`Authorization: Bearer ${acme.keys.admin}`]],
    ['as an operator in a browser', () => [`Cookie: ${cookie}`, `Origin: ${world.url}`, 'Sec-Fetch-Site: same-origin']],
  ])('%s', async (_, headers) => {
    const { code, output } = await call(headers());
    expect(findings(output)).toBe('');
    expect(output).toMatch(/Tested: \d{2,}/);
    expect(code, output.slice(-2000)).toBe(0);
    expect((await world.call('/readyz')).status).toBe(200);
  });
});
