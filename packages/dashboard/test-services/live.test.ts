import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { BAKERY, hasChromium, hide, MAIN, openSuite, overhang, PATIENCE, PHONE } from './browser.ts';
import { onlyLooks } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import type { FakeRequest } from './fake-traffic.ts';
import { sampleTraffic } from './sample-traffic.ts';

const suite = openSuite((hub) => {
  hub.requests.set(MAIN, sampleTraffic(30, 0.02, Date.now()));
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
});
const { show } = suite;
const told = (url: string) => new URL(url).searchParams;

let next = 0;
/** So many requests that come in now; their paths tell them apart: `/n1`, `/n2` … */
function fresh(count: number, more: Partial<FakeRequest> = {}): FakeRequest[] {
  return sampleTraffic(count, 0.0001, Date.now()).map((request) => ({
    ...request,
    origin: 'edge',
    id: `fresh-${(next += 1)}`,
    path: `/n${next}`,
    ...more,
  }));
}

/** Opens the screen, and waits until the hub is listened to and the list is there. */
async function watch(address: string, options = {}, before?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await show(address, options, before);
  await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(1);
  await page.locator('.request-open, .live-empty').first().waitFor();
  return page;
}

/** Paths of the rows in the page, from the top. */
const paths = (page: Page) =>
  page.locator('.live-list tbody tr .mono').evaluateAll((cells) => cells.map((cell) => cell.textContent.split(' ')[1]));
const state = (page: Page) => page.locator('.live-state .badge');
const space = (page: Page) => page.getByRole('group', { name: 'As they come in' });
const said = (page: Page) => page.locator('main p[role=status].visually-hidden');

