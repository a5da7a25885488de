import { describe, expect, it } from 'vitest';
import {
  BAKERY,
  chooseTenant,
  contrastOf,
  hasChromium,
  MAIN,
  openSuite,
  PATIENCE,
  readFigure,
  TENANTS,
} from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { mine } from './fake-tenant.ts';
import type { FakeRequest } from './fake-traffic.ts';
import { sampleTraffic } from './sample-traffic.ts';

const OLD = '01900000-0000-7000-8000-000000000003';
const YEAR = 365 * 86_400_000;

let hub: FakeHub;
let main: FakeRequest[];

const suite = openSuite(
  (fresh) => {
    hub = fresh;
    const now = Date.now();
    main = sampleTraffic(4000, 20, now);
    hub.requests.set(MAIN, main);
    hub.requests.set(OLD, sampleTraffic(300, 3, now - YEAR, 9));
  },
  {
    tenants: [
      ...TENANTS,
      mine({ id: OLD, slug: 'archive', name: 'Archive', installation: false, second_factor: 'optional' }),
    ],
    attributions: [{ name: 'DB-IP', text: 'IP geolocation by DB-IP', url: 'https://db-ip.com/' }],
  },
);
const { show } = suite;

const others = (requests: readonly FakeRequest[]) => requests.filter(({ origin }) => origin !== 'self');

