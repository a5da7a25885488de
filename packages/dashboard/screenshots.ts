// Takes the pictures of docs/design-system.md from made-up data: `npm run screenshots --workspace packages/dashboard` after a build.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { chooseTenant, launch, MAIN, PHONE, slowDown, TENANTS, visit } from './test-services/browser.ts';
import { startFakeHub } from './test-services/fake-hub.ts';
import { sampleTenant } from './test-services/fake-tenant.ts';
import { sampleSources } from './test-services/sample-sources.ts';
import { sampleTraffic } from './test-services/sample-traffic.ts';

const OUT = join(import.meta.dirname, '../../docs/images');

interface Picture {
  name: string;
  address: string;
  options?: BrowserContextOptions;
  prepare?: (page: Page) => Promise<unknown>;
  /** What is done before it is taken, and until when it waits. */
  ready: (page: Page) => Promise<unknown>;
}

const desk = { viewport: { width: 1240, height: 760 } };
const dark = { ...desk, colorScheme: 'dark' as const };

const PICTURES: readonly Picture[] = [
  { name: 'overview-light', address: '/', options: desk, ready: (page) => page.locator('.top-row').first().waitFor() },
  { name: 'overview-dark', address: '/', options: dark, ready: (page) => page.locator('.top-row').first().waitFor() },
  {
    name: 'table',
    address: '/sources?sort=-requests',
    options: { viewport: { width: 1340, height: 620 } },
    ready: (page) => page.getByText('shop-edge-1').waitFor(),
  },
  {
    name: 'cards-phone',
    address: '/sources',
    options: PHONE,
    ready: (page) => page.getByText('shop-edge-1').waitFor(),
  },
  {
    name: 'navigation-phone',
    address: '/privacy',
    options: PHONE,
    ready: async (page) => {
      await page.getByRole('button', { name: 'Screens: Privacy' }).tap();
      await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    },
  },
  {
    name: 'confirm',
    address: '/privacy?part=person',
    options: { viewport: { width: 900, height: 640 } },
    ready: async (page) => {
      await page.getByRole('textbox').first().fill('0f3a5c7e9b1d2f406182a4c6e8f00a1b');
      await page.getByRole('button', { name: 'Erase…' }).click();
      await page.getByRole('alertdialog').waitFor();
      await page.keyboard.type('erase');
      await page.keyboard.press('Enter');
    },
  },
  {
    name: 'menu',
    address: '/consent',
    options: { viewport: { width: 1240, height: 620 }, colorScheme: 'dark' },
    ready: async (page) => {
      await page.locator('.column').first().waitFor();
      await page.getByRole('button', { name: /: account, theme, log out$/ }).press('ArrowDown');
      await page.getByRole('menu').waitFor();
    },
  },
  {
    name: 'form',
    address: '/privacy?part=policy',
    options: { viewport: { width: 900, height: 700 } },
    ready: async (page) => {
      const field = page.locator('.field-grid .text-field').first();
      await field.fill('a year');
    },
  },
  {
    name: 'loading',
    address: '/sources',
    options: { viewport: { width: 1340, height: 560 } },
    prepare: (page) => slowDown(page, '/api/v1/sources'),
    ready: (page) => page.locator('.sources-list .skeleton').first().waitFor(),
  },
  {
    name: 'empty',
    address: '/sources',
    options: { viewport: { width: 900, height: 440 } },
    ready: async (page) => {
      await chooseTenant(page, 'Bakery');
      await page.locator('.nothing').waitFor();
    },
  },
  {
    name: 'error',
    address: '/consent',
    options: { viewport: { width: 900, height: 440 } },
    prepare: (page) =>
      page.route('**/api/v1/consent?*', (route) =>
        route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          body: JSON.stringify({ title: 'The choices cannot be read now', detail: 'ClickHouse does not answer.' }),
        }),
      ),
    ready: (page) => page.getByRole('alert').first().waitFor(),
  },
  {
    name: 'toast',
    address: '/?where=path=/a*&where=bot=false',
    options: { viewport: { width: 900, height: 440 } },
    ready: async (page) => {
      await page.getByRole('button', { name: 'Clear all' }).click();
      await page.getByText('The filters were cleared.').first().waitFor();
    },
  },
];

const browser = await launch();
const now = Date.now();
const hub = await startFakeHub({
  principal: { kind: 'user', scope: null },
  user: { id: MAIN, email: 'anna.lind@example.org', name: 'Anna Lind', locale: null },
  set_up: true,
  tenants: [...TENANTS],
  version: '1.0.0',
  attributions: [],
});
hub.requests.set(MAIN, sampleTraffic(40_000, 40, now));
hub.sources.set(MAIN, sampleSources(now));
hub.tenants.set(MAIN, sampleTenant(now));
mkdirSync(OUT, { recursive: true });
for (const { name, address, options = {}, prepare, ready } of PICTURES) {
  const { page, close } = await visit(browser, hub.url + address, options, prepare);
  await ready(page);
  // What opens and loads has moved into its place.
  if (name !== 'loading') await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(OUT, `design-${name}.png`), animations: 'disabled' });
  await close();
}
await browser.close();
await hub.close();