describe.skipIf(!hasChromium)('requests as they come in', () => {
  it('stand above what came before, the latest first, and are counted; so is what was left out', async () => {
    const page = await watch('/live');
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Live');
    const before = await paths(page);
    expect(before.length).toBeGreaterThan(10);
    const sent = fresh(3);
    suite.hub.live.send(...sent);
    await expect.poll(() => paths(page), PATIENCE).toEqual([...sent.map(({ path }) => path).reverse(), ...before]);
    await page.getByText('3 requests since').waitFor();
    suite.hub.live.skip(1250);
    await page.getByText('1,253 requests since').waitFor();
    await page.getByRole('button', { name: /left out$/ }).click();
    await page.getByText('the latest 200 of a second').waitFor();
    await page.keyboard.press('Escape');
    const rate = await page.locator('.live-rate strong').innerText();
    expect(rate).toMatch(/^[\d.,]+ a second$/);
    const leftOut = page.locator('.live-minute path.leftOut');
    await expect.poll(() => leftOut.getAttribute('d'), PATIENCE).not.toBe('');
    expect(suite.complaints).toEqual([]);
  });

  it('are no more in the page than it keeps, of which those in sight are drawn', async () => {
    const page = await watch('/live');
    for (let batch = 0; batch < 6; batch += 1) suite.hub.live.send(...fresh(250));
    await page.getByText('1,500 requests since').waitFor(PATIENCE);
    const table = page.getByRole('table', { name: 'As they come in' });
    await expect.poll(() => table.getAttribute('aria-rowcount'), PATIENCE).toBe('1001');
    await expect.poll(() => page.locator('.request-open').count()).toBeLessThan(100);
    expect(suite.complaints).toEqual([]);
  });

  it('are those that the filters let through, which are in the address and lead to the explorer and back', async () => {
    const page = await watch('/live?where=origin!=self');
    suite.hub.live.send(...fresh(1, { class: 'people', network_kind: 'residential', bot: 'false' }));
    await page.getByText('1 request since').waitFor();
    await page.getByRole('radio', { name: 'Bots' }).check({ force: true });
    await expect.poll(() => told(page.url()).getAll('where'), PATIENCE).toEqual(['origin!=self', 'class=bots']);
    expect(new URL(page.url()).pathname).toBe('/live');
    await page.getByText('0 requests since').waitFor();
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(1);
    const [person, bot] = [fresh(1, { class: 'people' }), fresh(1, { class: 'bots', bot: 'true', country: 'DE' })];
    suite.hub.live.send(...person, ...bot);
    await expect.poll(async () => (await paths(page))[0], PATIENCE).toBe(bot[0]?.path);
    await page.getByText('1 request since').waitFor();
    // What is left out by them is one press away, with of what time it is.
    await page.getByText(/ requests in the last hour/).waitFor();
    await page.getByRole('button', { name: /filtered out$/ }).click();
    await page.getByRole('heading', { name: 'Filtered out in this window' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Explore these' }).click();
    await page.getByRole('heading', { level: 1, name: 'Explore' }).waitFor();
    expect(told(page.url()).getAll('where')).toEqual(['origin!=self', 'class=bots']);
    expect(told(page.url()).get('range')).toBe('1h');
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(0);
    await page.getByRole('link', { name: 'Watch live' }).click();
    await page.getByRole('heading', { level: 1, name: 'Live tail' }).waitFor();
    expect(told(page.url()).getAll('where')).toEqual(['origin!=self', 'class=bots']);
    await expect.poll(() => page.getByRole('radio', { name: 'Bots' }).isChecked()).toBe(true);
  });

  it('open, and a value of one filters without leaving', async () => {
    const page = await watch('/live');
    suite.hub.live.send(...fresh(1, { country: 'SE', status: 418 }));
    await page.locator('tbody tr', { hasText: '418' }).locator('.request-open').click();
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.waitFor();
    // Nothing moves behind it.
    const shown = await paths(page);
    suite.hub.live.send(...fresh(2));
    await page.getByText('3 requests since').waitFor();
    expect(await paths(page)).toEqual(shown);
    await dialog.getByRole('button', { name: /^Show only Status: / }).click();
    await expect.poll(() => told(page.url()).getAll('where'), PATIENCE).toContain('status=418');
    expect(new URL(page.url()).pathname).toBe('/live');
  });
});

describe.skipIf(!hasChromium)('who reads', () => {
  it.each([
    [1240, 200],
    [1440, 300],
    [1920, 500],
  ])('has the request itself have the most of %d px', async (width, least) => {
    const page = await watch('/live', { viewport: { width, height: 900 } });
    suite.hub.live.send(
      ...fresh(3, { path: `/${'a/very/long/path/'.repeat(12)}`, network: 'A network of a long name' }),
    );
    await page.locator('.wide-cell', { hasText: 'a/very/long' }).first().waitFor();
    const widths = await page
      .locator('tbody tr', { hasText: 'a/very/long' })
      .first()
      .locator('th, td')
      .evaluateAll((cells) => cells.map((cell) => Math.round(cell.getBoundingClientRect().width)));
    expect(widths[1]).toBe(Math.max(...widths));
    expect(widths[1]).toBeGreaterThan(least);
    expect(Math.min(...widths.slice(-2))).toBeGreaterThanOrEqual(120);
    expect(await page.locator('.data-space').evaluate((node) => node.scrollWidth - node.clientWidth)).toBe(0);
  });

  it('pauses by the space bar or a button; what comes meanwhile is counted, and shown after', async () => {
    const page = await watch('/live');
    const before = await paths(page);
    await page.locator('body').press(' ');
    await expect.poll(() => state(page).innerText()).toBe('Paused');
    await expect.poll(() => said(page).innerText(), PATIENCE).toBe('Paused');
    const sent = fresh(4);
    suite.hub.live.send(...sent);
    const goOn = page.getByRole('button', { name: '4 requests meanwhile: go on' });
    await goOn.waitFor();
    expect(await paths(page)).toEqual(before);
    await goOn.click();
    await expect
      .poll(async () => (await paths(page)).slice(0, 4), PATIENCE)
      .toEqual(sent.map(({ path }) => path).reverse());
    await expect.poll(() => state(page).innerText()).toBe('Live');
    // On a button it presses that, and does nothing else.
    await page.getByRole('button', { name: 'Pause', exact: true }).press(' ');
    await expect.poll(() => state(page).innerText()).toBe('Paused');
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect.poll(() => state(page).innerText()).toBe('Live');
    expect(suite.complaints).toEqual([]);
  });

  it('further down keeps the place: no row moves, and the way up says how many are new', async () => {
    const page = await watch('/live');
    suite.hub.live.send(...fresh(300));
    await page.getByText('300 requests since').waitFor();
    await space(page).evaluate((node) => node.scrollTo(0, 2000));
    // The first row that is wholly in sight.
    const place = () =>
      space(page).evaluate((node) => {
        const top = node.getBoundingClientRect().top + 60;
        const row = [...node.querySelectorAll('tbody[data-index]')].find(
          (one) => one.getBoundingClientRect().top > top,
        );
        return `${row?.textContent} at ${Math.round(row?.getBoundingClientRect().top ?? 0)}`;
      });
    // Rows are as high as they are once they are drawn.
    let before = '';
    await expect
      .poll(async () => {
        const [first, second] = [before, await place()];
        before = second;
        return first === second;
      }, PATIENCE)
      .toBe(true);
    suite.hub.live.send(...fresh(20));
    const up = page.getByRole('button', { name: '20 new requests' });
    await up.waitFor();
    expect(await place()).toBe(before);
    await up.press('Enter');
    await expect.poll(() => space(page).evaluate((node) => node.scrollTop), PATIENCE).toBe(0);
    await expect.poll(async () => (await paths(page))[0], PATIENCE).toBe(`/n${next}`);
    await expect.poll(() => up.count()).toBe(0);
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe('live-list');
  });

  it('by the keyboard goes from row to row while they stand still', async () => {
    const page = await watch('/live');
    await space(page).or(page.locator('.live-list')).first().waitFor();
    await page.locator('.request-open').nth(1).focus();
    await page.keyboard.press('Tab');
    const before = await paths(page);
    suite.hub.live.send(...fresh(2));
    await page.getByRole('button', { name: '2 new requests' }).waitFor();
    expect(await paths(page)).toEqual(before);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'One request' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '2 new requests' }).click();
    await expect.poll(async () => (await paths(page))[0], PATIENCE).toBe(`/n${next}`);
  });

  it('clears the list, and takes that back', async () => {
    const page = await watch('/live');
    suite.hub.live.send(...fresh(2));
    await page.getByText('2 requests since').waitFor();
    const before = await paths(page);
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByRole('heading', { name: 'Cleared' }).waitFor();
    const [one] = fresh(1);
    suite.hub.live.send(one as FakeRequest);
    await expect.poll(() => paths(page), PATIENCE).toEqual([one?.path]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => paths(page), PATIENCE).toEqual([one?.path, ...before]);
    await page.getByText('3 requests since').waitFor();
  });
});

