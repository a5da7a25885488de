/*
 * What a page pays: bytes of the script and of the banner's styles, as gzip -9 makes them, beside what the npm packages of
 * Plausible and vanilla-cookieconsent bring; and what each stores on the person's machine. Umami's script is in no npm
 * package: its figure is the one Umami publishes. Plausible's is the tracker alone, vanilla-cookieconsent's the banner
 * alone; ours is both.
 *
 *   npm run bench -- browser
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const browser = join(import.meta.dirname, '../packages/browser');
execFileSync(process.execPath, [join(browser, 'build.mjs')], { stdio: 'inherit' });

const bytes = (file: string) => gzipSync(readFileSync(file), { level: 9 }).length;
const consent = dirname(createRequire(import.meta.url).resolve('vanilla-cookieconsent'));
const plausible = fileURLToPath(import.meta.resolve('@plausible-analytics/tracker'));
/** About 2 KB, as published; not measured here. */
const UMAMI_PUBLISHED = 2048;

const rows = [
  {
    name: 'vedette: banner, consent, counting, vitals',
    script: bytes(join(browser, 'dist/vedette.js')),
    styles: bytes(join(browser, 'dist/banner.css')),
    how: 'measured',
    before: 'nothing',
    after: '1 cookie (the choice)',
  },
  {
    name: 'plausible tracker',
    script: bytes(plausible),
    styles: 0,
    how: 'measured',
    before: 'nothing',
    after: 'asks nobody',
  },
  {
    name: 'umami tracker',
    script: UMAMI_PUBLISHED,
    styles: 0,
    how: 'published',
    before: 'a visitor id in localStorage, by default (its current source)',
    after: 'asks nobody',
  },
  {
    name: 'vanilla-cookieconsent',
    script: bytes(join(consent, 'cookieconsent.umd.js')),
    styles: bytes(join(consent, 'cookieconsent.css')),
    how: 'measured',
    before: 'nothing',
    after: '1 cookie (cc_cookie)',
  },
];
console.log('bytes after gzip -9, and what is stored on the person’s machine');
console.table(rows);
const [ours, tracker, umami, banner] = rows as [(typeof rows)[0], (typeof rows)[0], (typeof rows)[0], (typeof rows)[0]];
const figure = (name: string, value: number, peer: string, peer_value: number) =>
  console.log(
    JSON.stringify({ name, value, unit: 'bytes', peer, peer_value, ratio: Number((value / peer_value).toFixed(3)) }),
  );
figure(
  'browser-script',
  ours.script,
  'plausible (measured) + vanilla-cookieconsent (measured)',
  tracker.script + banner.script,
);
figure('browser-script', ours.script, 'vanilla-cookieconsent (measured)', banner.script);
figure('browser-script', ours.script, 'plausible (measured)', tracker.script);
figure('browser-script', ours.script, 'umami (published)', umami.script);
figure('browser-styles', ours.styles, 'vanilla-cookieconsent (measured)', banner.styles);
