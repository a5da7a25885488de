import { describe, expect, it } from 'vitest';
import {
  contrastOf,
  hasChromium,
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
import type { FakeRequest } from './fake-traffic.ts';
import { sampleTraffic } from './sample-traffic.ts';

const DAY = 86_400_000;

let hub: FakeHub;
let now: number;
let recent: FakeRequest[];

const suite = openSuite((fresh) => {
  hub = fresh;
  now = Date.now();
  recent = sampleTraffic(600, 0.9, now).filter(({ origin }) => origin !== 'self');
  hub.requests.set(MAIN, recent);
});
const { show } = suite;

/** Requests of old, one every 10 minutes from this time on. */
function oldLog(from: string, count: number): FakeRequest[] {
  const [one] = recent;
  return Array.from(
    { length: count },
    (_, index) => ({ ...one, time: Date.parse(from) + index * 600_000 }) as FakeRequest,
  );
}

describe.skipIf(!hasChromium)('an address that names no tenant', () => {
  it.each(['/', '/sources', '/first-steps'])(
    '%s says so, shows no other’s figures, and leads to those there are',
    async (path) => {
      const page = await show(`${path}?tenant=nobody`);
      await page.getByRole('heading', { name: 'There is no tenant “nobody”' }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(hub.asked.filter((question) => /tenant=/.test(question))).toEqual([]);
      await expect.poll(() => page.locator('.figure, .panel').count()).toBe(0);
      await expect.poll(() => page.title()).toContain('nobody');
      await page.getByRole('link', { name: 'Bakery' }).waitFor();
      await page.getByRole('link', { name: 'This hub (installation)' }).click();
      await page.locator('.header').waitFor();
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(`${path}?tenant=installation`);
      if (path === '/') await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
    },
  );
});

describe.skipIf(!hasChromium)('the last 24 hours', () => {
  it('are all of them, up to this minute, by the name the window is shown by', async () => {
    const page = await show('/?range=24h');
    await readFigure(page, 'Requests');
    const question = hub.asked.find((path) => path.includes('metrics=requests%2Cpeople') && path.includes('by=minute'));
    const asked = new URL(question ?? '', hub.url).searchParams;
    const from = Date.parse(asked.get('from') ?? '');
    const to = Date.parse(asked.get('to') ?? '');
    expect(from).toBeLessThanOrEqual(now - DAY + 60_000);
    expect(from).toBeGreaterThan(now - DAY - 660_000);
    expect(to).toBeGreaterThan(now);
    expect(to).toBeLessThanOrEqual(Date.now() + 60_000);
    const clock = (time: number) => new Date(time).toISOString().slice(11, 16);
    await expect
      .poll(() => page.locator('.window-line').innerText())
      .toMatch(new RegExp(`Last 24 hours\\s+.*, ${clock(from)} – .*, (${clock(to)}|${clock(to + 60_000)}) UTC`));
  });
});

describe.skipIf(!hasChromium)('requests outside the window', () => {
  it('are told of, with their days, and shown by one press', async () => {
    const old = oldLog('2024-03-12T06:00:00Z', 300);
    hub.requests.set(MAIN, [...recent, ...old]);
    const page = await show('/?range=24h');
    const line = page.locator('.outside');
    await expect
      .poll(() => line.innerText(), PATIENCE)
      .toBe('300 more requests outside this window (12 Mar – 14 Mar 2024) · Show all');
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
    await line.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(recent.length + 300);
    await expect.poll(async () => (await line.innerText()).trim(), PATIENCE).toBe('');
    expect(suite.complaints).toEqual([]);
  });

  it('are counted on both sides of a window of one’s own, whatever the filters say', async () => {
    hub.requests.set(MAIN, oldLog('2024-03-12T06:00:00Z', 300));
    const page = await show('/?from=2024-03-12T12:00:00Z&to=2024-03-13T00:00:00Z&where=status=599');
    await expect
      .poll(() => page.locator('.outside').innerText(), PATIENCE)
      .toBe('228 more requests outside this window (12 Mar – 14 Mar 2024), before filters · Show all');
  });

  it('are not told of where there are none', async () => {
    const page = await show('/?range=24h');
    await readFigure(page, 'Requests');
    await page.waitForLoadState('networkidle');
    expect((await page.locator('.outside').innerText()).trim()).toBe('');
  });

  it.each([
    ['a wide screen', {}],
    ['a tablet', { viewport: { width: 900, height: 1000 } }],
    ['a phone', PHONE],
  ])('move nothing on %s as they become known', async (_, options) => {
    hub.requests.set(MAIN, [...recent, ...oldLog('2024-03-12T06:00:00Z', 300)]);
    const page = await show('/?range=24h', options, (opened) => slowDown(opened, '/api/v1/status'));
    await readFigure(page, 'Requests');
    const top = () => page.locator('.figures').evaluate((element) => element.getBoundingClientRect().top);
    const before = await top();
    await page.getByRole('button', { name: 'Show all' }).waitFor();
    expect(await top()).toBe(before);
    expect(await layoutShift(page)).toBeLessThan(0.1);
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });
});

describe.skipIf(!hasChromium)('figures that are not of all requests', () => {
  const latency = '.figure:has(dt:text-is("Latency, people"))';

  it('say how many they are from', async () => {
    const people = recent.filter(({ class: kind }) => kind === 'people');
    for (const [index, request] of people.entries()) request.duration_ms = index < 4 ? 0.074 : -1;
    const page = await show('/?range=24h');
    await page.locator(latency).getByText(`from 4 of ${people.length}`).waitFor();
    await expect.poll(() => page.locator(latency).innerText()).toContain('74 µs');
  });

  it('say nothing of it when they are from all', async () => {
    const page = await show('/?range=24h');
    await page.locator(latency).getByText('p95').waitFor();
    await expect.poll(() => page.locator(latency).innerText()).not.toContain('from');
  });

  it('name what is an error: status 5xx', async () => {
    const page = await show('/?range=24h');
    const errors = recent.filter(({ status }) => Number(status) >= 500).length;
    const shown = await readFigure(page, 'Server errors (5xx)');
    expect(shown).toBeCloseTo((errors / recent.length) * 100, 0);
    await expect.poll(() => page.getByText('Error rate').count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('a filter that cannot be applied', () => {
  it.each([
    ['land:DE', 'land', /names the unknown field "land"/],
    ['nonsense', 'nonsense', /nonsense/],
    ['status=teapot', 'Status is teapot', /teapot/],
  ])('%s is told once, marked, and removed by one press', async (written, name, reason) => {
    const page = await show(`/?range=24h&where=origin!=self&where=${encodeURIComponent(written)}`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    await page.waitForLoadState('networkidle');
    await expect.poll(() => alert.count()).toBe(1);
    await expect.poll(() => alert.innerText()).toMatch(reason);
    await expect.poll(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await expect.poll(() => page.locator('.panel').count()).toBe(0);
    await expect.poll(() => page.locator('.chip').count()).toBe(2);
    await expect.poll(() => page.locator('.chip.wrong').innerText()).toContain(name);
    await page.locator('.chip.wrong .chip-remove').click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
    await expect.poll(() => page.locator('.chip.wrong').count()).toBe(0);
  });

  it('is removed from beside its reason, too, and the others stay', async () => {
    const page = await show('/?range=24h&where=class=people&where=land=DE');
    await page.getByRole('alert').getByRole('button', { name: 'Remove the filter: land is DE' }).click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.filter((row) => row.class === 'people').length);
    expect(new URL(page.url()).searchParams.getAll('where')).toEqual(['class=people']);
  });

  it.each(['light', 'dark'] as const)('%s: its chip and its reason can be read', async (colorScheme) => {
    const page = await show('/?range=24h&where=land=DE', { colorScheme });
    await page.getByRole('alert').waitFor();
    for (const selector of ['.chip.wrong .chip-value', '.error-note p']) {
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe.skipIf(!hasChromium)('a hub that is down', () => {
  it('is told once; the last figures stay, grey, until it is back', async () => {
    const page = await show('/?range=24h');
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
    await page.waitForLoadState('networkidle');
    hub.down = true;
    await page.getByRole('alert').getByText('The hub is not reachable').waitFor();
    await expect.poll(() => page.locator('.live').innerText()).toBe('Not reachable');
    // As long as it takes until every question was given up and the minute has changed.
    await page.waitForTimeout(65_000);
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    await expect.poll(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
    await page.getByRole('button', { name: /^\/: / }).waitFor();
    for (const part of ['.figures', '.panel']) {
      await expect
        .poll(() =>
          page
            .locator(part)
            .first()
            .evaluate((element) => getComputedStyle(element).filter),
        )
        .toBe('grayscale(1)');
    }
    hub.requests.set(MAIN, recent.slice(0, 100));
    hub.down = false;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(100);
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await expect.poll(() => page.locator('.live').innerText()).toBe('Live');
    expect(suite.complaints).toEqual([]);
  });

  it('is told once as well where nothing was known before, on any screen', async () => {
    const page = await show('/first-steps');
    await page.locator('.header').waitFor();
    hub.down = true;
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('alert').getByText('The hub is not reachable').waitFor();
    await page.getByRole('link', { name: 'Sources', exact: true }).click();
    await page.waitForTimeout(5000);
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    hub.down = false;
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(recent.length);
  });
});
