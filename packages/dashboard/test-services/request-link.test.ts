import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { onlyLooks } from './fake-hub.ts';
import { type FakeRequest, toRow } from './fake-traffic.ts';
import { sampleTraffic } from './sample-traffic.ts';

const HOUR = 3_600_000;
const GONE = '01900000-0000-7000-8000-00000000dead';

let main: FakeRequest[];
const suite = openSuite((hub) => {
  main = sampleTraffic(300, 3, Date.now());
  hub.requests.set(MAIN, main);
});
const { show } = suite;

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] };
const address = (id: string) => `/explore?tenant=installation&show=requests&request=${id}`;
const told = (url: string) => new URL(url).searchParams;
/** One that the filters of a plain screen show. */
function sample(): FakeRequest {
  const found = main.find(({ origin }) => origin !== 'self');
  if (found === undefined) throw new Error('the sample has one');
  return found;
}
const someone = () => toRow(sample());

describe.skipIf(!hasChromium)('a link to one request', () => {
  it.each([
    ['the explorer', '/explore?range=all&show=requests&where=bot=false'],
    ['the live tail', '/live'],
  ])('is copied from %s, and opens it over the requests of its hour', async (_where, from) => {
    const { hub } = suite;
    const page = await show(from, clipboard);
    if (from === '/live') {
      await expect.poll(() => hub.live.listeners, PATIENCE).toBe(1);
      hub.live.send(sample());
    }
    await page.locator('.request-open').first().click();
    const dialog = page.getByRole('dialog', { name: 'One request' });
    const id = await dialog.locator('.request-value', { hasText: /^Id/ }).locator('dd').innerText();
    await dialog.getByRole('button', { name: 'Copy link' }).click();
    await dialog.getByRole('status').filter({ hasText: 'The link was copied.' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const { searchParams } = new URL(link);
    expect(Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')).toBe(HOUR);

    const { pathname, search } = new URL(link);
    const other = await show(pathname + search);
    const opened = other.getByRole('dialog', { name: 'One request' });
    await expect.poll(() => opened.innerText(), PATIENCE).toContain(id);
    await opened.getByRole('button', { name: 'Close' }).first().click();
    await opened.waitFor({ state: 'detached' });
    expect(told(other.url()).get('request')).toBeNull();
    // It is among those behind it.
    await other.locator('.request-open').first().waitFor();
    expect(told(other.url()).get('show')).toBe('requests');
    expect(suite.complaints).toEqual([]);
  });

  it('is left by a filter, and come back to by the back button', async () => {
    const { id, status } = someone();
    const page = await show(address(id));
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByRole('button', { name: /^Show only Status: / }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(told(page.url()).getAll('where')).toEqual(['origin!=self', `status=${status}`]);
    expect(told(page.url()).get('request')).toBeNull();
    await page.goBack();
    await dialog.waitFor();
  });

  it.each([
    ['en-GB', 'One request', 'This request is not there any more', 'Its row has gone'],
    ['de-DE', 'Eine Anfrage', 'Diese Anfrage gibt es nicht mehr', 'Ihr Datensatz ist'],
  ])('says in %s when its row has gone, and leaves the explorer behind it', async (locale, title, gone, why) => {
    const page = await show(address(GONE), { locale });
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByText(gone).waitFor();
    expect(await dialog.innerText()).toContain(why);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.request-open').first().waitFor();
    expect(told(page.url()).get('request')).toBeNull();
  });

  it('says so to whom it is not shown, and asks for nothing', async () => {
    onlyLooks(suite.hub);
    const { id } = someone();
    const page = await show(address(id));
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByText('Single requests are for people who may take rows away.').waitFor();
    await page.waitForLoadState('networkidle');
    expect(suite.hub.asked.filter((path) => path.startsWith('/api/v1/requests'))).toEqual([]);
  });

  it('says what went wrong, and tries again', async () => {
    const { id, path } = someone();
    const broken = `/api/v1/requests/${id}`;
    suite.hub.failing.set(broken, { status: 500, title: 'Internal Server Error', detail: 'Its log says what.' });
    const page = await show(address(id));
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByText('Its log says what.').waitFor();
    suite.hub.failing.delete(broken);
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => dialog.innerText(), PATIENCE).toContain(path);
    await dialog.getByText('What was asked').waitFor();
  });

  it('fits a phone in German, what came of it and all', async () => {
    const page = await show(address(someone().id), { ...PHONE, ...clipboard, locale: 'de-DE' });
    const dialog = page.getByRole('dialog', { name: 'Eine Anfrage' });
    const button = dialog.getByRole('button', { name: 'Link kopieren' });
    await button.click();
    const said = dialog.getByText('Der Link wurde kopiert.');
    await said.waitFor();
    const [above, below] = [await said.boundingBox(), await button.boundingBox()];
    // In one line, and clear of the buttons.
    expect(above?.height).toBeLessThan(30);
    expect((above?.y ?? 0) + (above?.height ?? 0)).toBeLessThanOrEqual(below?.y ?? 0);
    expect(below?.height).toBeLessThan(60);
    const names = dialog.locator('.request-value dt');
    expect(await names.evaluateAll((all) => all.filter((one) => one.scrollWidth > one.clientWidth).length)).toBe(0);
    expect(await dialog.evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(0);
  });

  it('is shown where the browser copies nothing, and fits a phone', async () => {
    const { id } = someone();
    const page = await show(address(id), PHONE, (opened) =>
      opened.addInitScript(() => {
        Object.defineProperty(navigator, 'clipboard', { value: undefined });
        document.execCommand = () => false;
      }),
    );
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByRole('button', { name: 'Copy link' }).click();
    await dialog.getByText('This browser lets no page copy.').waitFor();
    expect(await dialog.locator('.command code').innerText()).toContain(`request=${id}`);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect(await dialog.evaluate((node) => node.scrollWidth - node.clientWidth)).toBeLessThanOrEqual(0);
  });
});
