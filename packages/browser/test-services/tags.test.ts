import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeHub, startFakeSite } from './fake-hub.ts';
import { hasChromium, launch, visit } from './page.ts';

let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!hasChromium)('tags of others', () => {
  it('are loaded after the choice that allows them, told what was chosen, and taken away with it', async () => {
    const hub = await startFakeHub();
    hub.site = { tags: { ga4: { measurement_id: 'G-TEST1234' }, clarity: { project_id: 'abcd1234' } } };
    const site = await startFakeSite(hub);
    const loaded: string[] = [];
    const { page, context } = await visit(browser, site.url, {}, async (page) =>
      page.route(/googletagmanager|clarity\.ms/, (route) => {
        loaded.push(route.request().url());
        return route.fulfill({ contentType: 'text/javascript', body: 'document.cookie="_ga=GA1.1; path=/"' });
      }),
    );
    const layer = () =>
      page.evaluate(() =>
        JSON.stringify(
          ((window as unknown as { dataLayer?: ArrayLike<unknown>[] }).dataLayer ?? []).map((one) => Array.from(one)),
        ),
      );
    await page.getByRole('button', { name: 'Choose' }).click();
    expect(loaded).toEqual([]);
    await expect.poll(() => page.evaluate(() => 'dataLayer' in window || 'clarity' in window)).toBe(false);
    await page.getByRole('switch', { name: 'Analytics' }).check();
    await page.getByRole('button', { name: 'Save choice' }).click();
    await expect
      .poll(() => loaded)
      .toEqual(['https://www.googletagmanager.com/gtag/js?id=G-TEST1234', 'https://www.clarity.ms/tag/abcd1234']);
    const [first] = JSON.parse(await layer()) as unknown[][];
    expect(first).toEqual([
      'consent',
      'default',
      { analytics_storage: 'granted', ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied' },
    ]);
    await expect.poll(() => page.evaluate(() => document.cookie)).toContain('_ga=');
    await page.evaluate(() => (window as unknown as { vedette: { openConsent(): void } }).vedette.openConsent());
    await page.getByRole('button', { name: 'Refuse' }).click();
    await expect.poll(() => page.evaluate(() => document.cookie)).not.toContain('_ga=');
    expect(JSON.parse(await layer()).at(-1)).toMatchObject(['consent', 'update', { analytics_storage: 'denied' }]);
    expect(loaded).toHaveLength(2);
    await context.close();
    await site.close();
    await hub.close();
  });
});
