import type { Me } from '@vedette/contract';
import { describe, expect, it } from 'vitest';
import { needsKey } from '../src/model/snippets.ts';
import { WAYS, wayLabel } from '../src/model/ways.ts';
import {
  BAKERY,
  chooseTenant,
  contrastOf,
  hasChromium,
  layoutShift,
  MAIN,
  openSuite,
  overhang,
  PATIENCE,
  PHONE,
  slowDown,
} from './browser.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleSource, sampleSources } from './sample-sources.ts';

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

let hub: FakeHub;

const suite = openSuite((fresh) => {
  hub = fresh;
  hub.sources.set(MAIN, sampleSources(Date.now()));
});
const { show } = suite;

/** Lets the hub know a key of a tenant. */
function addKey(key: string, scope: Me['principal']['scope'], tenant: string): void {
  hub.keys.set(key, {
    ...hub.me,
    principal: { kind: 'key', scope },
    tenants: hub.me.tenants.filter(({ id }) => id === tenant),
  });
}

function firstRequestOf(name: string) {
  const source = sampleSource(Date.now(), { name, seen: 0, requests: 1 });
  return { sources: [source], first_request: source.last_seen, next: null };
}

describe.skipIf(!hasChromium)('first steps', () => {
  it('has a snippet for everything, with the hub’s own address and the tenant, and offends no policy', async () => {
    const page = await show('/first-steps?tenant=bakery');
    for (const way of WAYS) {
      await page
        .getByRole('navigation')
        .getByRole('link', { name: wayLabel(way), exact: true })
        .click();
      await page.waitForURL(`**/first-steps?tenant=bakery&way=${way}`);
      await page
        .getByRole('link', { name: wayLabel(way), exact: true })
        .and(page.locator('[aria-current]'))
        .waitFor();
      const code = (await page.locator('.step').allInnerTexts()).join('\n');
      const { hostname, port } = new URL(hub.url);
      expect(code, way).toContain(needsKey(way) ? port : `${hostname}:5514`);
      expect(code, way).toContain(hostname);
      expect(code, way).toContain('--tenant bakery');
    }
    await page.getByRole('heading', { name: 'Import an access log' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Send a request by curl' }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('waits, and turns green by itself when the first request arrives, whatever was in between', async () => {
    const page = await show('/first-steps?tenant=bakery', {}, (prepared) => prepared.clock.install());
    const line = page.locator('.arrival');
    await page.getByText('Waiting for the first request…').waitFor();
    const before = await line.evaluate((element) => getComputedStyle(element).backgroundColor);
    await expect.poll(() => line.getAttribute('class')).not.toContain('good');
    hub.failing.set('/api/v1/sources', { status: 400, title: 'Away', detail: '' });
    await page.clock.fastForward(2600);
    await page.getByText('The hub does not answer at the moment').waitFor();
    hub.failing.clear();
    hub.sources.set(BAKERY, firstRequestOf('shop-1'));
    await page.clock.fastForward(2600);
    await page.getByText('The first request arrived, from shop-1 (Edge, vedette-edge/0.1.0 (express)).').waitFor();
    await expect.poll(() => line.getAttribute('class')).toContain('good');
    await expect.poll(() => line.evaluate((element) => getComputedStyle(element).backgroundColor)).not.toBe(before);
    await expect
      .poll(() => page.getByRole('status', { name: 'State of the first request' }).innerText())
      .toContain('shop-1');
    await page.getByRole('link', { name: 'Open the Overview' }).click();
    await page.getByText('Nothing has arrived yet').waitFor();
    expect(new URL(page.url()).search).toBe('?tenant=bakery');
  });

  it('says what to check after a minute, and what the hub has seen go wrong', async () => {
    const page = await show('/first-steps?tenant=bakery', {}, (prepared) => prepared.clock.install());
    await page.getByText('Waiting for the first request…').waitFor();
    const checks = page.locator('.checks');
    await expect.poll(() => checks.getAttribute('open')).toBeNull();
    await page.clock.fastForward(61_000);
    await page.getByText('Still waiting for the first request.').waitFor();
    await page.getByText(`curl -i ${hub.url}/healthz`).waitFor();
    await page.getByText('npx vedette key list --tenant bakery').waitFor();
    const trouble = sampleSource(Date.now(), {
      name: 'shop-1',
      seen: 0,
      requests: 0,
      refused: 3,
      last_error: { at: new Date().toISOString(), text: 'time is "yesterday"' },
    });
    hub.sources.set(BAKERY, { sources: [trouble], first_request: null, next: null });
    await page.clock.fastForward(2600);
    await page.getByText('shop-1 was heard of, but 3 records were refused.').waitFor();
    await page.getByText('time is "yesterday"').waitFor();
    hub.sources.set(BAKERY, firstRequestOf('shop-1'));
    await page.clock.fastForward(2600);
    await page.getByText('The first request arrived, from shop-1').waitFor();
    await expect.poll(() => page.getByText('Still waiting').count()).toBe(0);
  });

  it('is green at once where requests arrive already, and names a new source when it sends', async () => {
    const page = await show('/first-steps', {}, (prepared) => prepared.clock.install());
    await page.getByText(/^Requests arrive: the first came on .* UTC, by now from 9 sources\.$/).waitFor();
    await expect.poll(() => page.locator('.arrival').getAttribute('class')).toContain('good');
    const known = hub.sources.get(MAIN);
    if (known === undefined) throw new Error('no sources');
    known.sources.push(sampleSource(Date.now(), { name: 'brand-new', seen: 0, kind: 'bulk', agent: 'Vector/0.50' }));
    await page.clock.fastForward(2600);
    await page.getByText('A new source sends: brand-new (Bulk, Vector/0.50).').waitFor();
  });

  it('copies a snippet by the keyboard, with the key that was pasted, and says so', async () => {
    addKey('vdt_good', 'ingest', BAKERY);
    const page = await show('/first-steps?tenant=bakery&way=curl', CLIPBOARD);
    await page.getByLabel('Key', { exact: true }).fill('  vdt_good\n');
    await page.getByText('A key of Bakery that may send.').waitFor();
    const button = page.getByRole('button', { name: 'Copy: In a terminal' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByText('Copied', { exact: true }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(await page.locator('.snippet code').innerText());
    expect(copied).toContain("'Authorization: Bearer vdt_good'");
    expect(copied).toContain(`${hub.url}/api/v1/requests`);
    await expect.poll(() => button.innerText(), PATIENCE).toBe('Copy');
  });

  it('copies where the browser gives pages no clipboard', async () => {
    const page = await show('/first-steps?way=express', CLIPBOARD, (prepared) =>
      prepared.addInitScript(() => Object.defineProperty(navigator.clipboard, 'writeText', { value: undefined })),
    );
    await page.getByRole('button', { name: 'Copy: Install' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^npm install http:\/\/127\.0\.0\.1:\d+\/edge\/vedette-edge-\d+\.\d+\.\d+\.tgz$/);
  });

  it('judges a key by the hub’s word, and leaves it in no address and no storage', async () => {
    addKey('vdt_reader', 'read', BAKERY);
    addKey('vdt_other', 'ingest', MAIN);
    addKey('vdt_good', 'admin', BAKERY);
    const page = await show('/first-steps?tenant=bakery');
    const key = page.getByLabel('Key', { exact: true });
    for (const [typed, says] of [
      ['hello', 'This holds no key'],
      ['vdt_nobody', 'The hub does not know this key'],
      ['vdt_reader', 'This key may only read'],
      ['vdt_other', 'This is a key of This hub'],
      ['KEY=vdt_good', 'A key of Bakery that may send.'],
    ] as const) {
      await key.fill(typed);
      await page.getByText(says).waitFor();
    }
    await page.getByText('VEDETTE_KEY=vdt_good node app.mjs').waitFor();
    await page.getByRole('link', { name: 'Koa', exact: true }).click();
    await page.getByRole('heading', { name: 'Connect Koa' }).waitFor();
    await page.getByText('VEDETTE_KEY=vdt_good node app.mjs').waitFor();
    expect(page.url()).not.toContain('vdt_');
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, history.state]));
    expect(stored).not.toContain('vdt_');
    // Another tenant's snippets never get this tenant's key.
    await chooseTenant(page, 'installation');
    await page.getByText('VEDETTE_KEY=vdt_… node app.mjs').waitFor();
    expect(hub.asked.filter((path) => path.includes('vdt_'))).toEqual([]);
  });

  it('takes another address of the hub, and says what is none', async () => {
    const page = await show('/first-steps');
    const address = page.getByLabel('The hub’s address');
    await page.getByText('Reached from the hub’s own machine only.').waitFor();
    await address.fill('https://hub.example.org/');
    await page.getByText("url: 'https://hub.example.org'").waitFor();
    await address.fill("http://it's");
    await page.getByText('This is no address.').waitFor();
    await expect.poll(() => page.getByText("it's", { exact: false }).count()).toBe(0);
  });

  it('takes a file here too', async () => {
    const page = await show('/first-steps?tenant=bakery&way=file');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).click(),
    ]);
    await chooser.setFiles({ name: 'access.log', mimeType: 'text/plain', buffer: Buffer.from('x') });
    await page.getByRole('dialog').getByText('access.log').waitFor();
  });
});

