import { existsSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEdge, type Edge } from '../../edge/src/index.ts';
import { readDisk } from '../test/support/on-disk.ts';
import { startWorld, type World, type WorldTenant } from '../test/support/world.ts';

// A site with the edge before it and the browser script in its pages, both of a real hub, and people in a real browser.

const CHROMIUM = '/usr/bin/chromium';
const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`${CHROMIUM} is missing: nobody visits a site`);

const SITE = 'shop.example';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Person {
  name: string;
  /** Theirs alone, of networks that people have at home. */
  address: string;
  /** The button they press. */
  answer: 'Accept' | 'Refuse' | null;
  gpc: boolean;
  /** Classes of their requests: of the first page, before the answer, and of what comes after it. null: counted only. */
  first: string | null;
  later: string | null;
  cookie: RegExp | null;
}

const PEOPLE: Person[] = [
  { name: 'granted', address: '91.64.0.77', answer: 'Accept', gpc: false, first: 'unknown', later: 'granted' },
  { name: 'unknown', address: '2.204.0.77', answer: null, gpc: false, first: 'unknown', later: 'unknown' },
  { name: 'refused', address: '93.192.0.77', answer: 'Refuse', gpc: false, first: 'unknown', later: null },
  { name: 'gpc', address: '151.16.0.77', answer: null, gpc: true, first: null, later: null },
].map((person) => ({
  ...person,
  answer: person.answer as Person['answer'],
  cookie: person.answer === null ? null : person.answer === 'Accept' ? /\.a1m0\.[0-9a-f]{32}$/ : /\.a0m0$/,
}));

let world: World;
let shop: WorldTenant;
let edge: Edge;
let site: Server;
let proxy: Server;
/** Headers of whoever sits before the browser. */
let present: Record<string, string> = {};
let browser: Browser;
const cookies = new Map<string, string>();
const complaints: string[] = [];

beforeAll(async () => {
  if (!hasChromium) return;
  world = await startWorld({ VEDETTE_TRUSTED_PROXIES: '127.0.0.1' });
  shop = await world.tenant('shop');
  await world.running.hub.records.forTenant(shop.id).domains.add(SITE);
  await world.running.hub.records.hosts.refresh();
  edge = createEdge({ url: world.url, key: shop.keys.ingest, trustedProxies: 1, flushMs: 20 });
  const { html } = (await world.call(`/browser/snippet?domain=${SITE}`)).json;
  site = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader(
      'content-security-policy',
      `default-src 'none'; script-src ${world.url}; style-src ${world.url};
      connect-src ${world.url}; img-src 'self'`.replace(/\s+/g, ' '),
    );
    response.end(`<!doctype html><html lang="en"><title>Shop</title>${html}<h1>Shop</h1>
      <button data-vedette-widget="buy">Buy</button> <button data-vedette-consent></button>`);
  });
  edge.attach(site);
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy();
  const { port } = proxy.address() as AddressInfo;
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    // For the whole browser: what is sent as a page goes away does not heed what is set for a page.
    args: [`--user-agent=${FIREFOX}`],
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
  });
  for (const person of PEOPLE) await visit(person);
  expect(await edge.close()).toMatchObject({ refused: 0, dropped: 0 });
});
afterAll(async () => {
  await browser?.close();
  for (const server of [site, proxy]) {
    server?.closeAllConnections();
    server?.close();
  }
  await world?.stop();
});

