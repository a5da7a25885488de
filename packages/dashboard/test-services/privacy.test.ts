import { readFile } from 'node:fs/promises';
import type { PrivacyPolicy } from '@vedette/contract';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { contrastOf, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { sampleScan, USUAL_POLICY } from './fake-privacy.ts';
import { sampleTenant } from './fake-tenant.ts';
import { PROOF, VISITOR } from './sample-consent.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
});
const { show } = suite;

const policy = () => hub.tenants.get(MAIN)?.policy;
const sent = (path: string) => hub.sent.filter((one) => one.path.startsWith(`/api/v1/privacy/${path}`));
const granted = (page: Page) => page.getByLabel('Requests of people who granted', { exact: true });
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');

/** Edits a field and waits until what would change is told. */
async function edit(page: Page, days: string): Promise<void> {
  await granted(page).fill(days);
  await page.getByRole('region', { name: 'What would change' }).getByText(`would be ${days} instead of 396`).waitFor();
}

describe.skipIf(!hasChromium)('what is kept', () => {
  it('is told in sentences and by kind of data, and offends no policy', async () => {
    const page = await show('/privacy');
    await page.getByText(/^Visitors are asked whether they agree/).waitFor();
    const row = page.getByRole('row', { name: /^Requests of people who granted/ });
    await expect
      .poll(() => row.getByRole('cell').allInnerTexts())
      .toEqual([
        'figures by person, over several days; tracing attacks',
        expect.stringContaining('396 days'),
        '1,284,221',
        '3 Jan 2026, 11:00 UTC',
      ]);
    await expect
      .poll(() => page.getByRole('row', { name: /^Addresses of sessions/ }).innerText())
      .toContain('not counted');
    await expect.poll(() => page.title()).toBe('Privacy · This hub · Vedette');
    expect(suite.complaints).toEqual([]);
  });

  it('leads to the other parts by arrow keys, and keeps them in the address', async () => {
    const page = await show('/privacy');
    await page.getByRole('tab', { name: 'What is kept' }).focus();
    await page.keyboard.press('ArrowRight');
    await granted(page).waitFor();
    expect(new URL(page.url()).search).toBe('?part=policy');
    await page.keyboard.press('End');
    await page.getByText('No scan has run yet.').waitFor();
    await page.goBack();
    await granted(page).waitFor();
  });

  it('says what went wrong, and tries again', async () => {
    hub.failing.set('/api/v1/privacy/policy', { status: 500, title: 'No policy', detail: 'the database is away' });
    const page = await show('/privacy');
    await page.getByRole('alert').getByText('the database is away').waitFor();
    hub.failing.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('row', { name: /^Evidence of choices/ }).waitFor();
  });
});