describe.skipIf(!hasChromium)('a connection', () => {
  it.each(['end', 'break'] as const)('that does %s is made again, and goes on from where it was', async (how) => {
    const page = await watch('/live');
    suite.hub.live.send(...fresh(1));
    await page.getByText('1 request since').waitFor();
    suite.hub.live.end(how);
    await expect.poll(() => suite.hub.live.cameWith.length, PATIENCE).toBe(2);
    expect(suite.hub.live.cameWith[1]).toMatch(/^event-\d+$/);
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Live');
    suite.hub.live.send(...fresh(1));
    await page.getByText('2 requests since').waitFor();
  });

  it('that is refused for now says why and when it is tried again; what is missing after is told', async () => {
    const page = await watch('/live');
    suite.hub.failing.set('/api/v1/requests/live', {
      type: 'urn:vedette:problem:too-many-listeners',
      status: 429,
      title: 'Too Many Requests',
      detail: '20 watch requests of installation come in already; close one of these',
      retryAfter: 300,
    });
    suite.hub.live.end();
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Broken off');
    await page.getByText(/trying again in (300|29\d|2[0-8]\d) s/).waitFor();
    await expect.poll(() => said(page).innerText(), PATIENCE).toBe('Broken off');
    suite.hub.failing.clear();
    suite.hub.live.gapFrom = new Date(Date.now() - 1_200_000).toISOString();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText(/^What came between .* is missing here/).waitFor();
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Live');
    suite.hub.live.readable(false);
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Waiting for the hub');
    suite.hub.live.readable(true);
    await expect.poll(() => state(page).innerText(), PATIENCE).toBe('Live');
  });

  it('to a hub that is away comes back with it', async () => {
    const page = await watch('/live');
    suite.hub.down = true;
    suite.hub.live.end('break');
    await page.getByText('The hub is not reachable').waitFor(PATIENCE);
    suite.hub.down = false;
    await expect.poll(() => state(page).innerText(), { timeout: 40_000 }).toBe('Live');
    suite.hub.live.send(...fresh(1));
    await page.getByText('1 request since').waitFor();
  });

  it('whose session has ended leads to the log-in', async () => {
    const page = await watch('/live');
    suite.hub.accounts.outside = true;
    suite.hub.failing.set('/api/v1/requests/live', { status: 401, title: 'Unauthorized', detail: '' });
    suite.hub.live.end();
    await page.getByLabel('E-mail address').waitFor(PATIENCE);
    await expect.poll(() => suite.hub.live.listeners).toBe(0);
  });

  it('is let go by a page that nobody looks at, and taken up where it was', async () => {
    const page = await watch('/live', {}, (opened) => opened.clock.install());
    suite.hub.live.send(...fresh(1));
    await page.getByText('1 request since').waitFor();
    await hide(page, true);
    expect(suite.hub.live.listeners).toBe(1);
    await page.clock.runFor(40_000);
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(0);
    await hide(page, false);
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(1);
    expect(suite.hub.live.cameWith[1]).toMatch(/^event-\d+$/);
  });
});

