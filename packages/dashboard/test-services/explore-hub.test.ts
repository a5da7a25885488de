import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildDashboard,
  hasChromium,
  launch,
  overhang,
  PATIENCE,
  PHONE,
  readFigure,
  type Visit,
  visit,
} from './browser.ts';
import { HUB, type RunningHub, startHub } from './hub-process.ts';
import { copyShown, heading, inside, logIn } from './visitor.ts';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** 60 requests in an hour: 40 by browsers, 20 by a bot; of the earlier half hour, all were of /. */
function accessLog(): string {
  const lines = Array.from({ length: 60 }, (_, index) => {
    const minute = String(index).padStart(2, '0');
    const [agent, path] = index % 3 === 2 ? [GOOGLEBOT, '/robots.txt'] : [CHROME, index < 30 ? '/' : '/lantern'];
    return `192.0.2.${index % 7} - - [10/Mar/2024:08:${minute}:00 +0000] "GET ${path} HTTP/1.1" ${index === 31 ? 503 : 200} 512 "-" "${agent}"`;
  });
  return [...lines, ''].join('\n');
}

/** Lets a file fall onto the page. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text ?? ''], fileName ?? '', { type: 'text/plain' }));
      return data;
    },
    [name, content],
  );
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent('body', type, { dataTransfer: transfer });
}

/** So many requests of a path as they happen, sent by whoever holds the key. */
async function send(hub: RunningHub, key: string, number: number, more: object): Promise<void> {
  const body = JSON.stringify(
    Array.from({ length: number }, () => ({
      time: Date.now(),
      'client.address': '192.0.2.77',
      'server.address': 'www.example.org',
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'user_agent.original': CHROME,
      ...more,
    })),
  );
  const answer = await fetch(`${hub.url}/api/v1/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  expect(await answer.json()).toEqual({ accepted: number, rejected: [] });
}

const HALF = 'from=2024-03-10T08:30:00Z&to=2024-03-10T09:00:00Z';

// One browser, in which each step goes on where the one before ended.
describe.skipIf(!hasChromium)('exploring on a hub', () => {
  let hub: RunningHub;
  let browser: Browser;
  let open: Visit;

  beforeAll(async () => {
    buildDashboard();
    hub = await startHub();
    browser = await launch();
    open = await visit(browser, hub.link);
    open.page.setDefaultTimeout(PATIENCE.timeout);
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
  });

  it('takes a file that is dropped, and breaks it down', async () => {
    const { page } = open;
    await page.getByLabel('E-mail address').fill('anna@example.org');
    await page.getByLabel('Your name').fill('Anna Lind');
    await page.getByLabel('Password', { exact: true }).fill('four random words here');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    await page.getByRole('link', { name: 'Explore' }).click();
    await page.getByText('Nothing has arrived yet').waitFor();
    await drop(page, 'access.log', accessLog());
    const dialog = page.getByRole('dialog');
    await page.getByLabel('Host for lines that name none').fill('www.example.org');
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.locator('.import-result').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Show only /robots.txt' }).waitFor();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(60);
  });

  it('compares with the time before: what is new, and what is gone', async () => {
    const { page } = open;
    await page.goto(`${hub.url}/explore?${HALF}&by=path&compare=previous`);
    const rowOf = (path: string) =>
      page.getByRole('row').filter({ has: page.getByRole('button', { name: `Show only ${path}`, exact: true }) });
    await rowOf('/lantern').getByText('new').waitFor();
    await rowOf('/').getByText('gone').waitFor();
    await rowOf('/robots.txt').getByText('0%').first().waitFor();
  });

  it.each(['p95', 'uniques', 'error_rate'])('draws %s by class', async (metric) => {
    const { page } = open;
    await page.goto(`${hub.url}/explore?${HALF}&metric=${metric}`);
    await page.locator('.lines-plot').waitFor();
    await page.locator('.group-button').first().waitFor();
    if (metric === 'uniques') await expect.poll(() => page.locator('.lines polyline').count()).toBe(3);
  });

  it('goes down to one request', async () => {
    const { page } = open;
    await page.goto(`${hub.url}/explore?${HALF}&by=status&where=path=/lantern`);
    await page.getByRole('button', { name: /^Show only 503/ }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(1);
    await page.getByRole('tab', { name: 'Single requests' }).click();
    await page.locator('.request-open').first().click();
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByText('/lantern').first().waitFor();
    await expect.poll(() => dialog.innerText()).toContain('10 Mar 2024, 08:31:00');
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    const href = (await page.getByRole('link', { name: 'Single requests as NDJSON' }).getAttribute('href')) ?? '';
    const file = await (await page.request.get(hub.url + href)).text();
    expect(file.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(file)).toMatchObject({ path: '/lantern', status: 503 });
  });

  it('keeps a view, which another browser of the account opens', async () => {
    const { page } = open;
    await page.goto(`${hub.url}/explore?${HALF}&by=path`);
    await page.getByRole('button', { name: 'Save view' }).click();
    await page.getByLabel('Name', { exact: true }).fill('The second half');
    await page.getByLabel('Share with everybody in this tenant').check();
    await page.getByRole('dialog').getByRole('button', { name: 'Save view' }).click();
    await page.getByText('View: The second half').waitFor();
    const address = page.url();
    const other = await visit(browser, `${hub.url}/log-in`, { ...PHONE, colorScheme: 'dark' });
    await other.page.getByLabel('E-mail address').fill('anna@example.org');
    await other.page.getByLabel('Password', { exact: true }).fill('four random words here');
    await other.page.getByRole('button', { name: 'Log in', exact: true }).click();
    await other.page.getByText('Last 24 hours').or(other.page.getByText('All data')).first().waitFor();
    await other.page.goto(address);
    await other.page.getByText('View: The second half').waitFor();
    await expect.poll(() => readFigure(other.page, 'Requests')).toBe(30);
    await expect.poll(() => overhang(other.page)).toBeLessThanOrEqual(0);
    expect(other.complaints).toEqual([]);
    await other.close();
    expect(open.complaints).toEqual([]);
  });

  it('shows a colleague, who may only look, the same numbers by a link', async () => {
    const { page } = open;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${hub.url}/people`);
    await page.getByRole('button', { name: 'Invite…' }).click();
    await page.getByRole('dialog').getByLabel('E-mail address').fill('ben@example.org');
    await expect.poll(() => page.getByRole('radio', { name: /^Viewer/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Make the link' }).click();
    const invitation = await copyShown(page, 'Link for ben@example.org');
    await page.goto(`${hub.url}/explore?${HALF}&by=path&where=class=people`);
    await page.getByRole('button', { name: 'Show only /lantern' }).waitFor();
    const figures = async (on: Page) => {
      await on.getByRole('button', { name: 'Show only /lantern' }).waitFor();
      const rows = on.locator('.table.data tbody tr');
      return {
        requests: await readFigure(on, 'Requests'),
        people: await readFigure(on, 'People'),
        errors: await readFigure(on, 'Server errors (5xx)'),
        rows: await rows.evaluateAll((all) =>
          all.map((row) => [...row.querySelectorAll('th, td')].slice(0, 5).map((cell) => cell.textContent)),
        ),
      };
    };
    const hers = await figures(page);
    expect(hers.requests).toBe(20);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.locator('.toast-words', { hasText: 'The link was copied.' }).waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());

    const ben = await visit(browser, invitation);
    ben.page.setDefaultTimeout(PATIENCE.timeout);
    await ben.page.getByLabel('Your name').fill('Ben Acker');
    await ben.page.getByLabel('Password', { exact: true }).fill('seven other words of mine');
    await ben.page.getByRole('button', { name: 'Create the account and join' }).click();
    await inside(ben.page, 'Ben Acker');
    await ben.page.goto(link);
    await heading(ben.page, 'Explore');
    expect(await figures(ben.page)).toEqual(hers);
    // What is shared he opens; rows are not for him, nor are requests as they come in.
    await ben.page.getByRole('button', { name: 'Views' }).click();
    await ben.page.getByRole('link', { name: /^The second half/ }).click();
    await ben.page.getByText('View: The second half').waitFor();
    await expect.poll(() => readFigure(ben.page, 'Requests'), PATIENCE).toBe(30);
    await ben.page.getByRole('tab', { name: 'Single requests' }).click();
    await ben.page.getByText('Not for this session').waitFor();
    await expect.poll(() => ben.page.getByRole('link', { name: 'Watch live' }).count()).toBe(0);
    expect((await ben.page.request.get(`${hub.url}/api/v1/requests/live`)).status()).toBe(403);
    expect(ben.complaints).toEqual([]);
    await ben.close();
  }, 240_000);

  it('shows requests as they come in: filtered, paused, opened', async () => {
    const { page } = open;
    const run = promisify(execFile);
    const words = ['key', 'create', '--tenant', 'installation', '--scope', 'ingest', '--data', hub.data];
    const made = await run(process.execPath, [HUB, ...words]);
    const key = made.stdout.trim();
    await page.goto(`${hub.url}/explore?${HALF}`);
    await page.getByRole('link', { name: 'Watch live' }).click();
    await heading(page, 'Live tail');
    const state = page.locator('.live-state .badge');
    await expect.poll(() => state.innerText(), PATIENCE).toBe('Live');
    // What was imported happened long ago.
    await page.getByRole('heading', { name: 'No request in the last hour' }).waitFor();
    const rows = page.locator('.live-list tbody tr');
    await send(hub, key, 2, { 'url.path': '/first' });
    await expect.poll(() => rows.filter({ hasText: '/first' }).count(), PATIENCE).toBe(2);
    await page.getByText('2 requests since').waitFor();

    await page.getByRole('radio', { name: 'Bots' }).check({ force: true });
    await expect.poll(() => new URL(page.url()).searchParams.getAll('where'), PATIENCE).toContain('class=bots');
    await expect.poll(() => state.innerText(), PATIENCE).toBe('Live');
    await send(hub, key, 1, { 'url.path': '/people' });
    await send(hub, key, 1, { 'url.path': '/robots.txt', 'user_agent.original': GOOGLEBOT });
    await expect.poll(() => rows.filter({ hasText: '/robots.txt' }).count(), PATIENCE).toBe(1);
    await expect.poll(() => rows.count()).toBe(1);

    await page.getByRole('radio', { name: 'Everybody' }).check({ force: true });
    await expect.poll(() => rows.count(), PATIENCE).toBe(4);
    await expect.poll(() => state.innerText(), PATIENCE).toBe('Live');
    await page.locator('body').press(' ');
    await expect.poll(() => state.innerText(), PATIENCE).toBe('Paused');
    await send(hub, key, 3, { 'url.path': '/late', 'http.response.status_code': 503 });
    const goOn = page.getByRole('button', { name: '3 requests meanwhile: go on' });
    await goOn.waitFor();
    await expect.poll(() => rows.count()).toBe(4);
    await goOn.click();
    await expect.poll(() => rows.count(), PATIENCE).toBe(7);

    await page.locator('.request-open').first().click();
    const dialog = page.getByRole('dialog', { name: 'One request' });
    await dialog.getByText('/late').first().waitFor();
    await dialog.getByRole('button', { name: /^Show only Status: / }).click();
    await expect.poll(() => rows.count(), PATIENCE).toBe(3);
    await page.getByText(/^3 of \d+ requests in the last hour/).waitFor();
    await page.getByRole('link', { name: 'Explore these' }).click();
    await heading(page, 'Explore');
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(3);
    expect(open.complaints).toEqual([]);
  }, 240_000);

  it('stops showing them as the session is ended elsewhere', async () => {
    const other = await visit(browser, `${hub.url}/live`);
    other.page.setDefaultTimeout(PATIENCE.timeout);
    await logIn(other.page, 'anna@example.org', 'four random words here');
    await heading(other.page, 'Live tail');
    await expect.poll(() => other.page.locator('.live-state .badge').innerText(), PATIENCE).toBe('Live');
    const { page } = open;
    await page.goto(`${hub.url}/account`);
    await page.getByRole('button', { name: 'End all others…' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'End them' }).click();
    await heading(other.page, 'Log in');
    await other.close();
  });
});
