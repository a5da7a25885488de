import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { emptyTenant, sampleTenant } from './fake-tenant.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
});
const { show } = suite;

describe.skipIf(!hasChromium)('the audit log', () => {
  it('shows entries by pages, each opened to all it says by the keyboard', async () => {
    const page = await show('/audit');
    const entry = page.getByRole('button', { name: /^Details of API key made/ }).first();
    await expect.poll(() => entry.getAttribute('aria-expanded')).toBe('false');
    await entry.press('Enter');
    await expect.poll(() => entry.getAttribute('aria-expanded')).toBe('true');
    await page.getByText('Firefox on Windows').waitFor();
    await page.getByText('ingest', { exact: true }).waitFor();
    await page.getByText('key.create', { exact: true }).waitFor();
    const more = page.getByRole('button', { name: 'Show more' });
    await more.click();
    await expect.poll(() => hub.asked.some((path) => path.includes('cursor=50')), PATIENCE).toBe(true);
    await more.click();
    await expect.poll(() => more.count(), PATIENCE).toBe(0);
    expect(suite.complaints).toEqual([]);
  });

  it('is filtered by who and what, in the address', async () => {
    const page = await show('/audit');
    await page.getByLabel('Who', { exact: true }).fill('anna');
    await page.getByLabel('What', { exact: true }).selectOption('API key made');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?actor=anna&action=key.create');
    await expect.poll(() => page.getByRole('row', { name: /Logged in/ }).count(), PATIENCE).toBe(0);
    await page.getByLabel('From', { exact: true }).fill('2026-11-20');
    await page.getByLabel('Until', { exact: true }).fill('2026-11-01');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await page.getByText('The end must lie after the start.').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('');
    await page.goto(`${hub.url}/audit?actor=nobody`);
    await page.getByText('No entry matches these filters').waitFor();
  });

  it('is exported as it is filtered', async () => {
    const page = await show('/audit?action=key');
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export as NDJSON' }).click(),
    ]);
    const lines = (await readFile(await file.path(), 'utf8')).split('\n');
    expect(lines.length).toBe(30);
    expect(new Set(lines.map((line) => (JSON.parse(line) as { action: string }).action))).toEqual(
      new Set(['key.create']),
    );
  });

  it('fits a phone, may be empty, and is not for everybody', async () => {
    const page = await show('/audit', PHONE);
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    hub.tenants.set(MAIN, emptyTenant());
    await page.reload();
    await page.getByText('Nothing in the log yet').waitFor();
    onlyLooks(hub);
    await page.reload();
    await page.getByText('Not for this session').waitFor();
  });
});

describe.skipIf(!hasChromium)('settings', () => {
  it('change the tenant’s name, and change it back', async () => {
    const page = await show('/settings');
    await page.getByLabel('Name of the tenant').fill('Our hub');
    await page.keyboard.press('Enter');
    await page.getByText('The tenant is called Our hub now.').first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => hub.me.tenants[0]?.name, PATIENCE).toBe('This hub');
    expect(suite.complaints).toEqual([]);
  });

  it('ask everybody for a second factor, and take it back', async () => {
    const page = await show('/settings');
    const toggle = page.getByRole('switch', { name: 'Everybody needs a second factor' });
    await toggle.press('Space');
    await page.getByText('From now on everybody needs a second factor.').first().waitFor();
    await expect.poll(() => toggle.isChecked(), PATIENCE).toBe(true);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => hub.me.tenants[0]?.second_factor, PATIENCE).toBe('optional');
    expect(suite.complaints).toEqual([]);
  });

  it('say what is used of the quota, and when it is nearly used up', async () => {
    const page = await show('/settings', PHONE);
    await page.getByText('93,120 of 100,000').waitFor();
    await page.getByText('Nearly used up').waitFor();
    await page.getByText('90 days').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('are read by whoever may only read', async () => {
    onlyLooks(hub);
    const page = await show('/settings');
    await page.getByText('Owners and admins of the tenant change its settings.').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  });
});
