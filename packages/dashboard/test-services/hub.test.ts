import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { german } from '../src/texts/de.ts';
import { buildDashboard, hasChromium, launch, PATIENCE, readFigure, type Visit, visit } from './browser.ts';
import { HUB, type RunningHub, startHub } from './hub-process.ts';

const run = promisify(execFile);

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** Refusals whose sentence says what is wrong where: its English is shown below the German of the status. */
const DETAILED =
  /^(invalid|usage|bad-(domain|policy|query|secret|settings|time|window)|unsupported-compression|unfinished-line)$/;
/** Refusals of what a program wrote, which no screen writes. */
const OF_PROGRAMS =
  /^(bad-(content-length|cursor|encoding|idempotency-key|json)|unsupported-.*|unreadable|idempotency-key-reused|too-many-ids|empty|shorter-file|changed-file|not-built|foreign-host)$/;

/** 60 lines of a Combined log: 40 by a browser, 20 by a bot, of which 6 failed; and one that is none. */
function accessLog(): string {
  const lines = Array.from({ length: 60 }, (_, index) => {
    const minute = String(index).padStart(2, '0');
    const [agent, path] = index % 3 === 2 ? [GOOGLEBOT, '/robots.txt'] : [CHROME, index % 2 === 0 ? '/' : '/lantern'];
    const status = index % 10 === 0 ? 503 : 200;
    return `192.0.2.${index % 7} - - [10/Mar/2024:08:${minute}:00 +0000] "GET ${path} HTTP/1.1" ${status} 512 "-" "${agent}"`;
  });
  return [...lines.slice(0, 30), '\u0001 this is no access log line', ...lines.slice(30), ''].join('\n');
}

describe.skipIf(!hasChromium)('the dashboard on a hub', () => {
  let hub: RunningHub;
  let browser: Browser;
  let open: Visit;

  beforeAll(async () => {
    buildDashboard();
    hub = await startHub();
    browser = await launch();
    open = await visit(browser, hub.link);
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
  });

  it('refuses nothing that German has no words for', async () => {
    const answer = await open.page.request.get(new URL('/api/openapi.json', hub.url).href);
    const codes = new Set((await answer.text()).match(/(?<=urn:vedette:problem:)[a-z0-9-]+/g));
    expect(codes.size).toBeGreaterThan(80);
    const said = (code: string) =>
      Object.hasOwn(german.problems, code) || DETAILED.test(code) || OF_PROGRAMS.test(code);
    expect([...codes].filter((code) => !said(code))).toEqual([]);
  });

  it('opens by the one-time link, makes the first account and goes on to the first steps', async () => {
    const { page } = open;
    await page.getByRole('heading', { level: 1, name: 'Welcome to Vedette' }).waitFor();
    await page.getByLabel('E-mail address').fill('anna@example.org');
    await page.getByLabel('Your name').fill('Anna Lind');
    await page.getByLabel('Password', { exact: true }).fill('four random words here');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('heading', { level: 1, name: 'First steps' }).waitFor();
    await page.getByRole('button', { name: /^Anna Lind: account/ }).waitFor();
  });

  it('imports a file, and shows it at once', async () => {
    const { page } = open;
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Nothing has arrived yet').waitFor();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Choose a file' }).click(),
    ]);
    await chooser.setFiles({ name: 'access.log', mimeType: 'text/plain', buffer: Buffer.from(accessLog()) });
    await page.getByLabel('Host for lines that name none').fill('www.example.org');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    await dialog.getByText('Why lines were rejected').waitFor();
    expect((await dialog.locator('.import-result dl').innerText()).split(/\s*\n\s*/).slice(0, 8)).toEqual([
      'Format',
      'combined',
      'Lines read',
      '61',
      'Accepted',
      '60',
      'Rejected',
      '1',
    ]);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(60);
    await expect.poll(() => readFigure(page, 'People')).toBe(40);
    await expect.poll(() => readFigure(page, 'Bots')).toBe(20);
    await expect.poll(() => readFigure(page, 'Server errors (5xx)')).toBe(10);
    await expect.poll(() => page.locator('.window-line').innerText()).toContain('10 Mar 2024, 08:00–09:00 UTC');
  });

  it('drills down to rows and back to roll-ups with the same figures', async () => {
    const { page } = open;
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('button', { name: /^\/robots\.txt: 20 requests: 0 people, 20 bots/ }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(20);
    await page.getByRole('button', { name: /^\/robots\.txt: 20 requests/ }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(60);
    await page.getByRole('button', { name: 'Leave out 503 Service unavailable' }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(54);
    await page.getByRole('button', { name: /^Remove the filter: Status is not 503/ }).click();
    await expect.poll(() => readFigure(page, 'Requests'), PATIENCE).toBe(60);
  });

  it('shows the hub’s own requests when its chip is removed', async () => {
    const { page } = open;
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('radio', { name: 'Last hour' }).click({ force: true });
    await page.getByText('No requests in this window').waitFor();
    await page.getByRole('button', { name: 'Remove the filter: Origin is not self' }).click();
    await page.getByRole('button', { name: /^\/api\/v1\/traffic: / }).waitFor();
    await expect.poll(() => readFigure(page, 'Requests')).toBeGreaterThan(0);
  });

  it('lists the imported file among the sources', async () => {
    const { page } = open;
    await page.goto(new URL('/', page.url()).href);
    await page.getByRole('link', { name: 'Sources' }).click();
    const row = page.getByRole('row', { name: /^access\.log/ });
    await row.waitFor();
    const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.trim());
    expect(cells.slice(0, 2)).toEqual(['File', 'Live']);
    expect([cells[3], cells[6]]).toEqual(['60', '1']);
  });

  it('makes a first request by its own instructions, and turns green', async () => {
    const { page } = open;
    const vedette = async (...words: string[]) =>
      (await run(process.execPath, [HUB, ...words, '--data', hub.data])).stdout;
    await vedette('tenant', 'create', 'bakery');
    await page.goto(new URL('/first-steps?tenant=bakery&way=curl', page.url()).href);
    await page.getByText('Waiting for the first request…').waitFor();
    const made = await page.locator('.step .command code').first().innerText();
    const key = await vedette(...made.replace('npx vedette ', '').split(' '));
    await page.getByLabel('Key', { exact: true }).fill(key);
    await page.getByText('A key of bakery that may send.').waitFor();
    const answer = await run('bash', ['-c', await page.locator('.snippet code').innerText()]);
    expect(JSON.parse(answer.stdout)).toEqual({ accepted: 1, rejected: [] });
    await page.getByText(/^The first request arrived, from .*curl/).waitFor();
    await page.getByRole('link', { name: 'See all sources' }).click();
    const row = page.getByRole('row', { name: /curl/ });
    await row.waitFor();
    const cells = (await row.getByRole('cell').allInnerTexts()).map((text) => text.trim());
    expect([cells[0], cells[1], cells[3]]).toEqual(['API', 'Live', '1']);
    await page.getByRole('link', { name: 'Overview' }).click();
    await expect.poll(() => readFigure(page, 'Requests')).toBe(1);
  });

  it('stays signed in, and offends no policy of the hub’s', async () => {
    const { page } = open;
    await page.reload();
    await readFigure(page, 'Requests');
    await expect.poll(() => page.locator('.footer').innerText()).toContain('DB-IP');
    expect(open.complaints).toEqual([]);
  });
});
