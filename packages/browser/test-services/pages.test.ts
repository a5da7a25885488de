import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHub, type FakeSite, startFakeHub, startFakeSite } from './fake-hub.ts';
import { arrived, hasChromium, hide, launch, type Visit, visit } from './page.ts';

let browser: Browser;
let hub: FakeHub;
let site: FakeSite;
let open: Visit | undefined;

beforeAll(async () => {
  if (hasChromium) browser = await launch();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  hub = await startFakeHub();
  hub.site = { banner: false };
  site = await startFakeSite(hub);
});
afterEach(async () => {
  await open?.context.close();
  open = undefined;
  await site.close();
  await hub.close();
});

async function show(path = '/one') {
  open = await visit(browser, site.url + path);
  return open.page;
}
const paths = () => arrived(hub).flatMap(({ kind, path }) => (kind === 'page_view' ? [path] : []));
const of = (kind: string) => arrived(hub).filter((event) => event.kind === kind);

describe.skipIf(!hasChromium)('a page', () => {
  it('of a single-page app counts each path once, forward and back', async () => {
    const page = await show();
    await page.evaluate(() => {
      history.pushState({}, '', '/two');
      history.replaceState({}, '', '/two?tab=1#x');
      history.pushState({}, '', '/three');
    });
    await page.goBack();
    await page.waitForFunction(() => location.pathname === '/two');
    await hide(page);
    await expect.poll(paths).toEqual(['/one', '/two', '/three', '/two']);
  });

  it('that comes back out of the back/forward cache is another view', async () => {
    // It tells itself that it came back: what drives the browser does not follow it there.
    site.head =
      '<script>addEventListener("pageshow", (e) => { if (e.persisted) { vedette.event("back"); setTimeout(() => dispatchEvent(new Event("pagehide")), 200); } ' +
      'else if (location.pathname === "/two") setTimeout(() => history.back(), 300); })</script>';
    const page = await show();
    await page.evaluate(() => void setTimeout(() => location.assign('/two')));
    await expect.poll(() => of('custom').map(({ name }) => name)).toEqual(['back']);
    await expect.poll(paths).toEqual(['/one', '/two', '/one']);
    // The second visit has vitals of its own.
    await expect.poll(() => of('vital').filter(({ name, path }) => name === 'TTFB' && path === '/one').length).toBe(2);
  });

  it('tells widgets, also in shadow roots, outbound hosts, and errors without their text', async () => {
    site.body =
      '<button data-vedette-widget="buy"><span id="in">Buy</span></button><div id="root"></div>' +
      '<a id="out" href="https://other.example/secret?x=1">out</a><form><input name="getAttribute"><button type="button" id="odd" data-vedette-widget="odd">x</button></form>';
    const page = await show();
    await page.evaluate(() => {
      const inner = document.createElement('button');
      inner.dataset.vedetteWidget = 'deep';
      inner.id = 'deep';
      document.querySelector('#root')?.attachShadow({ mode: 'open' }).append(inner);
      document.addEventListener('click', (event) => event.preventDefault());
      window.addEventListener('click', (event) => event.stopImmediatePropagation(), true);
      setTimeout(() => {
        throw new Error('a secret text');
      });
    });
    for (const id of ['#in', '#deep']) await page.locator(id).click();
    await page.evaluate(() => document.querySelector<HTMLElement>('#odd')?.click());
    await page.locator('#out').click();
    await hide(page);
    await expect.poll(() => of('click').map(({ name }) => name)).toEqual(['buy', 'deep', 'odd']);
    expect(of('outbound').map(({ name }) => name)).toEqual(['other.example']);
    expect(of('error')).toHaveLength(1);
    expect(JSON.stringify(hub.beacons)).not.toContain('secret');
  });

  it('works under a policy that allows the hub only, pinned by its hash', async () => {
    hub.site = {};
    site.headers = {
      'content-security-policy': `default-src 'none'; script-src ${hub.url}; style-src ${hub.url}; connect-src ${hub.url}`,
      'referrer-policy': 'no-referrer',
    };
    const page = await show();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await expect.poll(() => page.evaluate(() => document.cookie)).toMatch(/\.a0m0$/);
    await expect.poll(() => hub.consents.length).toBe(1);
    await expect.poll(() => paths()).toEqual(['/one']);
    expect(open?.complaints).toEqual([]);
  });

  it('works under a policy of nonces, strict-dynamic and trusted types', async () => {
    hub.site = {};
    site.nonce = 'c2VjcmV0';
    site.headers = {
      'content-security-policy':
        `default-src 'none'; script-src 'nonce-c2VjcmV0' 'strict-dynamic'; style-src 'nonce-c2VjcmV0';
        connect-src ${hub.url}; require-trusted-types-for 'script'`.replace(/\s+/g, ' '),
    };
    const page = await show();
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => page.evaluate(() => document.cookie)).toMatch(/\.a1m1\./);
    await expect.poll(() => hub.consents.length).toBe(1);
    expect(open?.complaints).toEqual([]);
  });

  it('whose scripts throw, change prototypes and replace fetch is counted all the same', async () => {
    site.head =
      '<script>Array.prototype.toJSON=function(){return "odd"};Object.freeze(history);window.fetch=function(){throw new Error("mine")};navigator.sendBeacon.x=1;</script>' +
      '<script>throw new Error("of the page")</script><div id="vedette"></div>';
    const page = await show();
    await page.evaluate(() => undefined);
    await hide(page);
    await expect.poll(paths).toEqual(['/one']);
    expect(open?.complaints).toEqual(['of the page']);
  });

  it('that loads the script twice is counted once', async () => {
    await site.close();
    site = await startFakeSite(hub, 2);
    const page = await show();
    await hide(page);
    // How many there are depends on what was painted by then; none is told twice.
    await expect.poll(() => of('vital').length).toBeGreaterThan(0);
    const names = of('vital').map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(paths()).toEqual(['/one']);
  });

  it('keeps what a hub that is down did not take, and sends it once when that is back', async () => {
    const page = await show();
    await expect.poll(paths).toEqual(['/one']);
    hub.down = true;
    await page.evaluate(() =>
      (window as unknown as { vedette: { event(n: string, v: number): void } }).vedette.event('kept', 7),
    );
    await page.waitForTimeout(3500);
    expect(of('custom')).toEqual([]);
    hub.down = false;
    await expect.poll(() => of('custom')).toMatchObject([{ name: 'kept', value: 7 }]);
    expect(of('custom')[0]?.age).toBeGreaterThan(2500);
  });
});
