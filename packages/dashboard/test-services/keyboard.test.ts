import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, PATIENCE } from './browser.ts';
import { sampleTenant } from './fake-tenant.ts';
import { sampleSources } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';

const suite = openSuite((hub) => {
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, sampleTenant(now));
  hub.sources.set(MAIN, sampleSources(now));
});
const { show } = suite;

/** The name or text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
  });
}

async function pressAll(page: Page, keys: readonly string[]): Promise<string[]> {
  const seen: string[] = [];
  for (const key of keys) {
    const before = await focused(page);
    await page.keyboard.press(key);
    // The focus follows a moment later, more so on a busy machine.
    await expect.poll(() => focused(page), PATIENCE).not.toBe(before);
    seen.push(await focused(page));
  }
  return seen;
}

describe.skipIf(!hasChromium)('the keyboard alone', () => {
  it('stays within a dialog, leaves it by Escape, and goes on where it was', async () => {
    const page = await show('/integrations');
    const open = page.getByRole('button', { name: 'Take away…' }).first();
    await open.press('Enter');
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    await expect.poll(() => focused(page)).toBe('Cancel');
    expect(await pressAll(page, ['Tab', 'Tab', 'Tab', 'Shift+Tab'])).toEqual(['Take away', 'Close', 'Cancel', 'Close']);
    await expect.poll(() => dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page), PATIENCE).toBe('Take away…');
  });

  it('walks a menu by arrows and first letters; Escape gives the button back', async () => {
    const page = await show('/consent');
    const button = page.getByRole('button', { name: /: account, theme, log out$/ });
    await button.press('ArrowDown');
    await page.getByRole('menu').waitFor();
    await expect.poll(() => focused(page), PATIENCE).toBe('As the system');
    expect(await pressAll(page, ['ArrowDown', 'd', 'End', 'ArrowDown'])).toEqual([
      'Light',
      'Dark',
      'Log out',
      'As the system',
    ]);
    expect(await pressAll(page, ['d'])).toEqual(['Dark']);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme), PATIENCE).toBe('dark');
    await expect
      .poll(() => page.getByRole('menuitemradio', { name: 'Dark' }).getAttribute('aria-checked'))
      .toBe('true');
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page), PATIENCE).toMatch(/: account, theme, log out$/);
  });

  it('moves between tabs by arrows, Home and End, and on into their panel', async () => {
    const page = await show('/privacy');
    await page.getByRole('tab', { name: 'What is kept' }).focus();
    expect(await pressAll(page, ['ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home'])).toEqual([
      'Policy',
      'Scan',
      'What is kept',
      'Scan',
      'What is kept',
    ]);
    await page.keyboard.press('Tab');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('[role="tabpanel"]') !== null))
      .toBe(true);
  });

  it('finds a tenant by typing, and chooses it by Enter', async () => {
    const page = await show('/sources');
    await page.getByRole('button', { name: /^Tenant: / }).press('Enter');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('zzz');
    await page.getByText('Nothing matches “zzz”').waitFor();
    await page.getByRole('combobox').fill('');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?tenant=bakery');
    await expect.poll(() => focused(page), PATIENCE).toContain('Bakery');
  });

  it('sorts a table by its heads, says how, and the address keeps it', async () => {
    const page = await show('/sources');
    const head = page.getByRole('columnheader', { name: 'Requests' });
    await head.getByRole('button').waitFor();
    const figures = () =>
      page
        .locator('.table.sources tbody tr:not(.detail) > td:nth-child(5) > [title]')
        .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('title')?.replaceAll(',', ''))));
    await head.getByRole('button').press('Enter');
    await expect.poll(() => head.getAttribute('aria-sort'), PATIENCE).toBe('descending');
    const down = await figures();
    expect(down.length).toBeGreaterThan(3);
    expect(down).toEqual(down.toSorted((a, b) => b - a));
    await head.getByRole('button').press('Enter');
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?sort=requests');
    expect(await figures()).toEqual(down.toSorted((a, b) => a - b));
    await head.getByRole('button').press('Enter');
    await expect.poll(() => head.getAttribute('aria-sort'), PATIENCE).toBe('none');
    await expect.poll(() => focused(page)).toBe('Requests');
  });

  it('skips the navigation', async () => {
    const page = await show('/consent');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id), PATIENCE).toBe('main');
  });
});

describe.skipIf(!hasChromium)('a table of more rows than are in the page', () => {
  it('holds those in sight, counts all, and scrolls to the last', async () => {
    const page = await show('/sources');
    await page.locator('.table.sources').waitFor();
    const [sample] = sampleSources(Date.now()).sources;
    if (sample === undefined) throw new Error('there is a sample');
    const sources = Array.from({ length: 400 }, (_, place) => ({
      ...sample,
      id: `source-${place}`,
      name: `edge-${String(place).padStart(3, '0')}`,
    }));
    suite.hub.sources.set(MAIN, { sources, first_request: null, next: null });
    const table = page.getByRole('table', { name: 'Sources' });
    await expect.poll(() => table.getAttribute('aria-rowcount'), PATIENCE).toBe('401');
    await expect.poll(() => table.locator('tbody[data-index]').count()).toBeLessThan(60);
    await page.getByRole('group', { name: 'Sources' }).focus();
    const last = page.getByRole('row', { name: /^edge-399/ });
    // Rows are higher than was thought until they are measured, so that the end moves once.
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return last.count();
      }, PATIENCE)
      .toBe(1);
    await expect.poll(() => last.getAttribute('aria-rowindex')).toBe('401');
    expect(suite.complaints).toEqual([]);
  });
});