describe.skipIf(!hasChromium)('looks of the first steps', () => {
  const TEXTS = [
    '.ways h2',
    '.ways a:not([aria-current])',
    '.ways a[aria-current]',
    '.step p.muted',
    '.command code',
    '.field small',
    '.step-fields label',
    '.snippet figcaption span',
    '.snippet pre code',
    '.snippet-note',
    '.snippet .button',
    '.arrival strong',
    '.arrival .button.primary',
  ];

  it.each(['light', 'dark'] as const)('%s: every text stands out from its ground', async (theme) => {
    const page = await show('/first-steps?tenant=bakery', { colorScheme: theme, ...CLIPBOARD });
    await page.getByText('Waiting for the first request…').waitFor();
    await expect.poll(() => contrastOf(page, '.arrival strong'), { message: 'waiting' }).toBeGreaterThanOrEqual(4.5);
    hub.sources.set(BAKERY, firstRequestOf('shop-1'));
    await page.locator('.arrival.good').waitFor();
    await page.getByLabel('Key', { exact: true }).fill('hello');
    await page.getByText('This holds no key').waitFor();
    await page.getByRole('button', { name: 'Copy: Install' }).click();
    for (const selector of [...TEXTS, '.field .warning-text', '.snippet .copied']) {
      await expect.poll(() => contrastOf(page, selector), { message: selector }).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(WAYS)('%s fits a phone', async (way) => {
    const page = await show(`/first-steps?tenant=bakery&way=${way}`, PHONE);
    await page.getByText('Waiting for the first request…').waitFor();
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
    const line = await page.locator('.arrival').boundingBox();
    expect(line !== null && line.y + line.height <= 740, 'the line is in sight').toBe(true);
  });

  it('goes by the keyboard from the choice to the snippet, and the line never lies over it', async () => {
    const page = await show('/first-steps?tenant=bakery');
    await page.getByText('Waiting for the first request…').waitFor();
    await page.getByRole('link', { name: 'Express', exact: true }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Connect Fastify' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Fastify');
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => {
        const element = document.activeElement;
        const bottom = element?.getBoundingClientRect().bottom ?? 0;
        const line = document.querySelector('.arrival')?.getBoundingClientRect().top ?? 0;
        if (element?.closest('.step') && element.matches('button, input') && bottom > line) {
          throw new Error(`the line lies over ${element.outerHTML}`);
        }
        return element?.textContent === 'Copy' || element?.querySelector('.visually-hidden')?.textContent === 'Copy'
          ? element.getAttribute('aria-label')
          : null;
      });
      if (found === 'Copy: In your application, app.mjs say') return;
    }
    throw new Error('the button was not reached');
  });

  it.each([
    ['wide', {}],
    ['phone', PHONE],
  ])('shifts nothing while it loads: %s', async (_, options) => {
    const page = await show('/first-steps', options, (prepared) => slowDown(prepared, '/api/v1/sources'));
    await page.getByText('Waiting for the first request…').waitFor();
    await page.locator('.arrival.good').waitFor();
    expect(await layoutShift(page)).toBeLessThan(0.1);
  });
});
