import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, overhang, PHONE, settle } from './browser.ts';
import { ANNA } from './fake-accounts.ts';
import { sampleTenant } from './fake-tenant.ts';
import { sampleSources } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';
import { SHOWN_SCREENS, type Shown } from './shown-screens.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const suite = openSuite((hub) => {
  const now = Date.now();
  hub.requests.set(MAIN, [...sampleTraffic(300, 3, now), ...sampleTraffic(20, 0.02, now, 8)]);
  hub.tenants.set(MAIN, sampleTenant(now));
  hub.sources.set(MAIN, sampleSources(now));
  hub.me.user = { ...ANNA };
});
const { show } = suite;

/** What axe finds that keeps somebody out, by rule and element; WCAG 2.2 A and AA and its best practices. */
async function troublesOf(page: Page): Promise<string[]> {
  // Evaluated by the protocol: the page's own policy lets no such script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async () => {
    const tool = (globalThis as unknown as { axe: typeof axe }).axe;
    return tool.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    );
}

/** Every screen, and what is shown where there is none. */
const SCREENS: readonly Shown[] = [
  ...SHOWN_SCREENS,
  ['/live?where=land=DE', '.error-note'],
  ['/?tenant=nobody', '.tenant-links'],
  ['/nowhere', '.nothing'],
  ['/set-up', '.door'],
  ['/invitation#vdi_token-of-a-link', '.door .new-password, .door .not-allowed'],
  ['/password-reset#vdi_token-of-a-link', '.door .new-password'],
  ['/password-reset#used', '.door .button'],
];
const LOOKS = [
  ['light', 'desk', {}],
  ['dark', 'desk', { colorScheme: 'dark' }],
  ['light', 'phone', PHONE],
  ['dark', 'phone', { ...PHONE, colorScheme: 'dark' }],
] as const;

describe.skipIf(!hasChromium).each(LOOKS)('axe, %s, %s', (_theme, _size, options) => {
  it.each(SCREENS)('finds nothing serious at %s', async (address, loaded) => {
    const page = await show(address, options);
    await page.locator(loaded).first().waitFor();
    await settle(page);
    expect(await troublesOf(page)).toEqual([]);
    await expect.poll(() => overhang(page)).toBeLessThanOrEqual(0);
  });
});

describe.skipIf(!hasChromium)('axe finds nothing serious', () => {
  it.each(['light', 'dark'] as const)('in what opens over the page, %s', async (colorScheme) => {
    const page = await show('/privacy?part=person', { colorScheme });
    await page.getByRole('button', { name: /: account, theme, log out$/ }).click();
    await page.getByRole('menu').waitFor();
    expect(await troublesOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Tenant: / }).click();
    await page.getByRole('listbox').waitFor();
    expect(await troublesOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Commands' }).fill('status=x');
    await page.getByRole('option').first().waitFor();
    expect(await troublesOf(page)).toEqual([]);
    await page.goto(`${suite.hub.url}/`);
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    expect(await troublesOf(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Add filter' }).click();
    await page.getByRole('dialog', { name: 'Add filter' }).waitFor();
    expect(await troublesOf(page)).toEqual([]);
  });
});
