import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startFakeHub, startFakeSite } from './fake-hub.ts';
import { arrived, hasChromium, hide, launch, visit } from './page.ts';

const reference = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('web-vitals')), 'web-vitals.iife.js'),
  'utf8',
);
let browser: Browser;
beforeAll(async () => {
  if (hasChromium) browser = await launch();
});
afterAll(() => browser?.close());

describe.skipIf(!hasChromium)('vitals', () => {
  it('are what the web-vitals library measures on the same page', async () => {
    const hub = await startFakeHub();
    hub.site = { banner: false };
    const site = await startFakeSite(hub);
    site.head = `<script>${reference};window.theirs={};for(const n of ['LCP','INP','CLS','FCP','TTFB'])webVitals['on'+n](m=>{theirs[n]=m.value},{reportAllChanges:true})</script>`;
    site.body = '<div id="gap"></div><h1>Words that are painted</h1><button id="slow">slow</button>';
    const { page, context } = await visit(browser, site.url);
    await page.waitForTimeout(700);
    await page.evaluate(() => {
      document.querySelector('#slow')?.addEventListener('click', () => {
        const end = performance.now() + 120;
        while (performance.now() < end);
      });
      document.querySelector('#gap')?.append(Object.assign(document.createElement('p'), { textContent: 'late' }));
    });
    await page.waitForTimeout(700);
    await page.locator('#slow').click();
    await page.waitForTimeout(700);
    await hide(page);
    await expect.poll(() => arrived(hub).filter(({ kind }) => kind === 'vital').length).toBe(5);
    const theirs = await page.evaluate(() => (window as unknown as { theirs: Record<string, number> }).theirs);
    const ours = Object.fromEntries(
      arrived(hub).flatMap(({ kind, name, value }) => (kind === 'vital' ? [[name, value]] : [])),
    ) as Record<string, number>;
    expect(Object.keys(ours).sort()).toEqual(['CLS', 'FCP', 'INP', 'LCP', 'TTFB']);
    for (const [name, value] of Object.entries(ours)) expect(value, name).toBeCloseTo(theirs[name] ?? -1, 3);
    expect(ours.INP).toBeGreaterThanOrEqual(120);
    expect(ours.CLS).toBeGreaterThan(0);
    await context.close();
    await site.close();
    await hub.close();
  });
});
