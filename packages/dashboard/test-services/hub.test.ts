import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDashboard, hasChromium, launch, PATIENCE, readFigure, type Visit, visit } from './browser.ts';

const run = promisify(execFile);
const HUB = join(import.meta.dirname, '../../server/bin/vedette.mjs');

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';
const GOOGLEBOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

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

/** A whole hub of its own, on a port that is free; resolves with its one-time link. */
async function startHub(data: string): Promise<{ process: ChildProcess; link: string }> {
  const child = spawn(process.execPath, [HUB, 'serve', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const link = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const found = /https?:\/\/[^\s"]+\/start\/[\w-]+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    }
    child.once('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${said.join('\n')}`)));
  });
  return { process: child, link: await link };
}

describe.skipIf(!hasChromium)('the dashboard on a hub', () => {
  let data: string;
  let hub: ChildProcess;
  let browser: Browser;
  let open: Visit;

  beforeAll(async () => {
    buildDashboard();
    data = await mkdtemp(join(tmpdir(), 'vedette-dashboard-'));
    // As root, PostgreSQL runs as somebody else, who must be able to reach it.
    await chmod(data, 0o755);
    const started = await startHub(join(data, 'hub'));
    hub = started.process;
    browser = await launch();
    open = await visit(browser, started.link);
  });
  afterAll(async () => {
    await browser?.close();
    if (hub?.exitCode === null) {
      hub.kill('SIGTERM');
      await once(hub, 'exit');
    }
    if (data !== undefined) await rm(data, { recursive: true, force: true });
  });

  it('opens by the one-time link, imports a file, and shows it at once', async () => {
    const { page } = open;
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
    expect(await readFigure(page, 'Requests')).toBe(60);
    expect(await readFigure(page, 'People')).toBe(40);
    expect(await readFigure(page, 'Bots')).toBe(20);
    expect(await readFigure(page, 'Server errors (5xx)')).toBe(10);
    expect(await page.locator('.window-line').innerText()).toContain('10 Mar 2024, 08:00–09:00 UTC');
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
    expect(await readFigure(page, 'Requests')).toBeGreaterThan(0);
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
      (await run(process.execPath, [HUB, ...words, '--data', data + '/hub'])).stdout;
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
    expect(await readFigure(page, 'Requests')).toBe(1);
  });

  it('stays signed in, and offends no policy of the hub’s', async () => {
    const { page } = open;
    await page.reload();
    await readFigure(page, 'Requests');
    expect(await page.locator('.footer').innerText()).toContain('DB-IP');
    expect(open.complaints).toEqual([]);
  });
});
