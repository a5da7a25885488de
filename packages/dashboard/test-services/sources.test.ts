import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  BAKERY,
  chooseTenant,
  contrastOf,
  hasChromium,
  hide,
  layoutShift,
  MAIN,
  openSuite,
  overhang,
  PATIENCE,
  PHONE,
  readFigure,
  slowDown,
} from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleSource, sampleSources } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(500, 3, now));
  hub.sources.set(MAIN, sampleSources(now));
});
const { show } = suite;

/** What a row says, by the heads of its columns. */
async function readRow(page: Page, name: string): Promise<Record<string, string>> {
  const row = page.getByRole('row', { name: new RegExp(`^${name}`) });
  await row.waitFor();
  const heads = await page.locator('.sources thead th').allInnerTexts();
  const cells = await row.locator('th, td').allInnerTexts();
  return Object.fromEntries(heads.map((head, index) => [head, (cells[index] ?? '').replaceAll(/\s+/g, ' ').trim()]));
}

const names = (page: Page) => page.locator('.source-name').allInnerTexts();
/** Lets time pass by several refreshes, and waits until what the page then asked has reached the hub. */
async function passRefreshes(page: Page): Promise<void> {
  for (let i = 0; i < 4; i++) await page.clock.fastForward(5500);
  await page.evaluate(async () => (await fetch('/api/v1/fields')).text());
}

const asked = () => hub.asked.filter((path) => path.startsWith('/api/v1/sources')).length;

