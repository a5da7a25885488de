import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { FakeHub } from './fake-hub.ts';

const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`${CHROMIUM} is missing: the script for sites is not tested in a browser`);

/** With the back/forward cache, which playwright turns off otherwise. */
export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, ignoreDefaultArgs: ['--disable-back-forward-cache'] });

export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Errors of the page and refusals by its content security policy. */
  complaints: string[];
}

/** Opens a page in a fresh profile. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Visit> {
  const context = await browser.newContext({
    reducedMotion: 'reduce',
    viewport: { width: 1000, height: 700 },
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await prepare?.(page);
  await page.goto(url);
  return { context, page, complaints };
}

export const cookies = (page: Page): Promise<string> => page.evaluate(() => document.cookie);

/** Everything that arrived, with the choice it came under. */
export const arrived = (hub: FakeHub) =>
  hub.beacons.flatMap(({ events, choices, visitor_id, gpc }) =>
    events.map((event) => ({ ...event, granted: choices?.analytical, visitor: visitor_id, gpc })),
  );

/** Has the page hand over all it holds, as when it is left. */
export const hide = (page: Page): Promise<void> =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });

/** The browser asks by Global Privacy Control, in script and header. */
export const withGpc = (page: Page): Promise<unknown> =>
  page.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }));
