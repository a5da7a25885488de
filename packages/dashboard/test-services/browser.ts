import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Me, MyTenant } from '@vedette/contract';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type FakeHub, startFakeHub } from './fake-hub.ts';
import { mine } from './fake-tenant.ts';

const CHROMIUM = '/usr/bin/chromium';

export const hasChromium = existsSync(CHROMIUM);
if (!hasChromium) console.warn(`${CHROMIUM} is missing: the dashboard is not tested in a browser`);

/** Builds the dashboard as `npm ci` does, so that what is tested is what is served. */
export function buildDashboard(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../build.mjs')], { stdio: 'inherit' });
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM });
}

/** How long a figure may take to change; generous, because the machine may be busy. */
export const PATIENCE = { timeout: 20_000 };

export interface Visit {
  page: Page;
  /** Errors of the page, refused by its content security policy among them. */
  complaints: string[];
  close(): Promise<void>;
}

/** Opens an address in a fresh profile. `prepare` is called before the page is loaded. */
export async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<unknown>,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A failed answer is logged by the browser; tests of failures look at the page instead.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await prepare?.(page);
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** The tenants most suites have: the installation, with data, and one without any. */
export const MAIN = '01900000-0000-7000-8000-000000000001';
export const BAKERY = '01900000-0000-7000-8000-000000000002';
export const TENANTS: readonly MyTenant[] = [
  mine({ id: MAIN, slug: 'installation', name: 'This hub', installation: true, second_factor: 'optional' }),
  mine({ id: BAKERY, slug: 'bakery', name: 'Bakery', installation: false, second_factor: 'optional' }),
];
export const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
};

/** A suite of tests in Chromium. */
export interface Suite {
  /** The hub of the test under way. */
  readonly hub: FakeHub;
  /** Errors of the page of the test under way. */
  readonly complaints: readonly string[];
  /** Opens an address of the hub in a fresh profile, which is closed after the test or when another is opened. */
  show(path: string, options?: BrowserContextOptions, prepare?: (page: Page) => Promise<unknown>): Promise<Page>;
}

/**
 * The beginning and end of a suite: the dashboard is built and Chromium started once, and every test has a hub of its
 * own, which `fill` gives its data.
 */
export function openSuite(fill: (hub: FakeHub) => void, { tenants = [...TENANTS], ...me }: Partial<Me> = {}): Suite {
  let browser: Browser | undefined;
  let hub: FakeHub | undefined;
  let open: Visit | undefined;
  beforeAll(async () => {
    if (!hasChromium) return;
    buildDashboard();
    browser = await launch();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    if (!hasChromium) return;
    const principal = { kind: 'link', scope: null } as const;
    hub = await startFakeHub({
      principal,
      user: null,
      set_up: true,
      tenants,
      version: '1.2.3',
      attributions: [],
      ...me,
    });
    fill(hub);
  });
  afterEach(async () => {
    await open?.close();
    open = undefined;
    await hub?.close();
  });
  return {
    get hub() {
      if (hub === undefined) throw new Error('there is a hub within tests only');
      return hub;
    },
    get complaints() {
      return open?.complaints ?? [];
    },
    async show(path, options, prepare) {
      if (browser === undefined || hub === undefined) throw new Error('there is a browser within tests only');
      await open?.close();
      open = await visit(browser, hub.url + path, options, prepare);
      return open.page;
    },
  };
}

/** Chooses a tenant by its name, as a person does. */
export async function chooseTenant(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: /^Tenant: / }).click();
  await page.getByRole('combobox', { name: 'Tenant' }).fill(name);
  await page.keyboard.press('Enter');
}

/** Every digit of a figure of the strip, read from its tooltip or its text. */
export async function readFigure(page: Page, name: string): Promise<number> {
  const figure = page.locator('.figure', {
    has: page.locator('dt', { hasText: new RegExp(`^${name.replaceAll(/[()]/g, '\\$&')}$`) }),
  });
  await figure.locator('.figure-value:not(:has(.skeleton))').waitFor();
  return Number((await figure.locator('.figure-value').innerText()).replaceAll(/[^\d.]/g, ''));
}

/** Waits until nothing is asked any more; on the live tail, which never ends asking, until its list is there. */
export async function settle(page: Page): Promise<void> {
  if (new URL(page.url()).pathname !== '/live') return page.waitForLoadState('networkidle');
  await page.locator('.request-open, .live-empty, .error-note').first().waitFor();
}

/**
 * How far the page is wider than its window, which it should never be. A phone's `innerWidth` grows with what hangs over;
 * the root's own width does not.
 */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.documentElement;
    return root.scrollWidth - root.clientWidth;
  });
}

/** What moved by itself since the page was opened, by the browser's own measure (below 0.1 is good). */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
        // Buffered entries are handed over in a task of their own.
        requestAnimationFrame(() => setTimeout(() => resolve(sum), 50));
      }),
  );
}

/** Keeps the answers of a path back for so long that what stands in for them is seen. */
export function slowDown(page: Page, path: string): Promise<unknown> {
  return page.route(`**${path}*`, async (route) => {
    await sleep(600);
    await route.continue();
  });
}

/** Makes the page believe that it is hidden, behind another tab say, or shown again. */
export async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      for (const target of [document, window]) target.dispatchEvent(new Event('visibilitychange'));
    },
    hidden ? 'hidden' : 'visible',
  );
}

/** WCAG contrast of an element's text with the first opaque ground behind it. */
export function contrastOf(page: Page, selector: string): Promise<number> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const channels = (colour: string): number[] => {
        if (paint === null) throw new Error('no canvas');
        paint.clearRect(0, 0, 1, 1);
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        return [...paint.getImageData(0, 0, 1, 1).data];
      };
      const luminance = ([red = 0, green = 0, blue = 0]: number[]) => {
        const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
          const part = value / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      let ground: number[] = [255, 255, 255, 255];
      for (let node: Element | null = element; node !== null; node = node.parentElement) {
        const colour = channels(getComputedStyle(node).backgroundColor);
        if (colour[3] === 255) {
          ground = colour;
          break;
        }
      }
      const [light = 1, dark = 1] = [luminance(channels(getComputedStyle(element).color)), luminance(ground)].sort(
        (a, b) => b - a,
      );
      return (light + 0.05) / (dark + 0.05);
    });
}