describe.skipIf(!hasChromium)('sources', () => {
  it('shows every figure of a source, in words where there is none, and offends no policy', async () => {
    const page = await show('/sources');
    await expect
      .poll(() => readRow(page, 'shop-edge-2'))
      .toEqual({
        Source: 'shop-edge-2 vedette-edge/0.1.0 (express)',
        Kind: 'Edge',
        State: 'Live',
        'Last heard of': expect.stringMatching(/^(just now|\d+ s ago)$/),
        Requests: '11.2M',
        'Per second': '398',
        Lag: '42 s',
        Refused: '0',
        Dropped: '1.2M',
        Clock: '20 ms ahead',
      });
    await expect
      .poll(() => readRow(page, 'nightly-sync'))
      .toMatchObject({
        Source: 'nightly-sync software not told',
        State: 'Quiet',
        'Last heard of': '6 h ago',
        'Per second': '0',
        Lag: '– Unknown',
        Clock: '– Unknown',
      });
    await expect
      .poll(() => readRow(page, 'never-heard-of'))
      .toMatchObject({ Requests: 'none yet', 'Last heard of': 'never' });
    expect((await readRow(page, 'raspberry')).Clock).toMatch(/^3 d ahead.*wrong by more than 5 seconds/);
    expect((await readRow(page, 'lb-frankfurt')).Clock).toContain('6.4 s behind');
    const seen = page.getByRole('row', { name: /^nightly/ }).locator('time');
    await expect.poll(() => seen.getAttribute('title')).toMatch(/^\d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC\nFirst seen/);
    await expect
      .poll(() => page.locator('.screen-head').innerText())
      .toMatch(/11 sources · 6 live · 5 quiet · updated \d\d:\d\d/);
    await expect.poll(() => page.title()).toBe('Sources · This hub · Vedette');
    expect(suite.complaints).toEqual([]);
  });

  it('has the last heard of first', async () => {
    const page = await show('/sources');
    await page.getByText('shop-edge-1').waitFor();
    const order = await names(page);
    expect(order.slice(-5)).toEqual(['nightly-sync', 'Unnamed', 'staging', 'access.log.2.gz', 'never-heard-of']);
    expect(order.slice(0, 5)).toContain('shop-edge-1');
  });

  it('narrows by kind and by words; the address says so, and the back button undoes it', async () => {
    const page = await show('/sources');
    await page.getByRole('radio', { name: 'Edge 4' }).check({ force: true });
    await expect.poll(() => names(page), PATIENCE).toHaveLength(4);
    await page.getByRole('searchbox', { name: 'Search sources' }).fill('SHOP express');
    await expect.poll(() => names(page), PATIENCE).toEqual(['shop-edge-1', 'shop-edge-2']);
    await page.getByText('2 of 11 sources').waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ kind: 'edge', find: 'SHOP express' });
    await page.getByRole('searchbox').fill('nothing is called this');
    await page.getByText('No source matches “nothing is called this”').waitFor();
    await page.getByRole('button', { name: 'Show all sources' }).click();
    await expect.poll(() => names(page), PATIENCE).toHaveLength(11);
    await page.goBack();
    await page.goBack();
    await expect.poll(() => names(page), PATIENCE).toHaveLength(11);
    expect(new URL(page.url()).search).toBe('');
  });

  it('unfolds the last error by the keyboard, and copies all of it', async () => {
    const page = await show('/sources', { permissions: ['clipboard-read', 'clipboard-write'] });
    const head = page.getByRole('button', { name: /^Last error 3 min ago/ });
    await head.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => head.getAttribute('aria-expanded')).toBe('true');
    await page.getByText('at Sender.deliver').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    const error = sampleSources(0).sources.find(({ name }) => name === 'shop-edge-2')?.last_error?.text;
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(error);
    await head.press('Enter');
    await expect.poll(() => page.getByText('at Sender.deliver').count()).toBe(1);
    await expect.poll(() => head.getAttribute('aria-expanded')).toBe('false');
  });

  it('refreshes by itself in place, and rests while it is hidden or paused', async () => {
    const page = await show('/sources', {}, (prepared) => prepared.clock.install());
    const requests = page.locator('[data-kept] td').nth(3);
    const row = page.getByRole('row', { name: /^shop-edge-1/ });
    await row.evaluate((element) => element.setAttribute('data-kept', ''));
    const more = hub.sources.get(MAIN);
    if (more === undefined) throw new Error('no sources');
    const [first] = more.sources;
    if (first === undefined) throw new Error('no source');
    more.sources[0] = { ...first, requests: 1234 };
    await page.clock.fastForward(5500);
    // The same row, not a new one.
    await expect.poll(() => requests.innerText(), PATIENCE).toBe('1,234');

    await hide(page, true);
    const before = asked();
    await passRefreshes(page);
    expect(asked()).toBe(before);
    await hide(page, false);
    await expect.poll(asked, PATIENCE).toBeGreaterThan(before);

    await page.getByRole('button', { name: 'Live', exact: true }).click();
    await page.getByText('Paused').waitFor();
    await page.waitForLoadState('networkidle');
    const paused = asked();
    await passRefreshes(page);
    expect(asked()).toBe(paused);
  });

  it('helps on while there is nothing', async () => {
    const page = await show('/sources?tenant=bakery');
    await page.getByText('Nothing has sent anything yet').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'First steps' }).click();
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/first-steps?tenant=bakery');
  });

  it('says what went wrong and recovers; keeps what it knew when the hub goes away later', async () => {
    hub.failing.set('/api/v1/sources', { status: 400, title: 'Bad tenant', detail: 'there is no such tenant' });
    const page = await show('/sources', {}, (prepared) => prepared.clock.install());
    await page.getByText('there is no such tenant').waitFor();
    hub.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('shop-edge-1').waitFor();
    hub.failing.set('/api/v1/sources', { status: 500, title: 'Broken', detail: '' });
    await page.clock.fastForward(5500);
    await page.getByText('Not up to date').waitFor();
    await expect.poll(() => names(page)).toHaveLength(11);
    hub.failing.clear();
    await page.clock.fastForward(5500);
    await expect.poll(() => page.getByText('Not up to date').count(), PATIENCE).toBe(0);
  });
});

