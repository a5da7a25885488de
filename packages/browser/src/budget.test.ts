import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const BUDGET = 6000;
let script = '';
let styles = Buffer.alloc(0);

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'build.mjs')], { stdio: 'inherit' });
  script = readFileSync(join(root, 'dist/vedette.js'), 'utf8');
  styles = readFileSync(join(root, 'dist/banner.css'));
});

test('the script is within its budget', () => {
  const bytes = gzipSync(script, { level: 9 }).length;
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(BUDGET);
});

test('it pins its styles, has nothing a strict policy refuses, and stores the cookie and an untold choice only', () => {
  expect(script).toContain(`sha384-${createHash('sha384').update(styles).digest('base64')}`);
  expect(script).not.toMatch(
    /\beval\b|new Function|innerHTML|insertAdjacentHTML|\.style\b|cssText|^\s*(?:import|export)\b/m,
  );
  expect(script).not.toMatch(/sessionStorage|indexedDB|caches\./);
  const name = /(\w+)=[`"']vedette_consent_untold/.exec(script)?.[1] ?? '';
  const uses = [...script.matchAll(/localStorage\.(\w+)\((\w+)/g)].map(([, call, key]) => [call, key]);
  expect(uses.sort()).toEqual(['getItem', 'getItem', 'removeItem', 'setItem'].map((call) => [call, name]));
  expect(script.match(/localStorage/g)).toHaveLength(uses.length);
});
