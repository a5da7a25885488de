import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, PATIENCE, PHONE } from './browser.ts';
import { sampleTenant } from './fake-tenant.ts';

const MANY = 10_000;
const nameOf = (place: number) => `Person ${String(place).padStart(5, '0')}`;

const suite = openSuite((hub) => {
  const tenant = sampleTenant(Date.now());
  const [sample] = tenant.people.people;
  if (sample === undefined) throw new Error('there is a sample');
  tenant.people.people = Array.from({ length: MANY }, (_, place) => ({
    ...sample,
    user_id: `user-${place}`,
    name: nameOf(place),
    // Now and then much longer than in the first rows, which would make its column wider.
    email: `person-${place}@${place % 97 === 60 ? 'mail.department-of-many-words.'.repeat(2) : ''}example.org`,
  }));
  hub.tenants.set(MAIN, tenant);
});
const { show } = suite;

const space = (page: Page) => page.getByRole('group', { name: 'Members', exact: true });
const rowOf = (page: Page, place: number) => page.getByRole('row', { name: new RegExp(nameOf(place)) });
const scrollTo = (page: Page, top: number) => space(page).evaluate((node, to) => node.scrollTo(0, to), top);
const widths = (page: Page) =>
  page
    .locator('.table.data thead')
    .first()
    .evaluate((head) => Array.from(head.querySelectorAll('th'), (cell) => Math.round(cell.offsetWidth)));

describe.skipIf(!hasChromium)('a list of ten thousand', () => {
  it('is scrolled by the keyboard, counts all, and has no more rows in the page than are in sight', async () => {
    const page = await show('/people');
    await rowOf(page, 0).waitFor();
    const table = page.getByRole('table', { name: 'Members', exact: true });
    await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(MANY + 1));
    const before = await widths(page);
    await space(page).focus();
    await page.keyboard.press('PageDown');
    await expect.poll(() => space(page).evaluate((node) => node.scrollTop), PATIENCE).toBeGreaterThan(100);
    await expect
      .poll(async () => {
        await page.keyboard.press('End');
        return rowOf(page, MANY - 1).count();
      }, PATIENCE)
      .toBe(1);
    await expect.poll(() => rowOf(page, MANY - 1).getAttribute('aria-rowindex')).toBe(String(MANY + 1));
    await expect.poll(() => table.locator('tbody[data-index]').count()).toBeLessThan(60);
    await expect
      .poll(async () => {
        await page.keyboard.press('Home');
        return rowOf(page, 0).count();
      }, PATIENCE)
      .toBe(1);
    expect(await widths(page)).toEqual(before);
    expect(suite.complaints).toEqual([]);
  });

  it('columns keep their widths wherever it is scrolled, and take those of the window', async () => {
    const page = await show('/people');
    await rowOf(page, 0).waitFor();
    const before = await widths(page);
    for (const top of [2000, 2700, 3400, 90_000]) {
      await scrollTo(page, top);
      await expect.poll(() => rowOf(page, 0).count(), PATIENCE).toBe(0);
      expect(await widths(page)).toEqual(before);
    }
    await page.setViewportSize({ width: 1320, height: 800 });
    await expect.poll(() => widths(page), PATIENCE).not.toEqual(before);
  });

  it('keeps the row that has the focus', async () => {
    const page = await show('/people');
    const menu = rowOf(page, 2).getByRole('button').last();
    await menu.focus();
    await scrollTo(page, 200_000);
    await expect.poll(() => rowOf(page, 3).count(), PATIENCE).toBe(0);
    await expect.poll(() => rowOf(page, 2).count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Shift+Tab');
    await expect.poll(() => rowOf(page, 2).getAttribute('aria-rowindex'), PATIENCE).toBe('4');
  });

  it('on a phone is cards, of which those in sight are in the page', async () => {
    const page = await show('/people', PHONE);
    const list = page.getByRole('list', { name: 'Members', exact: true });
    const card = (place: number) => list.getByRole('listitem').filter({ hasText: nameOf(place) });
    await card(0).waitFor();
    await expect.poll(() => card(0).getAttribute('aria-setsize')).toBe(String(MANY));
    await expect
      .poll(async () => {
        await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
        return card(MANY - 1).count();
      }, PATIENCE)
      .toBe(1);
    await expect.poll(() => card(MANY - 1).getAttribute('aria-posinset')).toBe(String(MANY));
    await expect.poll(() => list.getByRole('listitem').count()).toBeLessThan(60);
    // One below the other, with what is between any two of them.
    const gaps = await list
      .locator('li[data-index]')
      .evaluateAll((items) =>
        items
          .slice(1)
          .map((item, index) =>
            Math.round(item.getBoundingClientRect().top - (items[index]?.getBoundingClientRect().bottom ?? 0)),
          ),
      );
    expect(new Set(gaps).size).toBe(1);
    expect(suite.complaints).toEqual([]);
  });
});
