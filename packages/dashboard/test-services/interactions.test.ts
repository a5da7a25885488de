import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  contrastOf,
  hasChromium,
  MAIN,
  openSuite,
  overhang,
  PATIENCE,
  PHONE,
  readFigure,
  slowDown,
} from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import type { PageEvent } from './sample-pages.ts';
import { sampleTraffic } from './sample-traffic.ts';

const FUNNEL = 'step=page_view:/&step=page_view:/pricing&step=click:sign-up&within=1440';
const DAY = 86_400_000;

let hub: FakeHub;
let events: readonly PageEvent[];

const suite = openSuite((fresh) => {
  hub = fresh;
  const now = Date.now();
  const tenant = sampleTenant(now);
  events = tenant.pages;
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, tenant);
});
const { show } = suite;

/** What the hub counts in the window that a preset of whole days stands for: from a whole hour on. */
function of(kind: PageEvent['kind'], days: number, test: (event: PageEvent) => boolean = () => true): number {
  const from = Math.floor((Date.now() - days * DAY) / 3_600_000) * 3_600_000;
  return events.filter((event) => event.kind === kind && event.time >= from && event.class === 'people' && test(event))
    .length;
}

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const askedFor = (what: string) => hub.asked.filter((path) => path.startsWith(what));

describe.skipIf(!hasChromium)('interactions', () => {
  it('shows the figures of a week of people, says what part is of people who granted, and offends no policy', async () => {
    const page = await show('/interactions');
    const views = of('page_view', 7);
    await expect.poll(() => readFigure(page, 'Page views')).toBe(views);
    const granted = of('page_view', 7, ({ visitor }) => visitor !== null);
    const note = page.locator('.figure', { hasText: 'Page views' }).locator('.figure-note');
    await expect.poll(() => note.innerText()).toMatch(new RegExp(`^${granted} \\(\\d+%\\) of people who granted$`));
    await expect.poll(() => readFigure(page, 'Widget clicks')).toBe(of('click', 7));
    await expect.poll(() => readFigure(page, 'Script errors')).toBe(of('error', 7));
    await expect
      .poll(() => page.locator('.screen-head').innerText())
      .toMatch(/Interactions\s+.* UTC · People · All sites/);
    await expect.poll(() => page.title()).toBe('Interactions · This hub · Vedette');
    await panel(page, 'Sessions').getByText('People who refused have no sessions.').waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('is narrowed by site and by whose they are; the address says so and the back button undoes it', async () => {
    const page = await show('/interactions');
    const all = await readFigure(page, 'Page views');
    await page.getByLabel('Site').selectOption('shop.example.org');
    const shop = of('page_view', 7, ({ domain }) => domain === 'shop.example.org');
    await expect.poll(() => readFigure(page, 'Page views'), PATIENCE).toBe(shop);
    await page.getByRole('radio', { name: /^Automated/ }).check({ force: true });
    await expect.poll(() => new URL(page.url()).search, PATIENCE).toBe('?domain=shop.example.org&class=bots');
    for (const path of askedFor('/api/v1/interactions/widgets')) expect(path).not.toContain('class=');
    await page.goBack();
    await page.goBack();
    await expect.poll(() => readFigure(page, 'Page views'), PATIENCE).toBe(all);
    await page.getByRole('radio', { name: 'Last 30 days' }).check({ force: true });
    await expect.poll(() => readFigure(page, 'Page views'), PATIENCE).toBeGreaterThan(all);
    expect(new URL(page.url()).search).toBe('?range=30d');
  });

  it('rates every vital by its 75th percentile', async () => {
    const page = await show('/interactions');
    const cards = panel(page, 'Web vitals').getByRole('listitem');
    await expect.poll(() => cards.count(), PATIENCE).toBe(5);
    const ratings = await Promise.all(
      ['LCP', 'INP', 'CLS', 'FCP', 'TTFB'].map((name) =>
        cards.filter({ hasText: name }).locator('.vital-rating').innerText(),
      ),
    );
    expect(ratings).toEqual(['Needs improvement', 'Needs improvement', 'Good', 'Good', 'Needs improvement']);
    const card = await cards.filter({ hasText: 'LCP' }).innerText();
    expect(card).toMatch(/2\.\d+\ss/);
    expect(card).toMatch(/from \d+ page views/);
    expect(card).toContain('Good up to 2.5');
  });

  it('walks over the columns by keys, and holds the same figures in a table', async () => {
    const page = await show('/interactions');
    const chart = page.getByRole('application', { name: /^Page views over time: / });
    await chart.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    const tip = await chart.locator('.tooltip').innerText();
    await page.keyboard.press('Escape');
    await expect.poll(() => chart.locator('.tooltip').count()).toBe(0);
    await panel(page, 'Page views over time').getByRole('button', { name: 'Table' }).click();
    const row = panel(page, 'Page views over time').locator('tbody tr').nth(1);
    const cells = await row.locator('td').allInnerTexts();
    expect(tip.replaceAll(/\s+/g, ' ')).toContain(`All ${cells[2]}`);
    expect(tip.replaceAll(/\s+/g, ' ')).toContain(`People who granted ${cells[0]}`);
  });

  it('moves between the lists by arrow keys', async () => {
    const page = await show('/interactions');
    const pages = page.getByRole('tab', { name: 'Pages', exact: true });
    await page.getByRole('list', { name: 'Pages' }).getByText('/pricing').waitFor();
    await pages.focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('list', { name: 'Outbound' }).getByText('github.com').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Outbound');
    await page.keyboard.press('End');
    await page.getByText('Scripts that failed for people who granted, by page.').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('list', { name: 'Pages' }).waitFor();
  });

  it('tells widgets’ rates of people who granted', async () => {
    const page = await show('/interactions');
    const row = panel(page, 'Widgets').getByRole('row', { name: /^sign-up/ });
    await row.waitFor();
    const [clicks, clicked, saw, rate] = await row.getByRole('cell').allInnerTexts();
    expect(Number(clicks)).toBe(of('click', 7, ({ name }) => name === 'sign-up') + botsOf('sign-up'));
    expect(rate).toBe(`${((Number(clicked) / Number(saw)) * 100).toFixed(0)}%`);
  });
});

/** Widgets are told of everybody's clicks, of bots' too. */
function botsOf(name: string): number {
  const from = Math.floor((Date.now() - 7 * DAY) / 3_600_000) * 3_600_000;
  return events.filter(
    (event) => event.kind === 'click' && event.name === name && event.class !== 'people' && event.time >= from,
  ).length;
}

describe.skipIf(!hasChromium)('funnels', () => {
  it('are shown from the address, with what was lost at each step', async () => {
    const page = await show(`/interactions?${FUNNEL}`);
    const result = page.getByRole('region', { name: 'Result of the funnel' });
    await result.getByText(/people began, \d+ came to the end/).waitFor();
    const steps = result.getByRole('listitem');
    await expect.poll(() => steps.count()).toBe(3);
    const visitors = (await steps.locator('.funnel-bar-value').allInnerTexts()).map((text) =>
      Number.parseInt(text, 10),
    );
    expect(visitors.toSorted((a, b) => b - a)).toEqual(visitors);
    await expect
      .poll(() => steps.nth(1).innerText())
      .toContain(`${(visitors[0] ?? 0) - (visitors[1] ?? 0)} did not go on`);
    const sent = JSON.parse(hub.sent[0]?.body ?? '') as { within_minutes: number; steps: unknown[] };
    expect(sent.within_minutes).toBe(1440);
    expect(sent.steps).toHaveLength(3);
  });

  it('are built by the keyboard alone, kept in the address, and undone by the back button', async () => {
    const page = await show('/interactions');
    const form = panel(page, 'Funnel');
    await form.getByLabel('Step 1: what').focus();
    await page.keyboard.type('/');
    await page.keyboard.press('Enter');
    await form.getByRole('alert').getByText('Step 2 says nothing to look for.').waitFor();
    await form.getByLabel('Step 2: kind').selectOption('click');
    await form.getByLabel('Step 2: what').fill('hero-try-it');
    await page.keyboard.press('Enter');
    await form.getByText(/came to the end/).waitFor();
    const { searchParams } = new URL(page.url());
    expect(searchParams.getAll('step')).toEqual(['page_view:/', 'click:hero-try-it']);
    await page.goBack();
    await expect.poll(() => form.getByLabel('Step 1: what').inputValue(), PATIENCE).toBe('');
    await expect.poll(() => form.getByText(/came to the end/).count()).toBe(0);
  });

  it('have from two to eight steps, which can be moved and removed', async () => {
    const page = await show(`/interactions?${FUNNEL}`);
    const form = panel(page, 'Funnel');
    await form.getByRole('button', { name: 'Move step 3 up' }).click();
    await expect.poll(() => form.getByLabel('Step 2: what').inputValue()).toBe('sign-up');
    for (let step = 4; step <= 8; step++) await form.getByRole('button', { name: 'Add a step' }).click();
    await expect.poll(() => form.getByRole('button', { name: 'Add a step' }).count()).toBe(0);
    for (let step = 8; step > 2; step--) await form.getByRole('button', { name: `Remove step ${step}` }).click();
    await expect.poll(() => form.getByRole('button', { name: 'Remove step 1' }).isDisabled()).toBe(true);
  });
});

describe.skipIf(!hasChromium)('interactions that are not there', () => {
  it('leads to the script where nothing ever came', async () => {
    const page = await show('/interactions?tenant=bakery');
    await page.getByRole('heading', { name: 'Nothing in this window' }).waitFor();
    await panel(page, 'Sessions').getByText('No session is derived yet').waitFor();
    await page.getByRole('button', { name: 'Show the last 12 months' }).click();
    await page.getByRole('heading', { name: 'No page has told anything yet' }).waitFor();
    await page.getByRole('link', { name: 'Put the script in the page' }).click();
    await page.getByRole('heading', { name: 'Put the script in the page' }).waitFor();
    expect(new URL(page.url()).search).toBe('?tenant=bakery&way=page');
  });

  it('says once what went wrong, and tries again', async () => {
    hub.failing.set('/api/v1/interactions', { status: 500, title: 'No figures', detail: 'the store is away' });
    const page = await show('/interactions');
    await page.getByRole('alert').getByText('the store is away').waitFor();
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    hub.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => readFigure(page, 'Page views')).toBe(of('page_view', 7));
  });

  it('shows the rest where one part fails, and says why to whom it is not allowed', async () => {
    hub.failing.set('/api/v1/sessions', { status: 500, title: 'No sessions', detail: 'still deriving' });
    hub.failing.set('/api/v1/interactions/widgets', { status: 403, title: 'Forbidden', detail: 'not for this key' });
    const page = await show('/interactions');
    await expect.poll(() => readFigure(page, 'Page views')).toBe(of('page_view', 7));
    await panel(page, 'Sessions').getByRole('alert').getByText('still deriving').waitFor();
    await panel(page, 'Widgets').getByText('Not for this session').waitFor();
  });

  it('shows that it waits', async () => {
    const page = await show('/interactions', {}, (opened) => slowDown(opened, '/api/v1/interactions'));
    await page.locator('.figure .skeleton').first().waitFor();
    await page.locator('.skeleton-lines').first().waitFor();
    await expect.poll(() => readFigure(page, 'Page views')).toBe(of('page_view', 7));
  });
});

describe.skipIf(!hasChromium)('looks of the interactions', () => {
  const TEXTS = [
    '.screen-head p',
    '.scope-note',
    '.site-select',
    '.segments label:not(.on)',
    '.figure-note',
    '.columns-marks span',
    '.columns-times span',
    '.vital h3',
    '.vital-rating.good',
    '.vital-rating.fair',
    '.vital-note',
    '.tabs button:not([aria-selected="true"])',
    '.panel-note',
    '.bar-list-value small',
    '.table thead th',
    '.funnel-number',
    '.funnel-bars .muted',
    '.panel-of',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (colorScheme) => {
    const page = await show(`/interactions?${FUNNEL}`, { colorScheme });
    await page.getByText(/came to the end/).waitFor();
    await page.waitForLoadState('networkidle');
    for (const selector of TEXTS)
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['a phone', PHONE],
    ['a tablet', { viewport: { width: 800, height: 1000 } }],
    ['a laptop', { viewport: { width: 1120, height: 800 } }],
  ])('fits %s', async (_, options) => {
    const page = await show(`/interactions?${FUNNEL}`, options);
    await page.getByText(/came to the end/).waitFor();
    await page.waitForLoadState('networkidle');
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(options.viewport?.width);
  });
});
