import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chooseTenant, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import { sampleTraffic } from './sample-traffic.ts';

const GROUPS = [
  ['Overview', 'Explore', 'Live tail', 'Interactions', 'Sources'],
  ['Consent', 'Privacy'],
  ['Integrations', 'Domains', 'API keys', 'First steps'],
  ['People', 'Settings', 'Audit log', 'Tenants'],
];
const NAMES = GROUPS.flat();

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, sampleTenant(now));
});
const { show } = suite;

const screens = (page: Page) => page.getByRole('navigation', { name: 'Screens' });

describe.skipIf(!hasChromium)('ways between the screens', () => {
  it('lead everywhere by the keyboard: the title says where, and the focus is at the beginning', async () => {
    const page = await show('/');
    for (const name of NAMES.slice(1)) {
      await screens(page).getByRole('link', { name }).press('Enter');
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await expect.poll(() => page.title()).toBe(`${name} · This hub · Vedette`);
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
      await expect.poll(() => screens(page).locator('[aria-current="page"]').innerText()).toBe(name);
      await expect.poll(() => page.locator('h1').count()).toBe(1);
    }
    expect(suite.complaints).toEqual([]);
  });

  it('are behind a button on a phone, which names the present one', async () => {
    const page = await show('/privacy', PHONE);
    await page.getByRole('button', { name: 'Screens: Privacy' }).tap();
    const links = screens(page).getByRole('link');
    await expect.poll(() => links.allInnerTexts(), PATIENCE).toEqual(NAMES);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Overview');
    for (const link of await links.all()) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await links.filter({ hasText: 'Integrations' }).tap();
    await page.getByRole('heading', { level: 1, name: 'Integrations' }).waitFor();
    await expect.poll(() => page.locator('.popover').count()).toBe(0);
    await page.getByRole('button', { name: 'Screens: Integrations' }).waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it.each([1200, 1280])('are all in sight in a window of %d', async (width) => {
    const page = await show('/interactions', { viewport: { width, height: 720 } });
    for (const name of NAMES) {
      const box = await screens(page).getByRole('link', { name }).boundingBox();
      expect(box !== null && box.x >= 0 && box.y + box.height <= 720, name).toBe(true);
    }
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it.each([641, 800, 1199])('are behind the button in a window of %d, and nothing is cut', async (width) => {
    const page = await show('/interactions', { viewport: { width, height: 720 } });
    await page.getByRole('button', { name: 'Screens: Interactions' }).press('Enter');
    await expect.poll(() => screens(page).getByRole('link').count(), PATIENCE).toBe(NAMES.length);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Interactions');
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('offer whoever only looks neither what they may not do nor where they may not go', async () => {
    onlyLooks(hub);
    const page = await show('/settings');
    const links = page.locator('.link-list').getByRole('link');
    await expect
      .poll(() => links.allInnerTexts(), PATIENCE)
      .toEqual(['What is kept of visitors, and for how long', 'Domains', 'Other companies’ analytics']);
    await expect.poll(() => page.getByRole('button', { name: 'Import', exact: true }).count()).toBe(0);
    await page.goto(`${hub.url}/consent`);
    await page.getByText('Files are for people who may take rows away.').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /^Download the evidence/ }).count()).toBe(0);
    await page.goto(`${hub.url}/keys`);
    await page.getByRole('heading', { level: 1, name: 'API keys' }).waitFor();
    await page.getByText('It is for: Owner, Admin.').waitFor();
    await page.goto(`${hub.url}/tenants`);
    await page.getByText('It is for operators of this hub.').waitFor();
  });

  it('an address that names none says so, and leads back', async () => {
    const page = await show('/no/such/screen?tenant=bakery');
    await page.getByRole('heading', { name: 'There is no such screen' }).first().waitFor();
    await page.getByRole('link', { name: 'Go to the Overview' }).click();
    await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toBe('/?tenant=bakery');
    expect(suite.complaints).toEqual([]);
  });

  it('addresses written by hand are read as they are meant', async () => {
    const page = await show('/consent/?domain=shop.example.org');
    await page.getByRole('heading', { level: 1, name: 'Consent' }).waitFor();
    await expect.poll(() => page.getByLabel('Site').inputValue()).toBe('shop.example.org');
    await page.goto(`${hub.url}/?where=`);
    await page.getByText('Every request is shown.').waitFor();
    expect(new URL(page.url()).search).toBe('?where=');
  });

  it('the back button brings back where a screen was scrolled to', async () => {
    const page = await show('/');
    await page.locator('.lists').waitFor();
    await page.evaluate(() => window.scrollTo(0, 600));
    await screens(page).getByRole('link', { name: 'Consent' }).click();
    await page.getByRole('heading', { level: 1, name: 'Consent' }).waitFor();
    await expect.poll(() => page.evaluate(() => window.scrollY), PATIENCE).toBe(0);
    await page.goBack();
    await expect.poll(() => page.evaluate(() => window.scrollY), PATIENCE).toBe(600);
  });

  it('keep the range and filters that a screen was left with, but no other tenant’s', async () => {
    const page = await show('/interactions?domain=shop.example.org&range=30d');
    await screens(page).getByRole('link', { name: 'Consent' }).click();
    await page.getByRole('radio', { name: 'Last 12 months' }).check({ force: true });
    await screens(page).getByRole('link', { name: 'Interactions' }).click();
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?domain=shop.example.org&range=30d');
    await chooseTenant(page, 'Bakery');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?range=30d&tenant=bakery');
    await screens(page).getByRole('link', { name: 'Consent' }).click();
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?tenant=bakery');
    expect(
      hub.asked.filter((path) => path.startsWith('/api/v1/consent?') && path.includes(MAIN)).length,
    ).toBeGreaterThan(0);
  });

  it('load a screen when it is opened, and say so where it cannot be', async () => {
    const page = await show('/', {}, (opened) => opened.route('**/assets/consent-*.js', (route) => route.abort()));
    await screens(page).getByRole('link', { name: 'Consent' }).click();
    await page.getByText('This screen could not be loaded. Reload the page').waitFor();
    await screens(page).getByRole('link', { name: 'Privacy' }).click();
    await page.getByRole('heading', { level: 1, name: 'Privacy' }).waitFor();
  });

  it('the first screen loads less than 300 KB of JavaScript, packed', async () => {
    const sizes: Promise<number>[] = [];
    const page = await show('/', {}, async (opened) => {
      opened.on('response', (response) => {
        if (response.url().endsWith('.js')) sizes.push(response.body().then((body) => gzipSync(body).length));
      });
    });
    await page.waitForLoadState('networkidle');
    const sum = (await Promise.all(sizes)).reduce((all, size) => all + size, 0);
    expect(sum).toBeGreaterThan(50_000);
    expect(sum).toBeLessThan(300_000);
  });
});

describe.skipIf(!hasChromium)('the script in the page', () => {
  it('is a tag with the site’s host in it, to copy; the first page views are told', async () => {
    const page = await show('/first-steps?tenant=bakery&way=page', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByText('Waiting for the first page view…').waitFor();
    await page.getByLabel('Host of your site').fill("it's");
    await page.getByText('This is no host.').waitFor();
    await page.getByLabel('Host of your site').fill('https://Shop.Example.org/cart');
    await page.getByText('The hub does not know shop.example.org as this tenant’s yet').waitFor();
    await page.getByText('npx vedette domain add --tenant bakery shop.example.org').waitFor();
    await page.getByRole('button', { name: 'Copy: In the head of every page' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(
      /^<script defer src="https:.* integrity="sha384-.* data-domain="shop\.example\.org"><\/script>$/,
    );
    await page.getByText('script-src https://hub.example.org;').waitFor();
    await chooseTenant(page, 'installation');
    await page.getByText(/^Page views arrive: \d+ page views? by people/).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('asks nothing of who has the host already', async () => {
    const page = await show('/first-steps?way=page');
    await page.getByLabel('Host of your site').fill('www.example.org');
    await page.getByText('The hub knows www.example.org as this tenant’s.').waitFor();
    expect(await page.getByText('npx vedette domain add').count()).toBe(0);
    // A claim that is not proved is nobody's yet.
    await page.getByLabel('Host of your site').fill('new.example.org');
    await page.getByText('The hub does not know new.example.org').waitFor();
    await page.getByRole('link', { name: 'Open Domains' }).click();
    await page.getByRole('heading', { name: 'Domains', level: 1 }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('says why there is none', async () => {
    hub.failing.set('/browser/snippet', {
      status: 503,
      title: 'Service Unavailable',
      detail: 'the script is not built',
    });
    const page = await show('/first-steps?way=page', PHONE);
    await page.getByLabel('Host of your site').fill('www.example.org');
    await page.getByRole('alert').getByText('the script is not built').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });
});
