import type { IntegrationChange } from '@vedette/contract';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BAKERY, contrastOf, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
});
const { show } = suite;

const google = (page: Page) => page.getByRole('region', { name: 'Google Analytics 4', exact: true });
const clarity = (page: Page) => page.getByRole('region', { name: 'Microsoft Clarity', exact: true });
const save = (card: Locator) => card.getByRole('button', { name: 'Save', exact: true });
const changes = () => hub.sent.filter(({ method }) => method === 'PUT');
const lastChange = () => JSON.parse(changes().at(-1)?.body ?? '') as IntegrationChange;
const of = (tenant: string, kind: string) =>
  hub.tenants.get(tenant)?.integrations.find((integration) => integration.kind === kind);

describe.skipIf(!hasChromium)('integrations', () => {
  it('tell how they stand, what leaves to whom, and figures beside one’s own; they offend no policy', async () => {
    const page = await show('/integrations');
    await google(page).getByText('On', { exact: true }).waitFor();
    await clarity(page).getByText('Off', { exact: true }).waitFor();
    await google(page)
      .getByText(/To Google, from this hub: of each page view of people who granted/)
      .waitFor();
    await clarity(page).getByText('While it is off, nothing leaves.').waitFor();
    await clarity(page).getByText('the token was revoked or has expired').waitFor();
    const state = google(page).getByRole('region', { name: 'How it goes' });
    await expect
      .poll(() => state.innerText())
      .toMatch(/Sent\s+184,221 events\s+Waiting\s+12 events\s+Calls left today\s+not limited/);
    const row = google(page)
      .getByRole('row', { name: /page views/ })
      .first();
    await expect.poll(() => row.getByRole('cell').allInnerTexts()).toEqual(['1,200', '1,310', '−8.4%']);
    await clarity(page).getByText('No figures were fetched yet.').waitFor();
    await expect.poll(() => page.title()).toBe('Integrations · This hub · Vedette');
    expect(suite.complaints).toEqual([]);
  });

  it('are off and say that nothing leaves until somebody sets them up, by the keyboard', async () => {
    const page = await show('/integrations?tenant=bakery');
    const card = google(page);
    await card.getByText('Not set up').waitFor();
    await card.getByText('Nothing, as it is set here.').waitFor();
    await expect.poll(() => card.getByRole('button', { name: 'Test the connection' }).count()).toBe(0);
    await card.getByLabel('Measurement ID').fill('G-abc');
    await page.keyboard.press('Enter');
    await card.getByText('A measurement ID is written like G-ABC123XYZ.').waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid')), PATIENCE)
      .toBe('true');
    await card.getByLabel('Measurement ID').fill('G-ABC123');
    await card.getByLabel('Load its tag in the browser').press('Space');
    await card.getByText(/To Google, from the browser of people who granted/).waitFor();
    await card.getByLabel('Switched on').press('Space');
    await card.getByLabel('Measurement ID').press('Enter');
    await card.getByText('Saved.').waitFor();
    expect(lastChange()).toEqual({
      enabled: true,
      settings: { measurement_id: 'G-ABC123', tag: true, measurement: false, property_id: null },
    });
    expect(of(BAKERY, 'ga4')?.enabled).toBe(true);
    await card.getByText('On', { exact: true }).waitFor();
  });

  it('say what secret is missing, show the hub’s refusal, and keep what was typed', async () => {
    const page = await show('/integrations?tenant=bakery');
    const card = clarity(page);
    await card.getByLabel('Project ID').fill('k7x2m9p4qa');
    await card.getByLabel('Fetch Clarity’s figures').check();
    await card.getByLabel('Switched on').check();
    await save(card).click();
    await card.getByRole('alert').getByText('What is switched on needs API token').waitFor();
    hub.failing.set('/api/v1/integrations/clarity', { status: 422, title: 'Refused', detail: 'the token is none' });
    await card.getByRole('group', { name: 'API token' }).getByRole('button', { name: 'Set' }).click();
    await page.keyboard.type('t0ken');
    await save(card).click();
    await card.getByRole('alert').getByText('the token is none').waitFor();
    await expect.poll(() => card.getByLabel('Project ID').inputValue()).toBe('k7x2m9p4qa');
    await card.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => card.getByLabel('Project ID').inputValue()).toBe('');
    await expect.poll(() => card.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('secrets', () => {
  it('are set, replaced and removed, and never in the page, the address or the storage again', async () => {
    const page = await show('/integrations');
    const card = google(page);
    const secret = card.getByRole('group', { name: 'API secret' });
    await secret.getByRole('button', { name: 'Replace' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('password');
    await page.keyboard.type('t0p-s3cret');
    const other = card.getByRole('group', { name: 'Service account (JSON key)' });
    await other.getByRole('button', { name: 'Remove' }).click();
    await card.getByText('Removed when you save').waitFor();
    // What needed it goes with it.
    await card.getByLabel('Property ID').fill('');
    await save(card).click();
    await card.getByText('Saved.').waitFor();
    expect(lastChange().secrets).toEqual({ api_secret: 't0p-s3cret', service_account: null });
    await card.getByText('Not set').waitFor();
    await expect.poll(() => page.content()).not.toContain('t0p-s3cret');
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, history.state]));
    expect(stored + page.url()).not.toContain('t0p-s3cret');
  });

  it('stay as they are where that is chosen, or nothing was typed', async () => {
    const page = await show('/integrations');
    const card = google(page);
    const secret = card.getByRole('group', { name: 'API secret' });
    await secret.getByRole('button', { name: 'Replace' }).click();
    await secret.getByRole('button', { name: 'Leave as it is' }).click();
    await expect.poll(() => save(card).isDisabled()).toBe(true);
    await secret.getByRole('button', { name: 'Replace' }).click();
    await save(card).click();
    await card.getByText('Saved.').waitFor();
    expect(lastChange().secrets).toBeUndefined();
  });
});

describe.skipIf(!hasChromium)('the connection', () => {
  it('is tested as it is saved, and each check is told', async () => {
    const page = await show('/integrations');
    await google(page).getByRole('button', { name: 'Test the connection' }).press('Enter');
    await google(page).getByText('The connection works.').waitFor();
    await expect.poll(() => google(page).locator('.test-checks li').count()).toBe(3);
    await clarity(page).getByRole('button', { name: 'Test the connection' }).click();
    await clarity(page).getByText('The connection does not work.').waitFor();
    await expect.poll(() => clarity(page).locator('.test-checks li').innerText()).toMatch(/Data Export\s*: not good/);
    await google(page).getByLabel('Property ID').fill('1');
    await expect.poll(() => google(page).getByRole('button', { name: 'Test the connection' }).isDisabled()).toBe(true);
    await google(page).getByText('Save first: what is saved is tested.').waitFor();
  });

  it('is taken away once that was confirmed', async () => {
    const page = await show('/integrations');
    await google(page).getByRole('button', { name: 'Take away…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Take away…');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Take away' }).click();
    await google(page).getByText('Not set up').waitFor();
    expect(of(MAIN, 'ga4')?.settings).toBeNull();
    await expect.poll(() => google(page).getByLabel('Measurement ID').inputValue(), PATIENCE).toBe('');
  });
});

describe.skipIf(!hasChromium)('integrations that cannot be had', () => {
  it('say why, and what part failed', async () => {
    hub.failing.set('/api/v1/integrations/ga4/figures', { status: 500, title: 'Broken', detail: 'no figures today' });
    const page = await show('/integrations');
    await google(page).getByRole('alert').getByText('no figures today').waitFor();
    await google(page).getByText('On', { exact: true }).waitFor();
    hub.failing.set('/api/v1/integrations', { status: 500, title: 'Broken', detail: 'the database is away' });
    await page.reload();
    await page.getByRole('alert').getByText('the database is away').waitFor();
  });

  it('are read by whoever may only read, with the reason why they cannot be changed', async () => {
    onlyLooks(hub);
    const page = await show('/integrations');
    await page.getByText('Administrators of the tenant may change this.').waitFor();
    await expect.poll(() => google(page).getByLabel('Measurement ID').isDisabled()).toBe(true);
    for (const name of ['Save', 'Replace', 'Test the connection', 'Take away…']) {
      await expect.poll(() => page.getByRole('button', { name, exact: true }).count(), { message: name }).toBe(0);
    }
  });
});

describe.skipIf(!hasChromium)('looks of the integrations', () => {
  const TEXTS = [
    '.badge.good',
    '.badge:not(.good)',
    '.form-field label',
    '.form-field small',
    '.check small',
    '.secret-head .muted',
    '.leaves li',
    '.leaves .muted',
    '.integration-state dt',
    '.last-error code',
    '.last-error.over strong',
    '.good-note span',
    '.bad-note span',
    '.test-checks .break',
    '.table th small',
    '.button.danger',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (colorScheme) => {
    const page = await show('/integrations', { colorScheme });
    for (const card of [google(page), clarity(page)]) {
      await card.getByRole('button', { name: 'Test the connection' }).click();
      await card.getByText(/^The connection/).waitFor();
    }
    for (const selector of TEXTS)
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['a phone', PHONE],
    ['a tablet', { viewport: { width: 800, height: 1000 } }],
  ])('fit %s', async (_, options) => {
    const page = await show('/integrations', options);
    await google(page)
      .getByRole('row', { name: /page views/ })
      .first()
      .waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(options.viewport?.width);
  });
});
