import type { NewConsent } from '@vedette/contract';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeHub, type FakeSite, startFakeHub, startFakeSite } from './fake-hub.ts';
import { arrived, cookies, hasChromium, hide, launch, type Visit, visit, withGpc } from './page.ts';

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
  site = await startFakeSite(hub);
});
afterEach(async () => {
  await open?.context.close();
  open = undefined;
  await site.close();
  await hub.close();
});

async function show(...rest: [Parameters<typeof visit>[2]?, Parameters<typeof visit>[3]?]) {
  open = await visit(browser, `${site.url}/start?utm_source=x`, ...rest);
  return open.page;
}

/** Choices that were told; the hub takes the same one, told again within minutes, once. */
const told = (): NewConsent[] =>
  [...new Set(hub.consents.map((consent) => JSON.stringify(consent)))].map((text) => JSON.parse(text) as NewConsent);

describe.skipIf(!hasChromium)('the banner', () => {
  it('is a named dialog with two equal answers; before one there is no cookie and nothing stored', async () => {
    const page = await show();
    const dialog = page.getByRole('dialog', { name: 'May we recognise your next visit?' });
    await dialog.waitFor();
    await expect
      .poll(() => dialog.ariaSnapshot())
      .toMatch(/heading[\s\S]*link "Privacy policy"[\s\S]*button "Refuse"[\s\S]*button "Accept"[\s\S]*button "Choose"/);
    const looks = await page.locator('.answer').evaluateAll((all) =>
      all.map((one) => {
        const { width, height } = one.getBoundingClientRect();
        const { color, backgroundColor, fontSize, fontWeight, borderColor } = getComputedStyle(one);
        return { width, height, color, backgroundColor, fontSize, fontWeight, borderColor };
      }),
    );
    expect(looks).toHaveLength(2);
    expect(looks[0]).toEqual(looks[1]);
    expect(looks[0]?.height).toBeGreaterThanOrEqual(44);
    await hide(page);
    await expect.poll(() => arrived(hub).map(({ kind }) => kind)).toContain('banner');
    expect(arrived(hub).some(({ visitor, query, granted }) => visitor || query || granted !== undefined)).toBe(false);
    await expect.poll(() => open?.context.cookies()).toEqual([]);
    await expect.poll(() => page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    expect(open?.complaints).toEqual([]);
  });

  it('is used by the keyboard alone: choose, switch, save; Escape puts it away; a link opens it again', async () => {
    site.body = '<button id="settings" data-vedette-consent></button>';
    const page = await show();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => cookies(page)).toBe('');
    await page.getByRole('button', { name: 'Privacy settings' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // The policy's link, then the switches.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByRole('switch', { name: 'Analytics' }).isChecked()).toBe(true);
    await expect.poll(() => page.getByRole('switch', { name: 'Marketing' }).isChecked()).toBe(false);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => cookies(page)).toMatch(/^vedette_consent=1\.[0-9a-f]{32}\.a1m0\.[0-9a-f]{32}$/);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('settings');
    await expect
      .poll(() => hub.consents)
      .toMatchObject([{ surface: 'settings', choices: { analytical: true, marketing: false } }]);
  });

  it('a withdrawal takes the visitor’s id away at once, under the same proof', async () => {
    const page = await show();
    await page.getByRole('button', { name: 'Accept' }).click();
    const before = /\.a1m1\.([0-9a-f]{32})$/.exec(await cookies(page))?.[1];
    expect(before).toBeDefined();
    await page.evaluate(() => {
      const { vedette } = window as unknown as { vedette: { event(name: string): void; openConsent(): void } };
      vedette.event('while granted');
      vedette.openConsent();
    });
    await page.getByRole('button', { name: 'Refuse' }).click();
    await expect.poll(() => cookies(page)).toMatch(/\.a0m0$/);
    await expect.poll(() => hub.consents.length).toBe(2);
    const [first, second] = hub.consents;
    expect(second?.proof_id).toBe(first?.proof_id);
    expect(second?.visitor_id).toBeUndefined();
    await expect
      .poll(() => arrived(hub).find(({ name }) => name === 'while granted'))
      .toMatchObject({ granted: false });
    expect(arrived(hub).find(({ name }) => name === 'while granted')?.visitor).toBeUndefined();
  });

  it('says that Global Privacy Control is heeded; that is a refusal until something is granted', async () => {
    const page = await show({}, withGpc);
    await page.getByText('Your browser asks not to be tracked').waitFor();
    await page.evaluate(() =>
      (window as unknown as { vedette: { event(name: string): void } }).vedette.event('before'),
    );
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect.poll(() => hub.consents).toMatchObject([{ gpc: true, choices: { analytical: true } }]);
    await expect
      .poll(() => arrived(hub).find(({ name }) => name === 'before'))
      .toMatchObject({ gpc: true, granted: false });
    await page.evaluate(() => (window as unknown as { vedette: { event(name: string): void } }).vedette.event('after'));
    await expect
      .poll(() => arrived(hub).find(({ name }) => name === 'after'))
      .toMatchObject({ gpc: true, granted: true });
    expect(arrived(hub).find(({ name }) => name === 'before')?.visitor).toBeUndefined();
  });

  it.each([
    ['en', 'Refuse'],
    ['de-CH', 'Ablehnen'],
    ['fr', 'Refuser'],
  ])('speaks %s, and fits a narrow phone', async (language, word) => {
    site.language = language;
    const page = await show({ viewport: { width: 360, height: 640 }, isMobile: true });
    await page.getByRole('button', { name: word, exact: true }).waitFor();
    expect(hub.asked).toEqual([language]);
    await page.locator('.choose').click();
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
      .toBeLessThanOrEqual(0);
    const box = await page.locator('.box').boundingBox();
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(640);
  });

  it('is not shown where the site asks nobody, or the hub does not answer; counting goes on', async () => {
    hub.site = { banner: false };
    const page = await show();
    await hide(page);
    await expect.poll(() => arrived(hub).map(({ kind }) => kind)).toContain('page_view');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await expect.poll(() => cookies(page)).toBe('');
  });

  it('the hub hears of a choice in the end, also when the page was left while it was away', async () => {
    const page = await show();
    await page.getByRole('button', { name: 'Accept' }).waitFor();
    hub.down = true;
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.goto(`${site.url}/next`);
    const [, proof] = /=1\.([0-9a-f]{32})\./.exec(await cookies(page)) ?? [];
    expect(hub.consents).toEqual([]);
    hub.down = false;
    await page.goto(`${site.url}/last`);
    await expect.poll(told).toMatchObject([{ proof_id: proof, choices: { analytical: true } }]);
    expect(told()[0]).toMatchObject({ surface: 'banner', asked: ['analytical', 'marketing'] });
    await expect.poll(() => page.evaluate(() => localStorage.length)).toBe(0);
    await page.goto(`${site.url}/again`);
    await expect.poll(() => arrived(hub).filter(({ kind }) => kind === 'page_view').length).toBeGreaterThan(1);
    expect(told()).toHaveLength(1);
  });

  it('a withdrawal without the hub holds at once, and is told under the words of then', async () => {
    hub.down = true;
    const page = await show();
    await page.evaluate(() =>
      (window as unknown as { vedette: { choose(choices: object): void } }).vedette.choose({ analytical: false }),
    );
    await expect.poll(() => cookies(page)).toMatch(/\.a0m0$/);
    hub.down = false;
    await page.goto(`${site.url}/later`);
    await expect
      .poll(told)
      .toMatchObject([{ surface: 'api', choices: { analytical: false }, text_version: expect.any(String) }]);
  });

  it('does not grant what the site does not ask for', async () => {
    hub.site = { purposes: ['analytical'] };
    const page = await show();
    await page.getByRole('dialog').waitFor();
    await page.evaluate(() =>
      (window as unknown as { vedette: { choose(choices: object): void } }).vedette.choose({
        analytical: true,
        marketing: true,
      }),
    );
    await expect.poll(() => hub.consents).toMatchObject([{ asked: ['analytical'], choices: { marketing: false } }]);
    await expect.poll(() => cookies(page)).toMatch(/\.a1m0\./);
    // It was answered by the site, so that nothing is left to ask.
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('stays where the page replaces its body, and goes when another tab answers', async () => {
    const page = await show();
    await page.getByRole('dialog').waitFor();
    await page.evaluate(() => {
      document.body.replaceWith(document.createElement('body'));
      history.pushState(null, '', '/other');
    });
    await page.getByRole('dialog').waitFor();
    const other = await (open as Visit).context.newPage();
    await other.goto(`${site.url}/other`);
    await other.getByRole('button', { name: 'Refuse' }).click();
    await hide(page);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => cookies(page)).toMatch(/\.a0m0$/);
  });

  it('a page that goes on changing does not go on asking a hub that is away', async () => {
    hub.down = true;
    site.body = '<a href="#" data-vedette-consent></a><p id="clock"></p>';
    const page = await show();
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/site')) asked += 1;
    });
    await page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          const clock = document.getElementById('clock') as HTMLElement;
          const ticking = setInterval(() => clock.replaceChildren(String(Date.now())), 50);
          setTimeout(() => resolve(clearInterval(ticking)), 3000);
        }),
    );
    expect(asked).toBeLessThan(3);
  });

  it('words a link that opens it again also where the page makes it later', async () => {
    const page = await show();
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<a href="#" data-vedette-consent></a>'));
    await page.getByRole('link', { name: 'Privacy settings' }).click();
    await page.getByRole('dialog').waitFor();
  });
});
