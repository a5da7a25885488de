import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BAKERY, hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { ANNA } from './fake-accounts.ts';
import type { FakeHub } from './fake-hub.ts';
import { onlyLooks } from './fake-hub.ts';
import { emptyTenant, sampleTenant } from './fake-tenant.ts';

let hub: FakeHub;

const suite = openSuite(
  (fresh) => {
    hub = fresh;
    hub.tenants.set(MAIN, sampleTenant(Date.now()));
  },
  { principal: { kind: 'user', scope: null }, user: { ...ANNA } },
);
const { show } = suite;

const people = () => hub.tenants.get(MAIN)?.people;
const roleOf = (name: string) => people()?.people.find((person) => person.name === name)?.role;
const act = async (page: Page, row: string, action: string) => {
  await page.getByRole('button', { name: `Actions: ${row}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
};

describe.skipIf(!hasChromium)('people', () => {
  it('have their roles changed in place, and changed back', async () => {
    const page = await show('/people');
    await page.getByLabel('Role of Bo Ek').selectOption('analyst');
    await page.getByText('Bo Ek is Analyst now.').first().waitFor();
    expect(roleOf('Bo Ek')).toBe('analyst');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Bo Ek is Admin again.').first().waitFor();
    expect(roleOf('Bo Ek')).toBe('admin');
    expect(suite.complaints).toEqual([]);
  });

  it('keep an owner: why is said, and nothing of the last one can be changed', async () => {
    hub.me.tenants = hub.me.tenants.map((tenant) => ({
      ...tenant,
      permissions: tenant.permissions.filter((one) => one !== 'operate'),
    }));
    const page = await show('/people');
    await page.getByText('A tenant keeps at least one owner.').waitFor();
    await expect.poll(() => page.getByLabel('Role of Anna Lind').isDisabled()).toBe(true);
    await expect.poll(() => page.getByRole('button', { name: 'Actions: Anna Lind' }).count()).toBe(0);
    await page.getByLabel('Role of Bo Ek').selectOption('owner');
    await expect.poll(() => page.getByLabel('Role of Anna Lind').isDisabled(), PATIENCE).toBe(false);
    // Her own role is asked about first.
    await page.getByLabel('Role of Anna Lind').selectOption('viewer');
    await page.getByRole('alertdialog').getByText('afterwards you may not undo it').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).last().click();
    expect(roleOf('Anna Lind')).toBe('owner');
  });

  it('who are admins make no owner', async () => {
    hub.me.tenants = hub.me.tenants.map((tenant) => ({ ...tenant, role: 'admin' }));
    const page = await show('/people');
    await page.getByText('Only an owner may make or unmake an owner.').waitFor();
    const owner = page.getByLabel('Role of Bo Ek').locator('option', { hasText: 'Owner' });
    await expect.poll(() => owner.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByRole('radio', { name: /^Admin/ }).waitFor();
    await expect.poll(() => page.getByRole('radio', { name: /^Owner/ }).count()).toBe(0);
  });

  it('are removed once that was confirmed', async () => {
    const page = await show('/people');
    await act(page, 'Dan', 'Remove…');
    await page.getByRole('alertdialog', { name: 'Remove Dan from this tenant?' }).waitFor();
    await page.keyboard.press('Escape');
    expect(people()?.people.length).toBe(4);
    await act(page, 'Dan', 'Remove…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Dan is no member any more.').first().waitFor();
    expect(people()?.people.length).toBe(3);
  });

  it('have all their sessions ended by an operator, who is asked first', async () => {
    const page = await show('/people');
    await page.getByRole('button', { name: 'Actions: Dan' }).press('Enter');
    await page.getByRole('menuitem', { name: 'End all sessions…' }).press('Enter');
    const ask = page.getByRole('alertdialog', { name: 'End all sessions of Dan?' });
    await ask.getByRole('button', { name: 'Cancel' }).press('Enter');
    expect(hub.sent).toEqual([]);
    await act(page, 'Dan', 'End all sessions…');
    await ask.getByRole('button', { name: 'End them' }).press('Enter');
    await page.getByText('3 sessions of Dan ended.').first().waitFor();
    expect(hub.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^DELETE \/api\/v1\/people\/.+\/sessions$/),
    ]);
    expect(suite.complaints).toEqual([]);
  });

  it('have their accounts disabled and enabled by an operator, who is told what follows and why it is refused', async () => {
    const page = await show('/people');
    const row = page.getByRole('row', { name: /^Cecilia/ });
    await act(page, 'Cecilia Nordström-Wallenberg', 'Disable account…');
    const ask = page.getByRole('alertdialog', { name: 'Disable the account of Cecilia Nordström-Wallenberg?' });
    await ask.getByText('its sessions end at once').waitFor();
    await ask.getByRole('button', { name: 'Cancel' }).press('Enter');
    expect(hub.sent).toEqual([]);
    await act(page, 'Cecilia Nordström-Wallenberg', 'Disable account…');
    await ask.getByRole('button', { name: 'Disable' }).press('Enter');
    await page.getByText('The account of Cecilia Nordström-Wallenberg is disabled.').first().waitFor();
    await row.getByText('disabled', { exact: true }).waitFor();
    await act(page, 'Cecilia Nordström-Wallenberg', 'Enable account…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Enable' }).press('Enter');
    await page.getByText('The account of Cecilia Nordström-Wallenberg is enabled.').first().waitFor();
    await expect.poll(() => row.getByText('disabled', { exact: true }).count(), PATIENCE).toBe(0);
    expect(hub.sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      expect.stringMatching(/^POST \/api\/v1\/people\/.+\/disable$/),
      expect.stringMatching(/^POST \/api\/v1\/people\/.+\/enable$/),
    ]);

    // Of the last owner of the installation the hub refuses it.
    await page.getByLabel('Role of Bo Ek').selectOption('owner');
    await act(page, 'Bo Ek', 'Disable account…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disable' }).press('Enter');
    await page.getByRole('alertdialog').getByText('keeps at least one owner who can log in').waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('have lost second factors taken away by an operator, who is asked first', async () => {
    const page = await show('/people');
    const row = page.getByRole('row', { name: /^Bo Ek/ });
    await act(page, 'Bo Ek', 'Take second factors away…');
    const ask = page.getByRole('alertdialog', { name: 'Take all second factors of Bo Ek away?' });
    await ask.getByText('the password alone lets them in').waitFor();
    await page.keyboard.press('Escape');
    expect(hub.sent).toEqual([]);
    await act(page, 'Bo Ek', 'Take second factors away…');
    await ask.getByRole('button', { name: 'Take them away' }).press('Enter');
    await page.getByText('Bo Ek has no second factor any more.').first().waitFor();
    await row.getByText('Off', { exact: true }).waitFor();
    expect(hub.sent.map(({ path }) => path)).toEqual([expect.stringMatching(/\/reset-factors$/)]);
    // There are none to take away now.
    await page.getByRole('button', { name: 'Actions: Bo Ek' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Disable account…' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Take second factors away…' }).count()).toBe(0);
    expect(suite.complaints).toEqual([]);
  });

  it('have their accounts changed by operators only, and nobody by themselves', async () => {
    const offers = async (page: Page, row: string) => {
      const button = page.getByRole('button', { name: `Actions: ${row}` });
      await button.click();
      await page.getByRole('menuitem').first().waitFor();
      const items = await page.getByRole('menuitem').allInnerTexts();
      await page.keyboard.press('Escape');
      // The menu gives the focus back; another one that is opened before would be closed by that.
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await expect.poll(() => button.evaluate((one) => one === document.activeElement), PATIENCE).toBe(true);
      return items;
    };
    const operator = await show('/people');
    expect(await offers(operator, 'Bo Ek')).toEqual([
      'End all sessions…',
      'Take second factors away…',
      'Disable account…',
      'Remove…',
    ]);
    expect(await offers(operator, 'Dan')).toEqual(['End all sessions…', 'Enable account…', 'Remove…']);
    expect(await offers(operator, 'Anna Lind')).toEqual(['End all sessions…']);

    hub.me.tenants = hub.me.tenants.map((tenant) => ({
      ...tenant,
      permissions: tenant.permissions.filter((one) => one !== 'operate'),
    }));
    const owner = await show('/people');
    expect(await offers(owner, 'Bo Ek')).toEqual(['Remove…']);
    expect(await offers(owner, 'Dan')).toEqual(['Remove…']);
  });

  it('are invited by e-mail, invited again, and the invitation withdrawn', async () => {
    const page = await show('/people');
    await page.getByText('The e-mail did not go out: 550 no such mailbox').waitFor();
    await page.getByRole('button', { name: 'Invite…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
    await page.keyboard.type('not an address');
    await page.keyboard.press('Enter');
    await dialog.getByText('An e-mail address looks like').waitFor();
    await dialog.getByLabel('E-mail address').fill('bo@example.org');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('Bo@example.org is a member already').waitFor();
    await dialog.getByLabel('E-mail address').fill('gun@example.org');
    await dialog.getByRole('radio', { name: /^Analyst/ }).check();
    await page.keyboard.press('Enter');
    await page.getByText('The invitation for gun@example.org is on its way.').first().waitFor();
    expect(people()?.invitations[0]).toMatchObject({ email: 'gun@example.org', role: 'analyst' });
    await act(page, 'fia@example.org', 'Send again');
    await page.getByText('The invitation for fia@example.org is on its way.').first().waitFor();
    await act(page, 'erik@example.org', 'Withdraw…');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Withdraw' }).click();
    await expect
      .poll(() => people()?.invitations.map(({ email }) => email), PATIENCE)
      .toEqual(['gun@example.org', 'fia@example.org']);
  });

  it('are given a link by hand where the hub sends no e-mail', async () => {
    hub.accounts.ways.mail = false;
    const page = await show('/people', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByLabel('E-mail address').fill('gun@example.org');
    await page.getByRole('button', { name: 'Make the link' }).click();
    const shown = page.getByRole('dialog', { name: 'Link for gun@example.org' });
    await shown.getByRole('button', { name: 'Copy' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()), PATIENCE)
      .toBe('https://hub.example.org/invitation#vdi_new');
    await shown.getByRole('button', { name: 'Done' }).click();
  });

  it('are none yet', async () => {
    hub.tenants.set(BAKERY, emptyTenant());
    const page = await show('/people?tenant=bakery');
    await page.getByText('Nobody is a member of this tenant yet.').waitFor();
    await page.getByText('No invitation is open.').waitFor();
  });

  it('are on cards on a phone; what a role may is told', async () => {
    const page = await show('/people', PHONE);
    await page.getByText('Cecilia Nordström-Wallenberg').waitFor();
    const row = page.getByRole('row', { name: /^Make, rotate and revoke API keys/ });
    expect((await row.getByRole('cell').allInnerTexts()).map((cell) => cell.trim())).toEqual([
      'yes',
      'yes',
      'no',
      'no',
    ]);
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('have roles that can be read, however long the words of a language are', async () => {
    const page = await show('/people', { locale: 'de-DE', viewport: { width: 1280, height: 850 } });
    await page.getByText('Cecilia Nordström-Wallenberg').waitFor();
    // The letters' width beside the room that the control has for them.
    const clipped = await page.locator('td .select select').evaluateAll((controls) =>
      (controls as HTMLSelectElement[]).flatMap((control) => {
        const style = getComputedStyle(control);
        const paint = document.createElement('canvas').getContext('2d');
        const label = control.selectedOptions[0]?.label ?? '';
        if (paint === null || label === '') return ['nothing to measure'];
        paint.font = style.font;
        const padding = Number.parseFloat(style.paddingLeft) + Number.parseFloat(style.paddingRight);
        return paint.measureText(label).width > control.clientWidth - padding + 0.5 ? [label] : [];
      }),
    );
    await expect.poll(() => page.locator('td .select select').count()).toBeGreaterThan(2);
    expect(clipped).toEqual([]);
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('are not for who may not', async () => {
    onlyLooks(hub);
    const page = await show('/people');
    await page.getByText('Not for this session').waitFor();
    expect(hub.asked.some((path) => path.startsWith('/api/v1/people'))).toBe(false);
  });
});
