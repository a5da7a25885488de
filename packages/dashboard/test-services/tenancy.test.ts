import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BAKERY, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { type FakeHub, onlyLooks } from './fake-hub.ts';
import { finishDeletion } from './fake-tenancy.ts';
import { emptyTenant, sampleTenant } from './fake-tenant.ts';

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
  hub.tenants.set(BAKERY, emptyTenant());
});
const { show } = suite;

const tenancy = (id = MAIN) => hub.tenants.get(id)?.tenancy;
const act = async (page: Page, row: string, action: string) => {
  await page.getByRole('button', { name: `Actions: ${row}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

describe.skipIf(!hasChromium)('API keys', () => {
  it('are made by the keyboard alone, and shown once', async () => {
    const page = await show('/keys', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Make a key…' }).press('Enter');
    await page.getByRole('dialog', { name: 'Make a key' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Give it a name').waitFor();
    await page.keyboard.type('Caddy');
    await page.keyboard.press('Enter');
    const made = page.getByRole('dialog', { name: 'The key “Caddy”' });
    await made.getByText('vdt_new-key-shown-once').waitFor();
    await made.getByRole('button', { name: 'Copy' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()), PATIENCE)
      .toBe('vdt_new-key-shown-once');
    await made.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /^Caddy/ }).waitFor();
    await expect.poll(() => page.getByText('vdt_new-key-shown-once').count()).toBe(0);
    const sent = hub.sent.find(({ path }) => path.startsWith('/api/v1/keys'));
    expect(JSON.parse(sent?.body ?? '')).toEqual({ scope: 'ingest', name: 'Caddy', expires: '+365d' });
    expect(suite.complaints).toEqual([]);
  });

  it('are rotated with an overlap, and say which soon expire', async () => {
    const page = await show('/keys');
    await page.getByRole('row', { name: /^Nightly report.*Expires soon/ }).waitFor();
    await act(page, 'Nightly report', 'Rotate…');
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel('The present key stays good for').selectOption('7 days');
    await dialog.getByRole('button', { name: 'Make the new key' }).click();
    await page.getByText('vdt_rotated-key-shown-once').waitFor();
    await page.getByText('The key before stays good until').waitFor();
    const sent = hub.sent.find(({ path }) => path.includes('/rotate'));
    expect(JSON.parse(sent?.body ?? '')).toEqual({ overlap: '7d' });
  });

  it('are revoked once that was confirmed; revoked ones are shown when asked for', async () => {
    const page = await show('/keys');
    await page.getByRole('row', { name: /^nginx on web-1/ }).waitFor();
    await expect.poll(() => page.getByText('Old server').count()).toBe(0);
    await act(page, 'nginx on web-1', 'Revoke…');
    await page.getByRole('alertdialog').getByText('It was last used').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('The key “nginx on web-1” is revoked.').first().waitFor();
    await page.getByRole('switch', { name: 'Show expired and revoked ones' }).check();
    await page.getByRole('row', { name: /^Old server.*Revoked/ }).waitFor();
  });

  it('are none yet, fit a phone, and are not for everybody', async () => {
    const page = await show('/keys?tenant=bakery', PHONE);
    await page.getByText('No key is in force').waitFor();
    await page.goto(`${hub.url}/keys`);
    await page.getByText('nginx on web-1').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    onlyLooks(hub);
    await page.reload();
    await page.getByText('Not for this session').waitFor();
  });
});

describe.skipIf(!hasChromium)('domains', () => {
  it('are added and proved: what to publish is told, and why it was not found', async () => {
    const page = await show('/domains?tenant=bakery');
    await page.getByText('No domain yet').waitFor();
    await page.getByRole('button', { name: 'Add a domain…' }).click();
    await page.getByLabel('Host', { exact: true }).fill('https://www.bakery.example');
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.getByText('no https:// and no path').waitFor();
    await page.getByLabel('Host', { exact: true }).fill('www.bakery.example');
    await page.getByRole('button', { name: 'Add it' }).click();
    const proof = page.getByRole('dialog', { name: 'Prove that www.bakery.example is yours' });
    await proof.getByText('_vedette.www.bakery.example').waitFor();
    await proof.getByText('https://www.bakery.example/.well-known/vedette.txt').waitFor();
    await proof.getByRole('button', { name: 'Check now' }).click();
    await proof.getByText('Not found yet: no TXT record of this name').waitFor();
    Object.assign(tenancy(BAKERY) ?? {}, { proof: null });
    await proof.getByRole('button', { name: 'Check now' }).click();
    await proof.getByText('www.bakery.example is proved to be yours.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /^www\.bakery\.example Yours by DNS/ }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('are removed, and fit a phone', async () => {
    const page = await show('/domains', PHONE);
    await act(page, 'new.example.org', 'Remove…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('new.example.org is removed.').first().waitFor();
    expect(tenancy()?.domains.map(({ pattern }) => pattern)).toEqual(['www.example.org', '*.shop.example.org']);
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('are read by whoever may only read', async () => {
    onlyLooks(hub);
    const page = await show('/domains');
    await page.getByText('Owners and admins of the tenant add and remove domains.').waitFor();
    await page.getByText('www.example.org').waitFor();
    await expect.poll(() => page.getByRole('button', { name: /^Actions/ }).count()).toBe(0);
  });
});

describe.skipIf(!hasChromium)('tenants', () => {
  it('have the sessions of everybody ended, which is asked first', async () => {
    const page = await show('/tenants');
    await page.getByRole('button', { name: 'End all sessions…' }).press('Enter');
    const ask = page.getByRole('alertdialog', { name: 'End the sessions of everybody?' });
    await page.keyboard.press('Escape');
    await ask.waitFor({ state: 'detached' });
    expect(hub.sent).toEqual([]);
    await page.getByRole('button', { name: 'End all sessions…' }).press('Enter');
    await ask.getByRole('button', { name: 'End all sessions' }).press('Enter');
    await page.getByText('12 sessions have ended.').first().waitFor();
    expect(hub.sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['DELETE /api/v1/people/sessions']);
    expect(suite.complaints).toEqual([]);
  });

  it('are created, renamed and given a quota', async () => {
    const page = await show('/tenants');
    await page.getByRole('button', { name: 'New tenant…' }).click();
    await page.getByRole('button', { name: 'Create the tenant' }).click();
    await page.getByText('Give a name.').waitFor();
    const nameField = page.getByLabel('Name', { exact: true });
    await expect.poll(() => nameField.evaluate((field) => field === document.activeElement), PATIENCE).toBe(true);
    await nameField.fill('Café Öst');
    await expect.poll(() => page.getByLabel('Short name').inputValue()).toBe('cafe-ost');
    await page.getByRole('button', { name: 'Create the tenant' }).click();
    await page.getByText('The tenant Café Öst is there.').first().waitFor();
    await act(page, 'Café Öst', 'Quota…');
    const quota = page.getByRole('dialog', { name: 'Quota of Café Öst' });
    await quota.getByLabel('Requests a day').fill('many');
    await quota.getByText('A whole number, or nothing.').waitFor();
    await quota.getByLabel('Requests a day').fill('50000');
    await quota.getByLabel('People').fill('5');
    await quota.getByRole('button', { name: 'Set the quota' }).click();
    await page.getByRole('row', { name: /Café Öst.*0 of 50,000 0 of 5/ }).waitFor();
    await act(page, 'Café Öst', 'Rename…');
    await page.getByRole('dialog').getByLabel('Name').fill('Café Väst');
    await page.keyboard.press('Enter');
    await page.getByText('It is called Café Väst now.').first().waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('lead on to inviting their owner, in the tenant that was made', async () => {
    const page = await show('/tenants');
    await page.getByRole('button', { name: 'New tenant…' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Café Öst');
    await page.getByRole('button', { name: 'Create the tenant' }).click();
    await page.getByRole('button', { name: 'Invite its owner' }).click();
    await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).search).toBe('/people?tenant=cafe-ost');
  });

  it('are suspended and resumed', async () => {
    const page = await show('/tenants');
    await act(page, 'Bakery', 'Suspend…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Suspend' }).click();
    await page.getByRole('row', { name: /Bakery.*Suspended/ }).waitFor();
    await act(page, 'Bakery', 'Resume');
    await page.getByRole('row', { name: /Bakery.*Active/ }).waitFor();
  });

  it('are deleted once the short name was typed, with progress and a proof afterwards', async () => {
    const page = await show('/tenants');
    await page.getByText('No tenant has been deleted.').waitFor();
    await act(page, 'Bakery', 'Delete…');
    const dialog = page.getByRole('alertdialog', { name: 'Delete Bakery and everything of it?' });
    await dialog.getByRole('button', { name: 'Delete everything' }).click();
    await dialog.getByText('Type bakery, exactly').waitFor();
    await dialog.getByLabel('Type bakery to confirm').fill('bakery');
    await page.keyboard.press('Enter');
    await page.getByText('120,000 rows deleted in 1 place so far.').waitFor();
    await page.getByRole('row', { name: /Bakery.*Being deleted/ }).waitFor();
    finishDeletion(hub.installation);
    await page.getByText('Nothing is left').waitFor();
    await page.getByText('Proof', { exact: true }).click();
    const row = page.getByRole('row', { name: /^consent_choices/ });
    await expect.poll(() => row.getByRole('cell').allInnerTexts()).toEqual(['870', '0']);
  });

  it('fit a phone, and are for operators only', async () => {
    const page = await show('/tenants', PHONE);
    await page.getByRole('link', { name: 'Bakery' }).waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    onlyLooks(hub);
    await page.reload();
    await page.getByText('Not for this session').waitFor();
  });

  it('that are suspended show nothing to their people, and say why', async () => {
    onlyLooks(hub);
    for (const tenant of hub.me.tenants) tenant.suspended = true;
    const page = await show('/keys?tenant=bakery');
    await page.getByRole('heading', { name: 'Bakery is suspended' }).waitFor();
  });

  it('that ask for a second factor send who has none to their account', async () => {
    onlyLooks(hub);
    for (const tenant of hub.me.tenants) Object.assign(tenant, { second_factor_missing: true, permissions: [] });
    const page = await show('/keys?tenant=bakery', PHONE);
    await page.getByRole('heading', { name: 'Bakery asks for a second factor' }).waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    await page.getByRole('link', { name: 'Set one up' }).click();
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
  });
});