/** All that the browser asks for goes through here, with the address of whoever sits before it. */
async function startProxy(): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '');
    const port = url.hostname === SITE ? (site.address() as AddressInfo).port : url.port;
    const headers = { ...request.headers, ...present };
    const call = forward(
      { host: '127.0.0.1', port, method: request.method, path: url.pathname + url.search, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    call.on('error', () => response.destroy());
    request.pipe(call);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Two pages: on the first the banner is answered or left alone, on the second something is clicked. */
async function visit({ name, address, answer, gpc }: Person): Promise<void> {
  present = { 'x-forwarded-for': address, ...(gpc ? { 'sec-gpc': '1' } : {}) };
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${name}: ${message.text()}`));
  if (gpc) await page.addInitScript('Object.defineProperty(navigator, "globalPrivacyControl", { value: true })');
  await page.goto(`http://${SITE}/first/${name}`);
  await page.getByRole('dialog').waitFor();
  if (answer !== null) {
    await page.getByRole('button', { name: answer }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.goto(`http://${SITE}/later/${name}`);
  if (answer === null) await page.getByRole('dialog').waitFor();
  await page.getByRole('button', { name: 'Buy' }).click();
  cookies.set(name, await cookieOf(context));
  await leave(page);
  await context.close();
}

const cookieOf = async (context: BrowserContext): Promise<string> =>
  (await context.cookies()).map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');

/** Goes elsewhere, and waits until the hub has taken what the page told. */
async function leave(page: Page): Promise<void> {
  const told = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/interactions') && answer.ok());
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));`);
  await told;
}

describe.skipIf(!hasChromium)('people on a site', () => {
  test('offend no policy, and have the cookie that they chose', () => {
    expect(complaints).toEqual([]);
    for (const { name, cookie } of PEOPLE) {
      if (cookie === null) expect(cookies.get(name)).toBe('');
      else expect(cookies.get(name)).toMatch(cookie);
    }
  });

  test('are told of by the dashboard: what was chosen, and what was clicked', async () => {
    // Who looks sits elsewhere.
    present = {};
    const link = (await world.control('/api/v1/links', { method: 'POST' })).json.url;
    const page = await (await browser.newContext()).newPage();
    // Who has come by the link is known by the name it leads to.
    const { origin } = new URL(link);
    await page.goto(link);
    await page.goto(`${origin}/interactions?tenant=${shop.slug}`);
    // Clicks of everybody; how many of those who granted clicked, and saw a page with it; the rate.
    await page.getByRole('row', { name: /^buy\s+4\s+1\s+1\s+100%$/ }).waitFor();
    await page.goto(`${origin}/consent?tenant=${shop.slug}`);
    // Once to each who answers, twice to each who does not.
    await page.getByText('banner shown 6 times').waitFor();
    await page.getByText('2 people', { exact: true }).waitFor();
    await page.getByLabel('Proof id, or the value of the cookie').fill(cookies.get('refused') ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('1 choice, the latest first').waitFor();
    await page.getByText('Analytical: no').waitFor();
    await page.context().close();
  });

  test('are in the stores as the consent table says, on disk', async () => {
    await world.running.close();
    const { files, tables } = await readDisk(join(world.dir, 'data'));
    const rows = JSON.parse(tables.get('requests') ?? '[]') as Record<string, string>[];
    const interactions = tables.get('interactions') ?? '';
    const classOf = (path: string) => rows.find((row) => row['path'] === path)?.['consent'] ?? null;
    for (const { name, address, answer, first, later } of PEOPLE) {
      expect([classOf(`/first/${name}`), classOf(`/later/${name}`)], name).toEqual([first, later]);
      const [, proof = 'none', , visitor = ''] = (cookies.get(name) ?? '').split(/[=.]/).slice(1);
      const places = (needle: string) => [
        ...[...tables].filter(([, text]) => text.includes(needle)).map(([table]) => table),
        ...files.filter(({ bytes }) => bytes.includes(needle)).map(({ name: file }) => file.split('/')[0] as string),
      ];
      expect(interactions.includes(`/later/${name}`), name).toBe(answer === 'Accept');
      if (answer === 'Accept') {
        expect(visitor).toMatch(/^[0-9a-f]{32}$/);
        // Some rows, by chance, are drawn for the sample too.
        const found = new Set(places(visitor).filter((place) => place !== 'requests_sample'));
        expect([...found].toSorted()).toEqual(['clickhouse', 'interactions', 'postgres', 'requests']);
      }
      if (answer !== null) expect(new Set(places(proof))).toEqual(new Set(['postgres']));
      // Of who is only counted there is nothing at all.
      if (first === null) expect([...places(address), ...places(`/later/${name}`)]).toEqual([]);
      expect(places(address).filter((place) => !/^(live_addresses|clickhouse)$/.test(place))).toEqual([]);
    }
  });
});