describe.skipIf(!hasChromium)('ways between the screens', () => {
  it('each has its address; back and forward go between them, and the Overview is found as it was left', async () => {
    const page = await show('/?range=all&where=country=DE');
    const germans = await readFigure(page, 'Requests');
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByText('shop-edge-1').waitFor();
    expect(new URL(page.url()).pathname).toBe('/sources');
    await expect.poll(() => page.getByRole('link', { name: 'Sources' }).getAttribute('aria-current')).toBe('page');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.getByRole('link', { name: 'Add a source' }).click();
    await page.getByRole('heading', { name: 'Connect Express' }).waitFor();
    await page.goBack();
    await page.getByText('shop-edge-1').waitFor();
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(germans);
    expect(new URL(page.url()).search).toBe('?range=all&where=country=DE');
    await page.goBack();
    await page.getByText('shop-edge-1').waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Sources' }).count()).toBe(1);
  });

  it('the tenant is kept on every way, and changing it stays on the screen', async () => {
    hub.sources.set(BAKERY, {
      sources: [sampleSource(Date.now(), { name: 'oven', seen: 0 })],
      first_request: null,
      next: null,
    });
    const page = await show('/sources?kind=edge');
    await page.getByText('shop-edge-1').waitFor();
    await chooseTenant(page, 'bakery');
    await page.getByText('oven').waitFor();
    await expect.poll(() => names(page)).toEqual(['oven']);
    const { pathname, searchParams } = new URL(page.url());
    expect([pathname, searchParams.get('tenant'), searchParams.get('kind')]).toEqual(['/sources', 'bakery', 'edge']);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Nothing has arrived yet').waitFor();
    expect(new URL(page.url()).search).toBe('?tenant=bakery');
    await page.getByRole('link', { name: 'Koa' }).click();
    await page.getByRole('heading', { name: 'Connect Koa' }).waitFor();
    expect(new URL(page.url()).search).toBe('?tenant=bakery&way=koa');
  });

  it('a file dropped on another screen is shown on the Overview', async () => {
    const page = await show('/sources?tenant=bakery');
    await page.getByText('Nothing has sent anything yet').waitFor();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([`${new Date().toISOString()} /dropped`], 'dropped.log'));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
      }
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByRole('button', { name: 'Show this data' }).click();
    await page.getByRole('button', { name: /^\/dropped: / }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expect(new URL(page.url()).searchParams.get('tenant')).toBe('bakery');
  });
});

describe.skipIf(!hasChromium)('looks of the sources', () => {
  const TEXTS = [
    '.nav-group a:not([aria-current])',
    '.nav-group a[aria-current]',
    '.screen-head p',
    '.screen-head .button.primary',
    '.segments label:not(.on)',
    '.source-name',
    '.source-agent',
    '.sources thead th',
    '.source-state.is-live',
    '.source-state.is-quiet',
    '.sources .warning-text',
    '.sources .muted',
    '.source-error-head time',
    '.source-error.old .source-error-head time',
    '.source-error-text',
    '.source-error-all code',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (theme) => {
    const page = await show('/sources', { colorScheme: theme });
    await page
      .getByRole('button', { name: /^Last error/ })
      .first()
      .click();
    for (const selector of TEXTS)
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
  });

  it('fits a phone, with a card for each source', async () => {
    const page = await show('/sources', PHONE);
    await page.getByRole('listitem').filter({ hasText: 'shop-edge-1' }).waitFor();
    await expect.poll(() => page.getByRole('table').count()).toBe(0);
    await expect.poll(() => page.locator('.source-card').count()).toBe(11);
    await page
      .getByRole('button', { name: /^Last error 3 min ago/ })
      .first()
      .tap();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    const card = page.locator('.source-card', { hasText: 'raspberry' });
    await expect.poll(() => card.innerText()).toMatch(/Last heard of\s+\d+ s ago\s+\d+ \w+ \d{4}, [\d:]{8} UTC/);
    await expect.poll(() => card.innerText()).toContain('3 d ahead');
  });

  it.each([820, 1120, 1200])('is no wider than a window of %d', async (width) => {
    const page = await show('/sources', { viewport: { width, height: 900 } });
    await page.getByText('shop-edge-1').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    for (const part of ['.sources-list > *', '.header-inner']) {
      const hidden = await page.locator(part).evaluate((element) => element.scrollWidth - element.clientWidth);
      expect(hidden, part).toBeLessThanOrEqual(0);
    }
  });

  it.each([
    ['wide', {}],
    ['phone', PHONE],
  ])('shifts nothing while it loads: %s', async (_, options) => {
    const page = await show('/sources', options, (prepared) => slowDown(prepared, '/api/v1/sources'));
    await page.locator('.sources-list .skeleton').first().waitFor();
    await page.getByText('shop-edge-1').waitFor();
    expect(await layoutShift(page)).toBeLessThan(0.02);
  });
});