describe.skipIf(!hasChromium)('overview', () => {
  it('shows the figures of the data, names their window, and offends no policy', async () => {
    const page = await show('/?range=all');
    const expected = others(main);
    await expect.poll(() => readFigure(page, 'Requests')).toBe(expected.length);
    for (const [title, name] of [
      ['People', 'people'],
      ['Bots', 'bots'],
      ['Hosting', 'hosting'],
    ] as const) {
      await expect.poll(() => readFigure(page, title)).toBe(expected.filter((row) => row.class === name).length);
    }
    await expect.poll(() => readFigure(page, 'Daily uniques')).toBe(new Set(expected.map(({ client }) => client)).size);
    await expect.poll(() => page.locator('.window-line').innerText()).toMatch(/All data\s.*UTC/s);
    await expect.poll(() => page.locator('.figure').first().getAttribute('title')).toMatch(/\d{4}.*UTC/);
    await page.locator('.plot canvas').waitFor();
    await page.locator('.map .land.level-6').first().waitFor();
    await page.locator('.footer').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('.footer').innerText()).toContain('IP geolocation by DB-IP');
    await expect.poll(() => page.locator('.footer').innerText()).toContain('1.2.3');
    await page
      .getByRole('button', { name: /^Googlebot: / })
      .last()
      .waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('drills down by a press on a row; the address says so and the back button undoes it', async () => {
    const page = await show('/?range=all');
    const before = await readFigure(page, 'Requests');
    await page.getByRole('button', { name: /^\/: / }).click();
    await page.getByText('Path is /', { exact: true }).waitFor();
    const count = others(main).filter(({ path }) => path === '/').length;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(count);
    expect(new URL(page.url()).searchParams.getAll('where')).toEqual(['origin!=self', 'path=/']);
    await page.getByRole('button', { name: /^Path is \/\. Press/ }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(before - count);
    await page.goBack();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(count);
    await page.goBack();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(before);
    await expect.poll(() => page.getByText('Path is /', { exact: true }).count()).toBe(0);
  });

  it('filters networks whose name holds a comma, and leaves values out', async () => {
    const page = await show('/?range=all');
    await page.getByRole('button', { name: /^Amazon\.com, Inc\.: / }).click();
    const count = others(main).filter(({ network }) => network === 'Amazon.com, Inc.').length;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(count);
    await page.getByRole('button', { name: 'Remove the filter: Network is Amazon.com, Inc.' }).click();
    await page.getByRole('button', { name: 'Leave out Google LLC' }).click();
    const rest = others(main).filter(({ network }) => network !== 'Google LLC').length;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(rest);
  });

  it('hides the hub’s own requests by a chip that shows them in one press', async () => {
    const page = await show('/?range=all');
    const hidden = main.length - others(main).length;
    await page.getByRole('button', { name: `${hidden} filtered out` }).click();
    await page.getByText('leaves out', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show these' }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(hidden);
    await page.getByRole('button', { name: 'Remove the filter: Origin is self' }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(main.length);
    await expect.poll(() => page.getByText('Every request is shown.').count()).toBe(1);
  });

  it('builds a filter from the form and explains a value it cannot take', async () => {
    const page = await show('/?range=all');
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByLabel('Field').selectOption({ label: 'Status' });
    await page.getByLabel('Value').fill('teapot');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('numbers');
    await page.getByLabel('Value').fill('5xx');
    await page.keyboard.press('Enter');
    const count = others(main).filter(({ status }) => Number(status) >= 500).length;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(count);
  });

  it('filters by a press on the map, and holds the same figures in a table', async () => {
    const page = await show('/?range=all');
    await page.locator('.map [data-country="BR"]').click();
    await page.getByText('Country is Brazil').waitFor();
    await page.getByRole('button', { name: 'Remove the filter: Country is Brazil' }).click();
    await page.getByRole('region', { name: 'Where from' }).getByRole('button', { name: 'Table' }).click();
    const row = page.getByRole('row', { name: /^Germany/ });
    const germans = others(main).filter(({ country }) => country === 'DE');
    expect((await row.getByRole('cell').first().innerText()).replaceAll(',', '')).toBe(String(germans.length));
    await row.getByRole('button', { name: 'Germany' }).press('Enter');
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(germans.length);
  });

  it('zooms by dragging over the chart and by its keys', async () => {
    const page = await show('/?range=all');
    const area = page.locator('.plot .u-over');
    await area.waitFor();
    const box = await area.boundingBox();
    if (box === null) throw new Error('the chart has no size');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 50);
    await page.locator('.timeline-space .tooltip').waitFor();
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=.*&to=/);
    const range = () => {
      const { searchParams } = new URL(page.url());
      return { from: Date.parse(searchParams.get('from') ?? ''), to: Date.parse(searchParams.get('to') ?? '') };
    };
    const { from, to } = range();
    const counted = () => others(main).filter(({ time }) => time >= range().from && time < range().to).length;
    expect((to - from) / (20 * 86_400_000)).toBeCloseTo(0.2, 1);
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(counted());
    await page.locator('.timeline-space').focus();
    for (const key of ['Home', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
    await expect.poll(() => range().to - range().from, PATIENCE).toBeLessThan((to - from) / 20);
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(counted());
  });

  it('goes where the data is when the last day is empty, and offers to when another window was asked for', async () => {
    const page = await show('/?tenant=archive');
    const archived = others(hub.requests.get(OLD) ?? []).length;
    await expect.poll(() => readFigure(page, 'Requests')).toBe(archived);
    await page.getByRole('radio', { name: 'Last hour' }).check({ force: true });
    await page.getByText('No requests in this window').waitFor();
    await page.getByRole('button', { name: 'Show them' }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(archived);
  });

  it('switches tenants and keeps their figures apart', async () => {
    const page = await show('/?range=all');
    await readFigure(page, 'Requests');
    await chooseTenant(page, 'archive');
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(others(hub.requests.get(OLD) ?? []).length);
    expect(new URL(page.url()).searchParams.get('tenant')).toBe('archive');
  });
});

describe.skipIf(!hasChromium)('looks', () => {
  const TEXTS = [
    '.figure dt',
    '.figure-value',
    '.figure-note',
    '.chip-text',
    '.kept',
    '.top-row-label',
    '.code',
    '.tabs [role=tab]:not([aria-selected=true])',
    '.segments label:not(.on)',
    '.footer',
    '.button.primary',
    '.map-scale',
    '.window-line .muted',
    '.legend-entry',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (theme) => {
    const page = await show('/?range=all', { colorScheme: theme });
    await readFigure(page, 'Requests');
    await page.locator('.map-scale').waitFor();
    for (const selector of TEXTS)
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps the theme that was chosen, from the first paint on', async () => {
    const page = await show('/', { colorScheme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await ground();
    await page.getByRole('button', { name: /: account, theme, log out$/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    // Nothing is painted before the stylesheet is there; the ground is clear until then.
    await expect.poll(ground, PATIENCE).not.toBe('rgba(0, 0, 0, 0)');
    await expect.poll(() => ground()).toBe(dark);
  });

  it('fits a phone', async () => {
    const page = await show('/?range=all', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await readFigure(page, 'Requests');
    await page.locator('.footer').scrollIntoViewIfNeeded();
    await page
      .getByRole('button', { name: /^Googlebot: / })
      .last()
      .waitFor();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
      .toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: 'Add filter' }).tap();
    const box = await page.locator('.popover').boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
  });

  it('shifts nothing while it loads', async () => {
    const page = await show('/?range=24h');
    await page.evaluate(() => {
      const record = window as unknown as { shifts: number };
      record.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) record.shifts += (entry as unknown as { value: number }).value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await readFigure(page, 'Requests');
    await page.locator('.map .land').first().waitFor();
    await page.getByRole('button', { name: /^\/: / }).waitFor();
    await expect.poll(() => page.evaluate(() => (window as unknown as { shifts: number }).shifts)).toBeLessThan(0.1);
  });
});

describe.skipIf(!hasChromium)('first steps and trouble', () => {
  it('shows how to import while nothing is there, takes a file, and shows it at once', async () => {
    const page = await show('/?tenant=bakery');
    await page.getByText('Nothing has arrived yet').waitFor();
    await page.getByText('npx vedette import access.log --tenant bakery').waitFor();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).click(),
    ]);
    const now = Date.now();
    const lines = Array.from(
      { length: 20 },
      (_, index) => `${new Date(now - index * 60_000).toISOString()} /page-${index % 3}`,
    );
    await chooser.setFiles({
      name: 'access.log',
      mimeType: 'text/plain',
      buffer: Buffer.from([...lines, 'garbage'].join('\n')),
    });
    await page.getByLabel('Host for lines that name none').fill('www.example.org');
    await page.getByRole('button', { name: 'Import', exact: true }).last().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Why lines were rejected').waitFor();
    await dialog.getByText('1 example').click();
    await dialog.getByText('garbage').waitFor();
    const asked = new URL(hub.asked.find((path) => path.startsWith('/api/v1/imports')) ?? '', hub.url).searchParams;
    expect(Object.fromEntries(asked)).toEqual({ name: 'access.log', tenant: BAKERY, domain: 'www.example.org' });
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(20);
    await page.getByRole('button', { name: /^\/page-0: / }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('takes a file dropped anywhere', async () => {
    const page = await show('/?range=24h');
    await readFigure(page, 'Requests');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([`${new Date().toISOString()} /dropped`], 'dropped.log'));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }));
      }
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByText('dropped.log').waitFor();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText('Done').waitFor();
  });

  it('says in the hub’s words why a file was not taken', async () => {
    hub.failing.set('/api/v1/imports', { status: 413, title: 'Too large', detail: 'the limit is 1 GB' });
    const page = await show('/?tenant=bakery');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).click(),
    ]);
    await chooser.setFiles({ name: 'access.log', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByRole('button', { name: 'Import', exact: true }).last().click();
    await expect
      .poll(() => page.getByRole('dialog').getByRole('alert').innerText())
      .toBe('Too large: the limit is 1 GB');
  });

  it('shows a problem’s detail, and recovers on retry', async () => {
    hub.failing.set('/api/v1/traffic', { status: 400, title: 'Bad filter', detail: 'names the unknown field "nope"' });
    const page = await show('/?range=24h');
    await page.getByText('names the unknown field "nope"').first().waitFor();
    hub.failing.clear();
    const retry = page.getByRole('button', { name: 'Try again' });
    // A panel may have recovered by itself between the look and the click.
    while ((await retry.count()) > 0)
      await retry
        .first()
        .click({ timeout: 2000 })
        .catch(() => undefined);
    await expect.poll(() => readFigure(page, 'Requests')).toBeGreaterThan(0);
  });

  it('tells a browser without a session how to get one while nobody has an account', async () => {
    hub.accounts.outside = true;
    hub.accounts.ways.set_up = false;
    const page = await show('/');
    await page.getByText('npx vedette link').waitFor();
    hub.accounts.outside = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await readFigure(page, 'Requests');
  });

  it('shows the log-in when the session ends under way', async () => {
    const page = await show('/?range=24h');
    await readFigure(page, 'Requests');
    await page.waitForLoadState('networkidle');
    hub.accounts.outside = true;
    hub.failing.set('/api/v1/traffic', { status: 401, title: 'Who are you?', detail: '' });
    await page.getByRole('radio', { name: 'Last 7 days' }).click({ force: true });
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  });
});