describe.skipIf(!hasChromium)('the policy', () => {
  it('is changed by the keyboard alone: told before, confirmed, saved, undone', async () => {
    const page = await show('/privacy?part=policy');
    await edit(page, '90');
    expect(policy()?.retention_days.granted).toBe(396);
    await granted(page).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Save this policy?' });
    await dialog.getByText('would be 90 instead of 396').waitFor();
    await dialog.getByRole('button', { name: 'Save the policy' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('The policy is saved.').waitFor();
    expect(policy()?.retention_days).toEqual({ ...USUAL_POLICY.retention_days, granted: 90 });
    await expect.poll(() => granted(page).inputValue()).toBe('90');
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByText('The policy before holds again.').waitFor();
    expect(policy()).toEqual(USUAL_POLICY);
    await expect.poll(() => granted(page).inputValue()).toBe('396');
  });

  it('changes nothing when the dialog is closed, and gives the focus back', async () => {
    const page = await show('/privacy?part=policy');
    await edit(page, '90');
    await page.getByRole('button', { name: 'Review and save' }).press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Review and save');
    expect(sent('policy')).toEqual([]);
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => granted(page).inputValue()).toBe('396');
    await page.getByText('Nothing is changed.').waitFor();
  });

  it('keeps what was edited while another part is looked at', async () => {
    const page = await show('/privacy?part=policy');
    await edit(page, '90');
    await page.getByRole('tab', { name: 'What is kept' }).click();
    await page.getByRole('tab', { name: 'Policy' }).click();
    await expect.poll(() => granted(page).inputValue()).toBe('90');
  });

  it('marks what is wrong, has no preview of it, and leads there', async () => {
    const page = await show('/privacy?part=policy');
    await page.getByLabel('Least group').fill('4');
    await page.getByText('A whole number from 5 to 1000.').waitFor();
    await page.getByText('1 field is wrong. There is no preview while a field is wrong.').waitFor();
    await page.getByRole('button', { name: 'Review and save' }).click();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    expect(sent('')).toEqual([]);
  });

  it('shows the hub’s refusal in the dialog, which stays', async () => {
    const page = await show('/privacy?part=policy');
    await edit(page, '90');
    await page.getByRole('button', { name: 'Review and save' }).click();
    const save = page.getByRole('dialog').getByRole('button', { name: 'Save the policy' });
    await expect.poll(() => save.isEnabled(), PATIENCE).toBe(true);
    hub.failing.set('/api/v1/privacy/policy', {
      status: 422,
      title: 'Refused',
      detail: 'retention_days.granted is odd',
    });
    await save.click();
    await page.getByRole('alert').getByText('retention_days.granted is odd').waitFor();
    await expect.poll(() => granted(page).inputValue()).toBe('90');
  });

  it('shows the banner in one’s own words as they are typed, in each language', async () => {
    const page = await show('/privacy?part=policy');
    const preview = page.getByRole('region', { name: 'What visitors see' });
    await preview.getByText('May we recognise your next visit?').waitFor();
    await page.getByLabel('Title', { exact: true }).fill('Cookies, please');
    await preview.getByText('Cookies, please').waitFor();
    await page.getByLabel('Marketing: other companies’ tags').check();
    await preview.getByText('Other companies’ programs may run').waitFor();
    await page.getByLabel('Language', { exact: true }).selectOption('de');
    await preview.locator('[lang="de"]').getByText('Zustimmen').waitFor();
    await page.getByLabel('Another language').fill('Dutch');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('A language is written like de or pt-BR.').waitFor();
    await page.getByLabel('Another language').fill('nl');
    await page.keyboard.press('Enter');
    await page.getByLabel('Accept', { exact: true }).fill('Akkoord');
    await preview.locator('[lang="nl"]').getByText('Akkoord').waitFor();
    await page.getByLabel('Ask visitors').uncheck();
    await preview.getByText('No banner is shown.').waitFor();
    await page.getByRole('button', { name: 'Review and save' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save the policy' }).click();
    await page.getByText('The policy is saved.').waitFor();
    const { banner } = JSON.parse(sent('policy')[0]?.body ?? '') as PrivacyPolicy;
    expect(banner.texts).toEqual({ en: { title: 'Cookies, please' }, nl: { accept: 'Akkoord' } });
    expect(banner.purposes).toEqual(['analytical', 'marketing']);
  });

  it('is read by whoever may only read, with the reason why it cannot be changed', async () => {
    onlyLooks(hub);
    const page = await show('/privacy?part=policy');
    await page.getByText('Administrators of the tenant may change this.').waitFor();
    await expect.poll(() => granted(page).isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole('button', { name: 'Review and save' }).count()).toBe(0);
    await page.getByRole('region', { name: 'What visitors see' }).getByText('May we recognise').waitFor();
  });
});

describe.skipIf(!hasChromium)('a person’s data', () => {
  const label = 'The value of the cookie, a proof id or a visitor id';

  it.each([
    ['a cookie', `1.${PROOF}.a1m0.${VISITOR}`, 'proof_id', PROOF, 3],
    ['a visitor id', VISITOR, 'visitor_id', VISITOR, 1],
  ] as const)('is exported by %s', async (_, pasted, kind, id, count) => {
    const page = await show('/privacy?part=person');
    await page.getByLabel(label).fill(pasted);
    if (kind === 'visitor_id') await page.getByRole('radio', { name: 'Visitor id' }).check({ force: true });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('person.json');
    const { places } = JSON.parse(await readFile(await file.path(), 'utf8')) as { places: { records: unknown[] }[] };
    expect(places[0]?.records).toHaveLength(count);
    await page.getByText('The export is in your downloads.').waitFor();
    expect(JSON.parse(sent('export')[0]?.body ?? '')).toEqual({ [kind]: id });
    expect(page.url()).not.toContain(id);
    expect(suite.complaints).toEqual([]);
  });

  it('is erased once a word was typed; what was erased and searched is told', async () => {
    const page = await show('/privacy?part=person');
    await page.getByText('Nothing has been erased yet.').waitFor();
    await page.getByLabel(label).fill(PROOF);
    await page.getByRole('button', { name: 'Erase…' }).press('Enter');
    const dialog = page.getByRole('alertdialog', { name: 'Erase everything that is kept of this person?' });
    await dialog.getByText(PROOF).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('erase');
    await page.keyboard.press('Enter');
    await dialog.getByText('Type ERASE, in capitals.').waitFor();
    expect(sent('erase')).toEqual([]);
    await dialog.getByRole('textbox').fill('ERASE');
    await page.keyboard.press('Enter');
    const result = page.getByRole('region', { name: 'Erased', exact: true });
    await result.getByText('Every store was searched again: nothing is left.').waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Erased');
    await expect
      .poll(() => result.getByRole('row', { name: /consent_choices/ }).allInnerTexts())
      .toEqual([expect.stringMatching(/3$/), expect.stringMatching(/0$/)]);
    await page.getByRole('region', { name: 'Erasures so far' }).getByText('nothing left').waitFor();
    await expect.poll(() => page.getByRole('region', { name: 'Erasures so far' }).innerText()).not.toContain(PROOF);
  });

  it('stays where the dialog is closed, and where the hub cannot', async () => {
    const page = await show('/privacy?part=person');
    await page.getByLabel(label).fill(PROOF);
    await page.getByRole('button', { name: 'Erase…' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Erase…');
    hub.failing.set('/api/v1/privacy/erase', { status: 503, title: 'Not now', detail: 'ClickHouse is away' });
    await page.getByRole('button', { name: 'Erase…' }).click();
    await page.getByRole('alertdialog').getByRole('textbox').fill('ERASE');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').getByRole('alert').getByText('ClickHouse is away').waitFor();
  });

  it('says what is no id, and who may not ask', async () => {
    const page = await show('/privacy?part=person');
    await page.getByLabel(label).fill('anna@example.org');
    await page.getByText('This holds no id').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Export' }).isDisabled()).toBe(true);
    onlyLooks(hub);
    await page.reload();
    await page.getByText('Only administrators of the tenant may see and erase').waitFor();
    await expect.poll(() => page.getByLabel(label).count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('the scan', () => {
  it('is begun, seen running, and done, with what may be there and what may not', async () => {
    const page = await show('/privacy?part=scan');
    await page.getByRole('button', { name: 'Start a scan' }).press('Enter');
    await page.getByText(/^A scan is running, since/).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Scanning…' }).isDisabled()).toBe(true);
    hub.scan.answer = sampleScan(Date.now(), true);
    await page.getByText('1 finding that may not be there.').waitFor();
    const rows = page.getByRole('region', { name: 'Findings' }).locator('tbody tr');
    await expect.poll(() => rows.first().innerText()).toMatch(/E-mail address[\s\S]*No$/);
    await expect.poll(() => rows.nth(1).innerText()).toContain('Yes: addresses of log-ins');
    await page.getByText('412 MB').waitFor();
    await page.getByText('none is configured; requests go straight to the pipeline').waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it.each([
    ['clean', { findings: [] }, 'Nothing was found that may not be there.'],
    ['failed', { state: 'failed', error: 'the logs cannot be read' }, 'The last scan failed: the logs cannot be read'],
  ] as const)('%s', async (_, part, said) => {
    hub.scan.answer = { ...sampleScan(Date.now(), false), ...part, findings: [] };
    const page = await show('/privacy?part=scan');
    await page.getByText(said).waitFor();
  });

  it('is for operators, and says so to others', async () => {
    onlyLooks(hub);
    const page = await show('/privacy?part=scan');
    await page.getByText('for its operators only').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /scan/i }).count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('looks of the privacy', () => {
  const TEXTS: Record<string, readonly string[]> = {
    kept: ['.plain-words li', '.kept-table th span', '.kept-table th small', '.kept-table td .muted'],
    policy: [
      '.check small',
      '.with-unit span',
      '.form-field small.form-error',
      '.change-panel .form-error',
      '.banner-preview .muted',
      '.banner-buttons span',
      '.banner-purpose span',
      '.change-panel .button:not(.primary)',
    ],
    person: ['.person-note code', '.button.danger', '.which-id span', '.panel-of'],
    scan: ['.bad-note span', '.badge.bad', '.table th.break', '.table td code', '.skipped .muted'],
  };

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (colorScheme) => {
    hub.scan.answer = sampleScan(Date.now(), true);
    for (const [part, selectors] of Object.entries(TEXTS)) {
      const page = await show(`/privacy?part=${part}`, { colorScheme });
      await page.waitForLoadState('networkidle');
      if (part === 'policy') await granted(page).fill('0');
      if (part === 'person') await page.getByRole('textbox').fill(PROOF);
      for (const selector of selectors)
        await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
      await page.context().close();
    }
  });

  it.each(['kept', 'policy', 'person', 'scan'])('%s fits a phone', async (part) => {
    hub.scan.answer = sampleScan(Date.now(), true);
    const page = await show(`/privacy?part=${part}`, PHONE);
    await page.waitForLoadState('networkidle');
    if (part === 'policy') await edit(page, '90');
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(PHONE.viewport?.width);
  });
});
