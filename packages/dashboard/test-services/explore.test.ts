import { describe, expect, it } from 'vitest';
import { BAKERY, hasChromium, layoutShift, MAIN, openSuite, overhang, PATIENCE, PHONE, readFigure } from './browser.ts';
import { ANNA } from './fake-accounts.ts';
import { onlyLooks } from './fake-hub.ts';
import { sampleTenant } from './fake-tenant.ts';
import type { FakeRequest } from './fake-traffic.ts';
import { sampleTraffic } from './sample-traffic.ts';

let main: FakeRequest[];
const suite = openSuite((hub) => {
  main = sampleTraffic(3000, 10, Date.now());
  hub.requests.set(MAIN, main);
  hub.tenants.set(MAIN, sampleTenant(Date.now()));
  hub.me.user = { ...ANNA };
});
const { show } = suite;

const others = () => main.filter(({ origin }) => origin !== 'self');
const told = (url: string) => new URL(url).searchParams;

describe.skipIf(!hasChromium)('explore', () => {
  it('breaks requests down by any field, people, bots and hosting side by side, and sorts by any figure', async () => {
    const page = await show('/explore?range=all&by=country');
    await page.locator('.group-button').first().waitFor();
    const cells = async (name: string) =>
      page.locator('tr', { has: page.getByRole('button', { name: `Show only ${name}`, exact: true }) }).allInnerTexts();
    const german = others().filter(({ country }) => country === 'DE');
    const [row = ''] = await cells('DE Germany');
    const figures = row.split(/\s+/).filter((part) => /^[\d,]+$/.test(part));
    const of = (name: string) => german.filter((one) => one.class === name).length;
    expect(figures.slice(0, 4).map((part) => Number(part.replaceAll(',', '')))).toEqual([
      german.length,
      of('people'),
      of('bots'),
      of('hosting'),
    ]);
    await page.getByRole('button', { name: 'Hosting', exact: true }).last().click();
    await expect.poll(() => told(page.url()).get('order')).toBe('-hosting');
    await expect
      .poll(() => suite.hub.asked.some((path) => path.includes('by=country') && path.includes('order=hosting')))
      .toBe(true);
    await page.getByRole('combobox', { name: 'Break down by' }).selectOption('network');
    await page.getByRole('button', { name: 'Show only Google LLC' }).waitFor();
    expect(told(page.url()).get('by')).toBe('network');
    await page.goBack();
    await page.getByRole('button', { name: 'Show only DE Germany' }).waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it('a filter that the hub refuses is told, and not asked about again and again', async () => {
    let asked = 0;
    const page = await show('/explore?where=foo%3Dbar', {}, (opened) =>
      opened.route('**/api/v1/traffic?*where=foo*', (route) => {
        asked += 1;
        const errors = [{ name: 'where', reason: 'there is no field foo', value: 'foo=bar' }];
        const body = JSON.stringify({ type: 'about:blank', title: 'Bad Request', status: 400, errors });
        return route.fulfill({ status: 400, contentType: 'application/problem+json', body });
      }),
    );
    await page.getByText('there is no field foo').first().waitFor();
    await page.waitForLoadState('networkidle');
    const before = asked;
    await page.waitForTimeout(1500);
    expect(asked).toBe(before);
    expect(before).toBeLessThan(20);
    await page.getByText('there is no field foo').first().waitFor();
    expect(suite.complaints).toEqual([]);
  });

  it.each([1240, 1280, 390])(
    'a window of one’s own stands beside the presets at %i px, and not over them',
    async (width) => {
      const page = await show('/explore?from=2026-11-20T18:00:00Z&to=2026-11-27T18:53:00Z', {
        viewport: { width, height: 800 },
      });
      const boxOf = async (selector: string) => {
        const box = await page.locator(selector).first().boundingBox();
        if (box === null) throw new Error(`${selector} is in sight`);
        return box;
      };
      const presets = await boxOf('.range-picker .segments');
      const last = await boxOf('.range-picker .segments label:last-of-type');
      const own = await boxOf('.custom-range');
      expect(last.x + last.width).toBeLessThanOrEqual(presets.x + presets.width);
      expect(own.x >= presets.x + presets.width || own.y >= presets.y + presets.height).toBe(true);
      const live = await boxOf('.live');
      expect(live.x >= own.x + own.width || live.y >= own.y + own.height).toBe(true);
      expect(await overhang(page)).toBeLessThanOrEqual(0);
    },
  );

  it('a press on a value filters, keeps what else is shown, and says what is left out', async () => {
    const page = await show('/explore?range=all&by=country&metric=p95');
    await page.getByRole('button', { name: 'Show only DE Germany' }).click();
    const german = others().filter(({ country }) => country === 'DE').length;
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(german);
    expect(told(page.url()).getAll('where')).toEqual(['origin!=self', 'country=DE']);
    expect(told(page.url()).get('metric')).toBe('p95');
    expect(new URL(page.url()).pathname).toBe('/explore');
    await page.getByRole('button', { name: /filtered out$/ }).click();
    await page.getByRole('heading', { name: 'Filtered out in this window' }).waitFor();
    await page.getByRole('button', { name: 'Show these' }).last().click();
    await expect.poll(() => told(page.url()).getAll('where')).toEqual(['country!=DE']);
  });

  it('goes down to one request, and filters by what it says', async () => {
    const page = await show('/explore?range=all&by=path');
    await page
      .locator('tr', { hasText: '/wp-login.php' })
      .getByRole('button', { name: /^Actions/ })
      .click();
    await page.getByRole('menuitem', { name: 'Its single requests' }).click();
    await page.locator('.request-open').first().waitFor();
    expect(told(page.url()).get('show')).toBe('requests');
    expect(told(page.url()).getAll('where')).toContain('path=/wp-login.php');
    const dialog = page.getByRole('dialog', { name: 'One request' });
    // A press anywhere on the row does what its button does.
    await page
      .locator('tr', { has: page.locator('.request-open') })
      .first()
      .getByRole('cell')
      .nth(2)
      .click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.request-open').first().click();
    await expect.poll(() => dialog.innerText()).toContain('/wp-login.php');
    await expect.poll(() => dialog.innerText()).toContain('Client key of the day');
    await dialog
      .getByRole('button', { name: 'Show only Status: Not found' })
      .or(dialog.getByRole('button', { name: /^Show only Status: / }))
      .first()
      .click();
    await expect.poll(() => told(page.url()).getAll('where')).toContain('status=404');
    await expect.poll(() => dialog.count()).toBe(0);
  });

  it('keeps only the rows in sight in the page, and asks for further ones', async () => {
    const page = await show('/explore?range=all&show=requests');
    await page.locator('.request-open').first().waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('400 shown').waitFor();
    await expect.poll(() => page.locator('.request-open').count()).toBeLessThan(100);
  });

  it('compares with the time before or any other window', async () => {
    const page = await show('/explore?range=24h&by=country');
    await page.getByRole('button', { name: 'Compare: with nothing' }).click();
    await page.getByRole('button', { name: /^with the time before/ }).click();
    await page.getByRole('columnheader', { name: 'Change' }).waitFor();
    await page.getByText(/^Dashed: /).waitFor();
    expect(told(page.url()).get('compare')).toBe('previous');
    await expect.poll(() => page.locator('.lines .dashed').count()).toBeGreaterThan(0);
    await expect.poll(() => page.locator('.lines-legend .change').count()).toBe(3);
    await expect
      .poll(() => page.locator('.lines-legend .change').first().innerText())
      .toMatch(/^(?:[▲▼=] |–|new|gone)/);
    await page.getByRole('button', { name: 'Compare: with the time before' }).click();
    await page.getByRole('button', { name: /^with a week earlier/ }).click();
    await expect.poll(() => told(page.url()).get('compare')).toMatch(/Z\.\.\d{4}/);
    await page.getByRole('button', { name: 'Compare: with a week earlier' }).waitFor();
  });

  it.each([
    [1280, 600],
    [1440, 500],
    [360, 640],
  ])('has all of what is compared with in reach in a window of %d × %d', async (width, height) => {
    const page = await show('/explore?range=all', { viewport: { width, height } });
    const button = page.getByRole('button', { name: 'Compare: with nothing' });
    await page.waitForLoadState('networkidle');
    for (const place of ['start', 'center', 'end'] as const) {
      await button.evaluate((node, block) => node.scrollIntoView({ block }), place);
      await button.press('Enter');
      const panel = page.getByRole('dialog', { name: 'Compare' });
      const box = await panel.boundingBox();
      expect(box?.y, place).toBeGreaterThanOrEqual(0);
      expect((box?.y ?? 0) + (box?.height ?? 0), place).toBeLessThanOrEqual(height);
      // In the window of a small laptop nothing of it has to be scrolled to.
      const hidden = await panel.evaluate((node) => node.scrollHeight - node.clientHeight);
      if (width > 1000 && height >= 600) expect(hidden, place).toBeLessThanOrEqual(0);
      await page.getByRole('button', { name: 'Apply' }).scrollIntoViewIfNeeded();
      const apply = await page.getByRole('button', { name: 'Apply' }).boundingBox();
      expect((apply?.y ?? 0) + (apply?.height ?? 0), place).toBeLessThanOrEqual((box?.y ?? 0) + (box?.height ?? 0));
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
    }
  });

  it.each(['en-GB', 'de-DE'])('has room for every figure at any width, in %s', async (locale) => {
    for (const request of main) Object.assign(request, { duration_ms: 155, bytes_out: 123_456 });
    const page = await show('/explore?range=all', { locale });
    await page.locator('.figure-part').first().waitFor();
    // What of the figures is cut, touches the edge of its tile, or is broken within.
    const tight = () =>
      page.locator('.figure').evaluateAll((tiles) =>
        tiles.flatMap((tile) => {
          const inner = tile.getBoundingClientRect().right - Number.parseFloat(getComputedStyle(tile).paddingRight);
          return [...tile.querySelectorAll('.figure-value, .figure-part')].flatMap((part) => {
            const range = document.createRange();
            range.selectNodeContents(part);
            const { right, height } = range.getBoundingClientRect();
            const lines = Math.round(height / Number.parseFloat(getComputedStyle(part).lineHeight));
            const over = right - inner;
            return over > 1 || lines > 1 ? [`${part.textContent}: ${over} over, ${lines} lines`] : [];
          });
        }),
      );
    const values = () => page.locator('.figure-value').allInnerTexts();
    expect((await values()).map((value) => value.replace(/\s/g, ' '))).toContain('155 ms');
    for (const width of [320, 360, 430, 660, 1240, 1420, 1440, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(tight, { ...PATIENCE, message: `at ${width}` }).toEqual([]);
      // Those beside each other stand at one height.
      const tops = await page
        .locator('.figure-value')
        .evaluateAll((all) => new Set(all.map((one) => Math.round(one.getBoundingClientRect().top))).size);
      expect(tops, `rows at ${width}`).toBeLessThanOrEqual(4);
    }
  });

  it('saves a view, says when it was changed since, and takes a deletion back', async () => {
    const page = await show('/explore?range=7d&by=country');
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Countries of the week');
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByText('View: Countries of the week').waitFor();
    const { id } = suite.hub.tenants.get(MAIN)?.views[0] ?? { id: '' };
    expect(told(page.url()).get('view')).toBe(id);
    await expect.poll(() => page.getByText('changed since').count()).toBe(0);
    await page.getByRole('combobox', { name: 'Figure' }).selectOption('p95');
    await page.getByText('changed since').waitFor();
    await page.getByRole('button', { name: 'What can be done with the view Countries of the week' }).click();
    await page.getByRole('menuitem', { name: 'Save the changes' }).click();
    await expect.poll(() => page.getByText('changed since').count()).toBe(0);
    expect(suite.hub.tenants.get(MAIN)?.views[0]?.query).toContain('metric=p95');
    await page.getByRole('button', { name: 'What can be done with the view Countries of the week' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.locator('.toast-words', { hasText: '“Countries of the week” was deleted.' }).waitFor();
    expect(suite.hub.tenants.get(MAIN)?.views).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('View: Countries of the week').waitFor();
  });

  it('copies a link to these very times', async () => {
    const page = await show('/explore?range=24h&by=country&where=bot=true', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.locator('.toast-words', { hasText: 'The link was copied.' }).waitFor();
    const link = told(await page.evaluate(() => navigator.clipboard.readText()));
    expect(link.get('range')).toBeNull();
    expect(Date.parse(link.get('to') ?? '')).toBeGreaterThan(Date.parse(link.get('from') ?? ''));
    expect([link.get('by'), link.get('tenant'), link.get('where')]).toEqual(['country', 'installation', 'bot=true']);
  });

  it('is led to by the lists of the Overview, with their window and filters', async () => {
    const page = await show('/?range=7d&where=country=US&tenant=installation');
    const list = page.getByRole('region', { name: 'Bots', exact: true });
    await list.scrollIntoViewIfNeeded();
    await list.getByRole('link', { name: 'See all in Explore' }).click();
    await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor();
    await page.getByRole('heading', { name: /^By / }).waitFor();
    const asked = told(page.url());
    expect(asked.getAll('where')).toEqual(['country=US', 'bot=true']);
    expect([asked.get('by'), asked.get('range'), asked.get('tenant')]).toEqual(['bot_name', '7d', 'installation']);
    await page.goBack();
    const paths = page.getByRole('region', { name: 'Content', exact: true });
    await paths.getByRole('tab', { name: 'Hosts' }).click();
    await paths.getByRole('link', { name: /^See all in Explore ?: Hosts$/ }).click();
    await expect.poll(() => told(page.url()).get('by'), PATIENCE).toBe('domain');
    expect(told(page.url()).getAll('where')).toEqual(['country=US']);
  });

  it('copies the same link as the command palette', async () => {
    const page = await show('/explore?range=24h&by=country&where=bot=true&where=path=/a b', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    // Both of the same minute: the window moves with time.
    await expect
      .poll(async () => {
        await page.getByRole('button', { name: 'Copy link' }).click();
        await expect.poll(copied, PATIENCE).toContain('by=country');
        const first = await copied();
        await page.evaluate(() => navigator.clipboard.writeText(''));
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: 'Commands' }).fill('copy the link');
        await page.keyboard.press('Enter');
        await expect.poll(copied, PATIENCE).toContain('by=country');
        return (await copied()) === first;
      }, PATIENCE)
      .toBe(true);
  });

  it('leads to files of both lists, for who may take rows away', async () => {
    const page = await show('/explore?range=all&by=country&where=bot=true');
    const href = await page.getByRole('link', { name: 'Breakdown as CSV' }).getAttribute('href');
    expect(href).toMatch(/^\/api\/v1\/traffic\/export\?.*by=country.*where=bot%3Dtrue.*format=csv/);
    onlyLooks(suite.hub);
    await page.reload();
    await page.getByRole('tab', { name: 'Single requests' }).click();
    await page.getByText('Not for this session').waitFor();
    await expect.poll(() => page.getByRole('link', { name: /as CSV$/ }).count()).toBe(0);
  });

  it('stands still while it is loaded, and fits a phone', async () => {
    const page = await show('/explore?range=7d&by=network&metric=p95');
    await page.locator('.group-button').first().waitFor();
    await page.waitForLoadState('networkidle');
    expect(await layoutShift(page)).toBeLessThan(0.1);
    await page.setViewportSize(PHONE.viewport ?? { width: 360, height: 740 });
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });

  it('is where it was left for who comes back to it', async () => {
    const page = await show('/explore?range=all&by=country');
    await page.locator('.group-button').last().scrollIntoViewIfNeeded();
    const scrolled = () => page.evaluate(() => scrollY);
    const left = await scrolled();
    expect(left).toBeGreaterThan(300);
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('heading', { name: 'Sources', level: 1 }).waitFor();
    await expect.poll(scrolled).toBe(0);
    await page.goBack();
    await page.locator('.group-button').first().waitFor();
    await expect.poll(scrolled).toBe(left);
  });

  it('offers the ways in where there is nothing, and keeps its filters for the way back', async () => {
    const page = await show('/explore?tenant=bakery');
    await page.locator('.welcome').waitFor();
    suite.hub.requests.set(BAKERY, []);
    await page.goto(`${suite.hub.url}/explore?range=7d&where=bot=true&by=country`);
    await page.locator('.group-button').first().waitFor();
    await page.getByRole('link', { name: 'Sources' }).click();
    await page.getByRole('link', { name: 'Explore' }).click();
    await expect.poll(() => told(page.url()).get('where')).toBe('bot=true');
    expect(told(page.url()).get('by')).toBe('country');
  });
});
