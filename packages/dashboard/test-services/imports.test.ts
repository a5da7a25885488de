import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BAKERY, hasChromium, MAIN, openSuite, PATIENCE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import { sampleTraffic } from './sample-traffic.ts';

const suite = openSuite((hub) => {
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, sampleTenant(now));
});
const { show } = suite;

/** Lets go of a file over the page, as a person does who drags it there. */
async function drop(page: Page): Promise<void> {
  const files = await page.evaluateHandle(() => {
    const dragged = new DataTransfer();
    dragged.items.add(new File(['no line of any log'], 'access.log'));
    return dragged;
  });
  await page.dispatchEvent('main', 'drop', { dataTransfer: files });
}

function suspend(hub: FakeHub): void {
  hub.me.tenants = hub.me.tenants.map((tenant) => ({ ...tenant, suspended: true }));
}

const ways = (page: Page) => page.getByRole('button', { name: /^(Import|Choose (a file|files))/ });

describe.skipIf(!hasChromium)('importing files', () => {
  it('is offered by a button, the palette and wherever a file is let go, to who may', async () => {
    const page = await show('/');
    await page.locator('.top-row-exclude').first().waitFor();
    await ways(page).waitFor();
    await drop(page);
    await page.getByRole('dialog').getByText('access.log').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('import');
    await page.getByRole('option', { name: /^Import/ }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it.each([
    ['somebody who only looks', onlyLooks],
    ['an operator, into a tenant that is suspended', suspend],
  ])('is not offered to %s', async (_who, change) => {
    change(suite.hub);
    const page = await show('/');
    await page.locator('.top-row-exclude').first().waitFor();
    expect(await ways(page).count()).toBe(0);
    await drop(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('import');
    await page
      .getByText(/^Nothing matches/)
      .or(page.getByRole('option'))
      .first()
      .waitFor();
    expect(await page.getByRole('option', { name: /^Import/ }).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    suite.hub.requests.set(BAKERY, []);
    await page.goto(`${suite.hub.url}/?tenant=bakery`);
    await page.locator('.welcome').waitFor();
    expect(await ways(page).count()).toBe(0);
    await page.goto(`${suite.hub.url}/first-steps?way=file`);
    await page.locator('.snippet').first().waitFor();
    await expect.poll(() => ways(page).count(), PATIENCE).toBe(0);
    expect(suite.complaints).toEqual([]);
  });
});