describe.skipIf(!hasChromium)('where nothing comes', () => {
  it('there are ways to send something, while nothing ever came', async () => {
    suite.hub.requests.set(BAKERY, []);
    const page = await watch('/live?tenant=bakery');
    await page.getByRole('heading', { name: 'Nothing has come in yet' }).waitFor();
    await page.getByRole('link', { name: 'One request, by hand' }).click();
    await expect.poll(() => told(page.url()).get('way')).toBe('curl');
    await page.goBack();
    await page.getByRole('heading', { name: 'Nothing has come in yet' }).waitFor();
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(1);
    suite.hub.live.send(...fresh(1));
    await page.locator('.request-open').waitFor();
  });

  it('filters can be taken away; a wrong one is named, and nobody listens', async () => {
    const page = await watch('/live?where=path=/nowhere');
    await page.getByRole('heading', { name: 'No such request in the last hour' }).waitFor();
    await page.getByRole('button', { name: 'Take the filters away' }).click();
    await page.locator('.request-open').first().waitFor();
    expect(told(page.url()).get('where')).toBeNull();
    await page.goto(`${suite.hub.url}/live?where=land=DE`);
    await page.getByText('A filter cannot be applied').waitFor();
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(0);
    await page
      .getByRole('button', { name: /^Remove the filter/ })
      .last()
      .click();
    await expect.poll(() => suite.hub.live.listeners, PATIENCE).toBe(1);
  });

  it('who may see figures only is told so, and not offered it', async () => {
    const page = await show('/explore?range=all', {}, async () => onlyLooks(suite.hub));
    await page.locator('.group-button').first().waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Watch live' }).count()).toBe(0);
    await expect.poll(() => page.getByRole('link', { name: 'Live tail' }).count()).toBe(0);
    await page.goto(`${suite.hub.url}/live`);
    await page.getByText('This screen is for people with another role in this tenant.').waitFor();
    expect(suite.hub.live.cameWith).toEqual([]);
  });
});

describe.skipIf(!hasChromium)('the live tail on a phone', () => {
  it('fits, in the dark too, and the way up stays in sight', async () => {
    const page = await watch('/live', { ...PHONE, colorScheme: 'dark' });
    suite.hub.live.send(...fresh(40));
    await page.getByText('40 requests since').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    for (const name of ['Pause', 'Clear']) {
      const box = await page.getByRole('button', { name, exact: true }).boundingBox();
      expect(box?.height).toBeGreaterThanOrEqual(24);
    }
    // The page is scrolled, with the list in it.
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    suite.hub.live.send(...fresh(5));
    const up = page.getByRole('button', { name: '5 new requests' });
    await up.waitFor();
    const box = await up.boundingBox();
    expect(box !== null && box.y >= 0 && box.y + box.height <= 740).toBe(true);
    await up.tap();
    await expect.poll(async () => (await paths(page))[0], PATIENCE).toBe(`/n${next}`);
  });
});
