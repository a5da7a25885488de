import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { contrastOf, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE, readFigure } from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import { type FakeConsent, PROOF, VISITOR } from './sample-consent.ts';

let hub: FakeHub;
let consent: FakeConsent;

const suite = openSuite((fresh) => {
  hub = fresh;
  const tenant = sampleTenant(Date.now());
  consent = tenant.consent;
  hub.tenants.set(MAIN, tenant);
});
const { show } = suite;

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Records of the last 30 days; those at the edge of the window are passed over by the samples. */
function lately(): FakeConsent['records'] {
  const asked = hub.asked.findLast((path) => path.startsWith('/api/v1/consent?'));
  const { searchParams } = new URL(asked ?? '', hub.url);
  const [from, to] = ['from', 'to'].map((name) => Date.parse(searchParams.get(name) ?? ''));
  return consent.records.filter(({ time }) => Date.parse(time) >= (from ?? 0) && Date.parse(time) < (to ?? 0));
}

async function search(page: Page, pasted: string): Promise<void> {
  await page.getByLabel('Proof id').fill(pasted);
  await page.keyboard.press('Enter');
}

describe.skipIf(!hasChromium)('consent', () => {
  it('shows the rates of the choices of a month, and offends no policy', async () => {
    const page = await show('/consent');
    const choices = await readFigure(page, 'Choices');
    expect(choices).toBe(lately().length);
    const granted = lately().filter((record) => record.choices.analytical && record.choices.marketing).length;
    await expect.poll(() => readFigure(page, 'Granted everything')).toBeCloseTo((granted / choices) * 100, 0);
    const gpc = lately().filter((record) => record.gpc).length;
    await expect
      .poll(() => page.locator('.figure', { hasText: 'Global Privacy Control' }).innerText())
      .toContain(`${gpc} of the choices`);
    await expect
      .poll(() => readFigure(page, 'Withdrawn'))
      .toBe(lately().filter(({ change }) => change === 'withdrawn').length);
    await expect.poll(() => page.title()).toBe('Consent · This hub · Vedette');
    await panel(page, 'People by their latest choice')
      .getByText(/^\d+ people$/)
      .waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('stacks choices by day, and holds them with withdrawals and GPC in a table', async () => {
    const page = await show('/consent');
    const chart = page.getByRole('application', { name: /^Choices over time: / });
    await chart.focus();
    await page.keyboard.press('End');
    expect((await chart.locator('.tooltip').innerText()).replaceAll(/\s+/g, ' ')).toMatch(
      /Refused \d+ Partly \d+ Granted \d+ All \d+ Withdrawn \d+/,
    );
    await panel(page, 'Choices over time').getByRole('button', { name: 'Table' }).press('Enter');
    const table = page.getByRole('table').first();
    await expect
      .poll(() => table.locator('thead th').allInnerTexts())
      .toEqual(['From (UTC)', 'Granted', 'Partly', 'Refused', 'All', 'Withdrawn', 'With GPC', 'Banner shown']);
    const sums = await table
      .locator('tbody tr')
      .evaluateAll((rows) => rows.reduce((sum, row) => sum + Number(row.querySelectorAll('td')[3]?.textContent), 0));
    expect(sums).toBe(lately().length);
  });

  it('is of one site where one is chosen', async () => {
    hub.tenants.get(MAIN)?.pages.splice(0);
    const page = await show('/consent?domain=shop.example.org&range=12mo');
    const own = consent.records.filter(({ domain }) => domain === 'shop.example.org').length;
    await expect.poll(() => readFigure(page, 'Choices'), PATIENCE).toBe(own);
    await expect.poll(() => page.getByLabel('Site').inputValue()).toBe('shop.example.org');
    await page.getByLabel('Site').selectOption('');
    await expect.poll(() => readFigure(page, 'Choices'), PATIENCE).toBe(consent.records.length);
  });
});

describe.skipIf(!hasChromium)('search of a proof', () => {
  it.each([
    ['the id', PROOF],
    ['the cookie', `vedette_consent=1.${PROOF}.a0m0`],
    ['the id in capitals', ` ${PROOF.toUpperCase()}\n`],
  ])('finds the history by %s, and keeps the id out of the address', async (_, pasted) => {
    const page = await show('/consent');
    await search(page, pasted);
    await page.getByText('3 choices, the latest first').waitFor();
    const records = page.locator('.proof-records > li');
    await expect.poll(() => records.locator('.change-kind').allInnerTexts()).toEqual(['Withdrawn', 'Changed', 'First']);
    await expect.poll(() => records.nth(1).innerText()).toContain('Analytical: yes');
    await expect.poll(() => records.nth(1).innerText()).toContain(VISITOR);
    await expect.poll(() => records.nth(2).innerText()).toContain('Banner, with GPC');
    expect(page.url()).not.toContain(PROOF);
  });

  it('says so where there is none, and what is no id at all', async () => {
    const page = await show('/consent');
    await search(page, 'f'.repeat(32));
    await page.getByText('There is no choice under this proof id.').waitFor();
    await search(page, 'nobody');
    await page.getByRole('alert').getByText('This holds no proof id').waitFor();
    expect(hub.asked.filter((path) => path.includes('proofs'))).toHaveLength(1);
  });

  it('copies the evidence as it came', async () => {
    const page = await show('/consent', { permissions: ['clipboard-read', 'clipboard-write'] });
    await search(page, PROOF);
    await page.getByRole('button', { name: 'Copy the evidence' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { records: unknown[] };
    expect(copied.records).toHaveLength(3);
  });

  it('shows what the hub says against it', async () => {
    hub.failing.set('/api/v1/consent/proofs', { status: 500, title: 'No evidence', detail: 'the database is away' });
    const page = await show('/consent');
    await search(page, PROOF);
    await page.getByRole('alert').getByText('the database is away').waitFor();
  });
});

describe.skipIf(!hasChromium)('texts and exports', () => {
  it('shows one text, compares two, and marks what differs', async () => {
    const page = await show('/consent');
    const picks = page.getByRole('checkbox', { name: /^Show version/ });
    await picks.nth(0).check();
    await page.getByRole('heading', { name: /^What was shown as version/ }).waitFor();
    await picks.nth(2).check();
    await page.getByRole('heading', { name: /3 parts differ$/ }).waitFor();
    const differing = page.locator('.text-comparison .differs');
    await expect
      .poll(() => differing.locator('th').allInnerTexts())
      .toEqual([expect.stringMatching(/^Title/), expect.stringMatching(/^Accept/), expect.stringMatching(/^Refuse/)]);
    await picks.nth(1).check();
    await expect.poll(() => picks.nth(0).isChecked(), PATIENCE).toBe(false);
    await expect.poll(() => page.locator('.text-comparison td[lang="de"]').count()).toBeGreaterThan(0);
  });

  it.each([
    ['CSV', 'csv', /^time,domain,proof_id/],
    ['NDJSON', 'ndjson', /^\{"id"/],
  ])('exports the window, or everything, as %s', async (name, format, begins) => {
    const page = await show('/consent');
    await readFigure(page, 'Choices');
    const take = async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Download the evidence as ${name}` }).click(),
      ]);
      expect(file.suggestedFilename()).toBe(`consent.${format}`);
      return readFile(await file.path(), 'utf8');
    };
    const some = await take();
    expect(some).toMatch(begins);
    await page.getByLabel('Of all times, not of this window only').check();
    expect((await take()).split('\n').length).toBeGreaterThan(some.split('\n').length);
    const addresses = hub.asked.filter((path) => path.startsWith('/api/v1/consent/export'));
    expect(addresses.map((path) => path.includes('from='))).toEqual([true, false]);
  });
});

describe.skipIf(!hasChromium)('consent that is not there', () => {
  it('leads to the banner where nobody was asked', async () => {
    const page = await show('/consent?tenant=bakery');
    await page.getByRole('heading', { name: 'Nobody was asked in this window' }).waitFor();
    await page.getByText('No choice was made under any text yet.').waitFor();
    await page.getByRole('link', { name: 'See the banner and the policy' }).click();
    await page.getByRole('tab', { name: 'Policy', selected: true }).waitFor();
  });

  it('says why to whom it is not allowed, and what went wrong', async () => {
    hub.failing.set('/api/v1/consent', { status: 403, title: 'Forbidden', detail: 'not for this key' });
    const page = await show('/consent');
    await page.getByText('not for this key').waitFor();
    await expect.poll(() => page.locator('.figure').count()).toBe(0);
    hub.failing.set('/api/v1/consent', { status: 500, title: 'Broken', detail: 'the store is away' });
    await page.reload();
    await page.getByRole('alert').getByText('the store is away').waitFor();
  });
});

describe.skipIf(!hasChromium)('looks of the consent', () => {
  const TEXTS = [
    '.figure-note',
    '.figure-base',
    '.people-share',
    '.panel-body .muted',
    '.field',
    '.proof-head strong',
    '.change-kind.withdrawn',
    '.change-kind.first',
    '.choice.yes',
    '.choice.no',
    '.proof-records dt',
    '.badge.good',
    '.badge.warn',
    '.text-comparison .differs td',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (colorScheme) => {
    const page = await show('/consent', { colorScheme });
    await search(page, PROOF);
    await page.getByText('3 choices, the latest first').waitFor();
    for (const place of [0, 2])
      await page
        .getByRole('checkbox', { name: /^Show version/ })
        .nth(place)
        .check();
    for (const selector of TEXTS)
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['a phone', PHONE],
    ['a tablet', { viewport: { width: 800, height: 1000 } }],
  ])('fits %s, with a proof and two texts open', async (_, options) => {
    const page = await show('/consent', options);
    await search(page, PROOF);
    await page.getByText('3 choices, the latest first').waitFor();
    for (const place of [0, 2])
      await page
        .getByRole('checkbox', { name: /^Show version/ })
        .nth(place)
        .check();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(options.viewport?.width);
  });
});
