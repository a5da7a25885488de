import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE, readFigure, settle } from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleScan } from './fake-privacy.ts';
import { sampleTenant } from './fake-tenant.ts';
import { sampleSources } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(400, 3, now));
  hub.sources.set(MAIN, sampleSources(now));
  hub.tenants.set(MAIN, sampleTenant(now));
  hub.scan.answer = sampleScan(now, false);
});
const { show } = suite;

const GERMAN = { locale: 'de-DE' };
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
/** Chooses in the menu of who is logged in. */
async function chooses(page: Page, name: string | RegExp): Promise<void> {
  await page.locator('.user-button').click();
  await page.getByRole('menuitemradio', { name }).click();
}
const stored = (page: Page, key: string) => page.evaluate((name) => localStorage.getItem(name), key);
const loaded = (page: Page) =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.replace(/.*\//, '')));

describe.skipIf(!hasChromium)('the language', () => {
  it('is the browser’s, and German is fetched by nobody else', async () => {
    const page = await show('/?range=24h');
    await readFigure(page, 'Requests');
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect((await loaded(page)).filter((name) => /^de-.*\.js$/.test(name))).toEqual([]);
  });

  it('is German for who asks for it, numbers and dates too', async () => {
    const page = await show('/?from=2026-03-10T08:00:00Z&to=2026-03-10T09:00:00Z', GERMAN);
    await heading(page, 'Eigener Zeitraum').waitFor();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('de');
    await expect.poll(() => page.locator('.window-line').innerText()).toContain('10. März 2026, 08:00–09:00 UTC');
    await expect.poll(() => page.title()).toBe('This hub · Vedette');
    expect((await loaded(page)).filter((name) => /^de-.*\.js$/.test(name))).toHaveLength(1);
    await page.getByRole('link', { name: 'Integrationen' }).click();
    await page.getByText('184.221 Ereignisse').waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('is chosen without a reload, in place, and kept', async () => {
    const page = await show('/privacy');
    await heading(page, 'Privacy').waitFor();
    await page.evaluate(() => {
      (window as unknown as { same: boolean }).same = true;
    });
    await chooses(page, 'Deutsch');
    await heading(page, 'Datenschutz').waitFor();
    await expect.poll(() => page.evaluate(() => (window as unknown as { same?: boolean }).same)).toBe(true);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await expect.poll(() => page.title()).toBe('Datenschutz · This hub · Vedette');
    expect(hub.sent).toEqual([]);
    await page.reload();
    await heading(page, 'Datenschutz').waitFor();
    await chooses(page, 'English');
    await heading(page, 'Privacy').waitFor();
    expect(await stored(page, 'vedette.language')).toBe('en');
    expect(suite.complaints).toEqual([]);
  });

  it('is that of the account, whatever the browser says, and a choice is kept there', async () => {
    const user = { id: MAIN, email: 'ada@example.org', name: 'Ada', locale: 'de-AT' as string | null };
    hub.me = { ...hub.me, principal: { kind: 'user', scope: null }, user };
    const page = await show('/sources');
    await heading(page, 'Quellen').waitFor();
    await chooses(page, 'English');
    await heading(page, 'Sources').waitFor();
    expect(hub.sent.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      'PATCH /api/v1/account {"locale":"en"}',
    ]);
    await page.reload();
    await heading(page, 'Sources').waitFor();
  });

  it('stays where its words cannot be fetched, and says so', async () => {
    const page = await show('/privacy', {}, (opened) => opened.route('**/assets/de-*.js', (route) => route.abort()));
    await chooses(page, 'Deutsch');
    await page.getByText('The words of this language could not be loaded.').waitFor();
    await heading(page, 'Privacy').waitFor();
    await page.reload();
    await heading(page, 'Privacy').waitFor();
  });

  it('has refusals of the hub in its own words, or else marked as the English they are', async () => {
    hub.failing.set('/api/v1/privacy/policy', {
      type: 'urn:vedette:problem:store-unreachable',
      status: 503,
      title: 'Service Unavailable',
      detail: 'an engine of the hub does not answer at the moment',
    });
    hub.failing.set('/api/v1/integrations', {
      type: 'urn:vedette:problem:bad-moon',
      status: 422,
      title: 'Unprocessable Entity',
      detail: 'the moon is "bad"',
    });
    const page = await show('/privacy', GERMAN);
    await page.getByText('Eine Datenbank des Hubs antwortet gerade nicht.').first().waitFor();
    await page.getByRole('link', { name: 'Integrationen' }).click();
    const detail = page.getByText('the moon is "bad"');
    await detail.waitFor();
    await expect.poll(() => detail.getAttribute('lang')).toBe('en');
    await page.getByText('Inhalt nicht verarbeitbar').waitFor();
  });

  it.each([
    ['/?range=all', 'Alle Daten'],
    ['/?tenant=bakery', 'Noch ist nichts eingetroffen'],
    ['/explore?range=all&by=country', 'Erkunden'],
    ['/live', 'Live-Ansicht'],
    ['/interactions', 'Interaktionen'],
    ['/consent', 'Einwilligung'],
    ['/privacy', 'Datenschutz'],
    ['/privacy?part=policy', 'Datenschutz'],
    ['/privacy?part=person', 'Datenschutz'],
    ['/privacy?part=scan', 'Datenschutz'],
    ['/integrations', 'Integrationen'],
    ['/sources', 'Quellen'],
    ['/first-steps?way=nginx', 'Erste Schritte'],
    ['/first-steps?way=page', 'Erste Schritte'],
    ['/domains', 'Domains'],
    ['/keys', 'API-Schlüssel'],
    ['/people', 'Team'],
    ['/settings', 'Einstellungen'],
    ['/audit', 'Änderungsprotokoll'],
    ['/tenants', 'Mandanten'],
    ['/account', 'Ihr Konto'],
  ])('%s in German fits a phone', async (path, title) => {
    const page = await show(path, { ...PHONE, ...GERMAN });
    await page.getByRole('heading', { name: title, exact: true }).first().waitFor();
    await settle(page);
    await page.locator('.footer').scrollIntoViewIfNeeded();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    const spilled = await page.evaluate(() =>
      [...document.querySelectorAll('button, .segments label, .figure dt, h1, h2')]
        .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflow === 'visible')
        .filter((node) => node.clientWidth > 0)
        .map((node) => node.textContent),
    );
    expect(spilled).toEqual([]);
  });

  it.each([641, 800, 1061, 1280])('leaves nothing outside a window of %d', async (width) => {
    const page = await show('/privacy', { viewport: { width, height: 900 }, ...GERMAN });
    await heading(page, 'Datenschutz').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });
});

describe.skipIf(!hasChromium)('the zone of times', () => {
  const HOUR = '/?from=2026-03-10T08:00:00Z&to=2026-03-10T09:00:00Z';
  const line = (page: Page) => page.locator('.window-line p').first().innerText();

  it.each([
    ['Europe/Berlin', '10 Mar 2026, 09:00–10:00 CET'],
    ['America/St_Johns', '10 Mar 2026, 05:30–06:30 GMT-2:30'],
    ['Pacific/Chatham', '10 Mar 2026, 21:45–22:45 GMT+13:45'],
  ])('%s is shown, and the hub is asked for the same times', async (timezoneId, told) => {
    const page = await show(HOUR, { timezoneId });
    await expect.poll(() => line(page), PATIENCE).toContain(told);
    await expect.poll(() => page.locator('.footer').innerText()).toContain(`Times in ${timezoneId.replace('_', ' ')}`);
    expect(hub.asked.some((path) => path.includes('from=2026-03-10T08%3A00%3A00.000Z'))).toBe(true);
    expect(suite.complaints).toEqual([]);
  });

  it('or UTC, chosen without a reload and kept', async () => {
    const page = await show(HOUR, { timezoneId: 'Europe/Berlin' });
    await expect.poll(() => line(page), PATIENCE).toContain('09:00–10:00 CET');
    await chooses(page, 'UTC');
    await expect.poll(() => line(page), PATIENCE).toContain('10 Mar 2026, 08:00–09:00 UTC');
    await page.reload();
    await expect.poll(() => line(page), PATIENCE).toContain('08:00–09:00 UTC');
    await chooses(page, /^Here: /);
    await expect.poll(() => line(page), PATIENCE).toContain('09:00–10:00 CET');
  });

  it('cuts bars by its own clock, in the chart and its table', async () => {
    const base = Date.parse('2026-03-28T23:00:00Z');
    hub.requests.set(
      MAIN,
      Array.from({ length: 23 }, (_, hour) => ({
        time: base + hour * 3_600_000,
        client: 'x',
        class: 'people',
        path: '/',
        country: 'DE',
        status: 200,
        origin: 'edge',
        bytes_out: 1,
        duration_ms: 1,
      })),
    );
    const page = await show('/?from=2026-03-28T23:00:00Z&to=2026-03-29T22:00:00Z', { timezoneId: 'Europe/Berlin' });
    // The day on which clocks are put forward is a whole day, though it has 23 hours.
    await expect.poll(() => line(page), PATIENCE).toContain('29 Mar 2026 CET/CEST');
    const chart = page.getByRole('application', { name: /^23 requests in 29 Mar 2026 CET\/CEST\./ });
    await chart.waitFor();
    await page.getByRole('button', { name: 'Table' }).first().click();
    const table = page.getByRole('region', { name: 'Requests over time' }).getByRole('table');
    await expect.poll(() => table.locator('thead th').first().innerText()).toBe('From (Europe/Berlin)');
    // Only the rows in sight are in the page: those of the night are at the end.
    await table.evaluate((node: Element | null) => {
      for (let at = node; at !== null; at = at.parentElement) at.scrollTo(0, at.scrollHeight);
    });
    const shown = () => table.locator('tbody th').allInnerTexts();
    await expect.poll(async () => (await shown()).at(-1), PATIENCE).toBe('29 Mar 2026, 00:00');
    const times = await shown();
    expect(times).toContain('29 Mar 2026, 01:50');
    expect(times).not.toContain('29 Mar 2026, 02:00');
    expect(times).toContain('29 Mar 2026, 03:00');
  });

  it('says of the hub’s days that they are days of UTC', async () => {
    const page = await show('/consent', { timezoneId: 'America/St_Johns' });
    const chart = page.getByRole('application', { name: /^Choices over time: / });
    await chart.focus();
    await page.keyboard.press('End');
    await expect.poll(() => chart.locator('.tooltip strong').innerText()).toMatch(/^\w{3},? \d+ \w+ \(UTC\)$/);
    await page.getByText('per UTC day').waitFor();
  });

  it('is that of a range that is typed; times that clocks skip or show twice are told', async () => {
    const page = await show('/?range=24h', { timezoneId: 'America/St_Johns' });
    await page.getByRole('button', { name: 'Custom' }).click();
    const from = page.getByLabel('From (America/St Johns)');
    const to = page.getByLabel('To (America/St Johns)');
    await from.fill('2026-03-08T02:30');
    await to.fill('2026-11-01T01:15');
    await page.getByText('Clocks are put forward over this time; 8 Mar 2026, 03:30 GMT-2:30 is meant.').waitFor();
    await page.getByText(/Clocks are put back and show this time twice; 1 Nov 2026, 01:15 GMT-3:30 is meant/).waitFor();
    await from.fill('2026-03-10T05:30');
    await to.fill('2026-03-10T06:30');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/from=2026-03-10T08.*to=2026-03-10T09/);
    await expect.poll(() => line(page), PATIENCE).toContain('10 Mar 2026, 05:30–06:30');
  });
});
