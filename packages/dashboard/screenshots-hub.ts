// Takes the pictures of the README from a whole hub with a log imported into it, after a build:
// `npm run screenshots:hub --workspace packages/dashboard -- access.log`; names of pictures behind it: only those.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launch, PHONE, settle, visit } from './test-services/browser.ts';
import { HUB, startHub } from './test-services/hub-process.ts';

const OUT = join(import.meta.dirname, '../../docs/images');
/** A README that takes long to load is not read. */
const MOST_BYTES = 300_000;

const [log, ...only] = process.argv.slice(2);
if (log === undefined) throw new Error('say which access log to import');

interface Picture {
  name: string;
  /** Of the screen; the Overview unless told. */
  address?: string;
  options?: BrowserContextOptions;
  /** What is there once it is loaded; the figures and their chart unless told. */
  loaded?: readonly string[];
  ready?: (page: Page) => Promise<unknown>;
}

const isWanted = ({ name }: Picture) => only.length === 0 || only.includes(name);
const FIGURES = ['.figure-value:not(:has(.skeleton))', '.timeline-space canvas'];
const desk = { viewport: { width: 1240, height: 900 } };
const PICTURES: readonly Picture[] = [
  { name: 'overview', options: desk },
  { name: 'overview-dark', options: { ...desk, colorScheme: 'dark' } },
  { name: 'phone', options: PHONE },
  { name: 'explore', address: '/explore?range=all&by=country', options: { viewport: { width: 1240, height: 1240 } } },
  {
    name: 'live',
    address: '/live',
    options: { viewport: { width: 1240, height: 760 } },
    loaded: ['.live-state .badge.good'],
    ready: async (page) => {
      for (let second = 0; second < 12; second += 1) {
        await sendSome(second);
        await page.waitForTimeout(1000);
      }
      await page.locator('.request-open').nth(12).waitFor();
    },
  },
  {
    name: 'palette',
    options: desk,
    ready: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Commands' }).fill('country=');
      await page.getByRole('option').nth(3).waitFor();
    },
  },
];

/** Sends a few requests of the log, a part of it that is another for each number, as if they happened now. */
async function sendSome(number: number): Promise<void> {
  const line = /^(\S+) \S+ \S+ \[[^\]]*\] "(\S+) (\S+)[^"]*" (\d+) \S+ "([^"]*)" "([^"]*)"/;
  const lines = readFileSync(resolve(log ?? ''), 'utf8').split('\n', 4000);
  const from = number * 131;
  const body = lines.slice(from, from + 3 + ((number * 7) % 11)).flatMap((text) => {
    const [, address, method, path, status, referrer, agent] = line.exec(text) ?? [];
    if (address === undefined || path === undefined) return [];
    return {
      time: Date.now(),
      'client.address': address,
      'server.address': 'www.example.org',
      'http.request.method': method,
      'url.path': path,
      'http.response.status_code': Number(status),
      'http.server.request.duration': ((number * 37 + path.length * 11) % 240) / 1000,
      'user_agent.original': agent,
      ...(referrer !== '-' && { 'http.request.header.referer': referrer }),
    };
  });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await fetch(`${hub.url}/api/v1/requests`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function setUp(page: Page, path: string): Promise<void> {
  await page.getByLabel('E-mail address').fill('anna@example.org');
  await page.getByLabel('Your name').fill('Anna Lind');
  await page.getByLabel('Password', { exact: true }).fill('four random words here');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a file' }).click(),
  ]);
  await chooser.setFiles(path);
  await page.getByLabel('Host for lines that name none').fill('www.example.org');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.getByRole('button', { name: 'Close' }).last().waitFor({ timeout: 300_000 });
}

const hub = await startHub();
let key = '';
const browser = await launch();
try {
  const first = await visit(browser, hub.link);
  await setUp(first.page, resolve(log));
  const made = ['key', 'create', '--tenant', 'installation', '--scope', 'ingest', '--data', hub.data];
  key = execFileSync(process.execPath, [HUB, ...made], { encoding: 'utf8' }).trim();
  const storageState = await first.page.context().storageState();
  mkdirSync(OUT, { recursive: true });
  for (const { name, address = '/', options, loaded = FIGURES, ready } of PICTURES.filter(isWanted)) {
    const { page, close } = await visit(browser, new URL(address, hub.url).href, { ...options, storageState });
    for (const part of loaded) await page.locator(part).first().waitFor();
    await settle(page);
    await ready?.(page);
    const path = join(OUT, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    const { size } = statSync(path);
    if (size > MOST_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MOST_BYTES}`);
    await close();
  }
} finally {
  await browser.close();
  await hub.stop();
}
