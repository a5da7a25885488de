import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { ANNA } from './fake-accounts.ts';
import { mine, sampleTenant } from './fake-tenant.ts';
import { sampleTraffic } from './sample-traffic.ts';

const suite = openSuite((hub) => {
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, sampleTenant(now));
  hub.me.user = { ...ANNA };
});
const { show } = suite;

const field = (page: Page) => page.getByRole('combobox', { name: /^(Commands|Befehle)$/ });
const options = (page: Page) => page.getByRole('option');
/** What Enter would do, as a screen reader is told. */
const chosen = (page: Page) =>
  field(page).evaluate((node) => {
    const option = document.getElementById(node.getAttribute('aria-activedescendant') ?? '');
    return option?.querySelector('span')?.textContent ?? null;
  });

async function open(page: Page): Promise<void> {
  await page.locator('#main').waitFor();
  await page.keyboard.press('Control+k');
  await field(page).waitFor();
}

async function command(page: Page, typed: string, label: string | RegExp): Promise<void> {
  await open(page);
  await page.keyboard.type(typed);
  await expect.poll(() => chosen(page), PATIENCE).toMatch(label);
  await page.keyboard.press('Enter');
}

const search = (page: Page) => new URL(page.url()).search;

describe.skipIf(!hasChromium)('the command palette, by the keyboard', () => {
  it('goes to a screen, whose beginning has the focus then, and which comes first the next time', async () => {
    const page = await show('/');
    await command(page, 'audlo', 'Audit log');
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), PATIENCE).toBe('main');
    await open(page);
    await expect
      .poll(() => page.getByRole('group', { name: 'Used lately' }).getByRole('option').allInnerTexts())
      .toHaveLength(1);
    await expect.poll(() => chosen(page)).toBe('Audit log');
    expect(suite.complaints).toEqual([]);
  });

  it('moves by arrow keys over the ends and by page keys, and tells where it is', async () => {
    const page = await show('/settings');
    await open(page);
    const first = await chosen(page);
    await page.keyboard.press('ArrowUp');
    const last = await chosen(page);
    expect(last).not.toBe(first);
    expect(last).toBe(await options(page).last().locator('span').innerText());
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen(page)).toBe(first);
    await page.keyboard.press('PageDown');
    await expect.poll(() => chosen(page)).toBe(await options(page).nth(8).locator('span').innerText());
    await page.keyboard.press('PageUp');
    await expect.poll(() => chosen(page)).toBe(first);
    await expect
      .poll(() =>
        options(page)
          .filter({ has: page.locator(':scope[aria-selected="true"]') })
          .count(),
      )
      .toBeLessThan(2);
    await page.keyboard.type('no such thing');
    await page.getByText('Nothing matches “no such thing”').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => field(page).count()).toBe(1);
  });

  it('is left by Escape or the same keys, and the focus is where it was', async () => {
    const page = await show('/settings');
    const button = page.getByRole('button', { name: 'Find…' });
    await button.press('Enter');
    await field(page).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => field(page).count(), PATIENCE).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Find…');
    await open(page);
    await page.keyboard.press('Control+k');
    await expect.poll(() => field(page).count(), PATIENCE).toBe(0);
    await open(page);
    await page.mouse.click(5, 5);
    await expect.poll(() => field(page).count(), PATIENCE).toBe(0);
  });

  it('does not open over a question that waits for its answer', async () => {
    const page = await show('/integrations');
    await page.getByRole('button', { name: 'Take away…' }).first().press('Enter');
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('alertdialog').waitFor();
    await expect.poll(() => field(page).count()).toBe(0);
  });

  it('filters by what is typed, with names of fields and values to go on with', async () => {
    const page = await show('/settings');
    await open(page);
    await page.keyboard.type('countr');
    await expect.poll(() => chosen(page), PATIENCE).toBe('Country');
    await page.keyboard.press('Tab');
    await expect.poll(() => field(page).inputValue()).toBe('country=');
    await page.keyboard.type('germ');
    await expect
      .poll(async () => {
        const labels = await options(page).locator('span').allInnerTexts();
        return labels.includes('Filter: Country is Germany');
      }, PATIENCE)
      .toBe(true);
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => chosen(page), PATIENCE).toBe('Filter: Country is Germany');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).pathname, PATIENCE).toBe('/');
    expect(search(page)).toContain('where=country=DE');
    await command(page, 'status=5xx', 'Filter: Status is 5xx');
    await expect.poll(() => search(page), PATIENCE).toContain('where=status=5xx');
    expect(search(page)).toContain('where=country=DE');
    await page.goBack();
    await expect.poll(() => search(page), PATIENCE).not.toContain('status');
    expect(suite.complaints).toEqual([]);
  });

  it('says what is wrong with a filter, and does not do it', async () => {
    const page = await show('/');
    await open(page);
    await page.keyboard.type('status=lots');
    await page.getByRole('option').getByText('This field takes numbers').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => field(page).count()).toBe(1);
    expect(search(page)).toBe('');
  });

  it('switches the tenant, the theme and the language, and speaks it', async () => {
    const page = await show('/settings');
    await command(page, 'bakery', 'Tenant: Bakery');
    await expect.poll(() => search(page), PATIENCE).toBe('?tenant=bakery');
    await command(page, 'dark', 'Theme: Dark');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
    await command(page, 'deutsch', 'Language: Deutsch');
    await page.getByRole('heading', { level: 1, name: 'Einstellungen' }).waitFor();
    await open(page);
    await expect.poll(() => field(page).getAttribute('placeholder')).toContain('country=DE');
    await page.getByText('Gehe zu').waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('opens the import, which has the focus then', async () => {
    const page = await show('/');
    await command(page, 'import', 'Import an access log…');
    const dialog = page.getByRole('dialog', { name: 'Import' });
    await dialog.waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null), PATIENCE)
      .toBe(true);
  });

  it('copies a link that shows the same window to everybody', async () => {
    const page = await show('/?range=24h&where=country=DE&where=bot=false', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.locator('.top-row').first().waitFor();
    await command(page, 'copy link', 'Copy the link to this screen');
    await page.getByText('The link was copied.').first().waitFor();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    expect(link.searchParams.getAll('where')).toEqual(['country=DE', 'bot=false']);
    expect(link.searchParams.get('tenant')).toBe('installation');
    expect(link.searchParams.has('range')).toBe(false);
    const [from = '', to = ''] = [link.searchParams.get('from') ?? '', link.searchParams.get('to') ?? ''];
    // Whole minutes, so that it may be a little more.
    expect(Math.round((Date.parse(to) - Date.parse(from)) / 3_600_000)).toBe(24);
  });

  it('asks the hub anew', async () => {
    const page = await show('/sources');
    await page.waitForLoadState('networkidle');
    const before = suite.hub.asked.length;
    await command(page, 'refresh', 'Refresh the figures');
    await expect.poll(() => suite.hub.asked.length, PATIENCE).toBeGreaterThan(before);
  });
});

describe.skipIf(!hasChromium)('the command palette', () => {
  it('offers nobody what they may not do', async () => {
    const [first, ...others] = suite.hub.me.tenants;
    if (first === undefined) throw new Error('there is a tenant');
    suite.hub.me.tenants = [mine(first, ['read']), ...others];
    const page = await show('/');
    await open(page);
    const labels = await options(page).locator('span').allInnerTexts();
    expect(labels).toContain('Consent');
    for (const label of ['Audit log', 'Tenants', 'API keys', 'Import an access log…'])
      expect(labels).not.toContain(label);
  });

  it('is opened on a phone by a button, fits it, and its options are as large as a finger', async () => {
    const page = await show('/', PHONE);
    await page.getByRole('button', { name: 'Find…' }).tap();
    await field(page).waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    for (const option of (await options(page).all()).slice(0, 4)) {
      expect((await option.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    }
    await options(page)
      .filter({ has: page.getByText('Your account', { exact: true }) })
      .tap();
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  });
});
