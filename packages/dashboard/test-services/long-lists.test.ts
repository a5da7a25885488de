import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { hasChromium, MAIN, openSuite, PATIENCE } from './browser.ts';
import { ANNA } from './fake-accounts.ts';
import { sampleAudit } from './fake-audit.ts';
import type { FakeHub } from './fake-hub.ts';
import { sampleScan } from './fake-privacy.ts';
import { finishDeletion } from './fake-tenancy.ts';
import { type FakeTenant, mine, sampleTenant } from './fake-tenant.ts';
import { PROOF } from './sample-consent.ts';
import { sampleSource } from './sample-sources.ts';
import { sampleTraffic } from './sample-traffic.ts';

/** More than a page of the hub's answers. */
const MANY = 1200;
/** As many as are in sight, and what one press of a key scrolls over, of rows as low as they are. */
const MOST_IN_PAGE = 60;

const suite = openSuite((hub) => {
  const now = Date.now();
  hub.requests.set(MAIN, sampleTraffic(300, 3, now));
  hub.tenants.set(MAIN, sampleTenant(now));
  hub.me.user = { ...ANNA };
});
const { show } = suite;

/** So many of what is like the first, each changed by its place. */
function many<T>([first]: readonly T[], change: (place: number) => Partial<T>, count = MANY): T[] {
  if (first === undefined) throw new Error('there is a sample');
  return Array.from({ length: count }, (_, place) => ({ ...first, ...change(place) }));
}
const numbered = (place: number) => String(place).padStart(4, '0');

function tenantOf(hub: FakeHub): FakeTenant {
  const tenant = hub.tenants.get(MAIN);
  if (tenant === undefined) throw new Error('there is a sample');
  return tenant;
}

interface Long {
  what: string;
  address: string;
  fill: (hub: FakeHub, now: number) => void;
  /** What is pressed before it is there. */
  open?: (page: Page) => Promise<unknown>;
  /** Its name. */
  label: string;
  rows: number;
}

const COUNTRIES = Array.from({ length: 240 }, (_, place) =>
  String.fromCharCode(65 + Math.floor(place / 26), 65 + (place % 26)),
);
const asTable = (panel: string) => (page: Page) =>
  page.getByRole('region', { name: panel }).getByRole('button', { name: 'Table' }).click();

const TABLES: readonly Long[] = [
  {
    what: 'invitations',
    address: '/people',
    fill: (hub) => {
      const { people } = tenantOf(hub);
      people.invitations = many(people.invitations, (place) => ({
        id: `inv-${place}`,
        email: `p${place}@example.org`,
      }));
    },
    label: 'Open invitations',
    rows: MANY,
  },
  {
    what: 'keys',
    address: '/keys',
    fill: (hub) => {
      const { tenancy } = tenantOf(hub);
      tenancy.keys = many(tenancy.keys, (place) => ({ id: `key-${place}`, name: `Key ${numbered(place)}` }));
    },
    label: 'Keys',
    rows: MANY,
  },
  {
    what: 'domains',
    address: '/domains',
    fill: (hub) => {
      const { tenancy } = tenantOf(hub);
      tenancy.domains = many(tenancy.domains, (place) => ({ pattern: `www-${numbered(place)}.example.org` }));
    },
    label: 'Domains',
    rows: MANY,
  },
  {
    what: 'tenants',
    address: '/tenants',
    fill: ({ installation }) => {
      const names = (place: number) => ({
        id: `t-${place}`,
        slug: `t-${numbered(place)}`,
        name: `T ${numbered(place)}`,
      });
      installation.tenants = many(installation.tenants, names);
    },
    label: 'Tenants',
    rows: MANY,
  },
  {
    what: 'entries of the audit log',
    address: '/audit',
    fill: (hub, now) => {
      tenantOf(hub).audit = sampleAudit(now, 200);
    },
    open: async (page) => {
      for (let known = 50; known < 200; known += 50) {
        await page.getByRole('button', { name: 'Show more' }).click();
        await expect.poll(() => page.getByRole('button', { name: 'Loading more' }).count(), PATIENCE).toBe(0);
      }
      await expect.poll(() => page.getByRole('button', { name: 'Show more' }).count(), PATIENCE).toBe(0);
    },
    label: 'Entries',
    rows: 200,
  },
  {
    what: 'sources',
    address: '/sources',
    fill: (hub, now) =>
      hub.sources.set(MAIN, {
        sources: many([sampleSource(now, { name: 'edge', seen: 1000 })], (place) => ({
          id: `s-${place}`,
          name: `edge-${numbered(place)}`,
        })),
        first_request: new Date(now - 1000).toISOString(),
        next: null,
      }),
    label: 'Sources',
    rows: MANY,
  },
  {
    what: 'countries of the map',
    address: '/?range=all',
    fill: (hub, now) => {
      const requests = sampleTraffic(4 * COUNTRIES.length, 1, now);
      hub.requests.set(
        MAIN,
        requests.map((request, place) => ({ ...request, country: COUNTRIES[place % COUNTRIES.length] ?? '' })),
      );
    },
    open: asTable('Where from'),
    label: 'Where from',
    rows: COUNTRIES.length,
  },
  {
    what: 'bars of the chart',
    address: '/?range=7d',
    fill: () => undefined,
    open: asTable('Requests over time'),
    label: 'Requests over time',
    rows: 168,
  },
  {
    what: 'groups of the explorer',
    address: '/explore?range=all&by=path',
    fill: (hub, now) => {
      const requests = sampleTraffic(1200, 1, now);
      hub.requests.set(
        MAIN,
        requests.map((request, place) => ({ ...request, path: `/page/${numbered(place % 300)}` })),
      );
    },
    label: 'By Path',
    rows: 300,
  },
  {
    what: 'widgets',
    address: '/interactions',
    fill: (hub, now) => {
      const tenant = tenantOf(hub);
      const click = tenant.pages.find(({ kind }) => kind === 'click');
      tenant.pages = many(
        [click].filter((one) => one !== undefined),
        (place) => ({
          name: `widget-${numbered(place)}`,
          time: now - 3_600_000 - place,
        }),
      );
    },
    label: 'Widgets',
    rows: MANY,
  },
  {
    what: 'findings of the scan',
    address: '/privacy?part=scan',
    fill: (hub, now) => {
      const scan = sampleScan(now, true);
      hub.scan.answer = { ...scan, findings: many(scan.findings, (place) => ({ place: `logs/${numbered(place)}` })) };
    },
    label: 'Findings',
    rows: MANY,
  },
  {
    what: 'places of the scan',
    address: '/privacy?part=scan',
    fill: (hub, now) => {
      const scan = sampleScan(now, true);
      hub.scan.answer = { ...scan, looked_at: many(scan.looked_at, (place) => ({ place: `file ${numbered(place)}` })) };
    },
    label: 'What was looked at',
    rows: MANY,
  },
  {
    what: 'erasures',
    address: '/privacy?part=person',
    fill: (hub, now) => {
      tenantOf(hub).erasures = Array.from({ length: MANY }, (_, place) => ({
        id: `erasure-${numbered(place)}`,
        time: new Date(now - place * 60_000).toISOString(),
        erased: [{ place: 'requests', rows: place }],
        searched: [],
        complete: true,
      }));
    },
    label: 'Erasures so far',
    rows: MANY,
  },
  {
    what: 'texts of the banner',
    address: '/consent',
    fill: (hub) => {
      const { consent } = tenantOf(hub);
      consent.texts = many(consent.texts, (place) => ({ version: `v-${numbered(place)}` }));
    },
    label: 'Texts with versions',
    rows: MANY,
  },
  {
    what: 'log-ins of an account',
    address: '/account',
    fill: ({ accounts }) => {
      accounts.sessions = many(accounts.sessions, (place) => ({ id: `s-${place}`, current: place === 0 }));
    },
    label: 'Sessions',
    rows: MANY,
  },
];

/** Rows that are in the page, without the room that stands for the others. */
const rowsOf = (table: Locator) => table.locator('tbody:not(.gap) > tr');

describe.skipIf(!hasChromium)('of many rows only those in sight are in the page', () => {
  it.each(TABLES)('$what', async ({ address, fill, open, label, rows }) => {
    fill(suite.hub, Date.now());
    const page = await show(address);
    await open?.(page);
    const space = page.getByRole('group', { name: label, exact: true });
    const table = space.locator('table');
    await expect
      .poll(async () => Number((await table.getAttribute('aria-rowcount')) ?? 0), PATIENCE)
      .toBeGreaterThanOrEqual(rows + 1);
    const all = Number(await table.getAttribute('aria-rowcount'));
    expect(all).toBeLessThanOrEqual(rows + 2);
    await expect.poll(() => rowsOf(table).count(), PATIENCE).toBeGreaterThan(4);
    expect(await rowsOf(table).count()).toBeLessThan(MOST_IN_PAGE);
    // The last one is there when it is scrolled to.
    await expect
      .poll(async () => {
        await space.evaluate((node) => node.scrollTo(0, node.scrollHeight));
        return table.locator(`tr[aria-rowindex="${all}"]`).count();
      }, PATIENCE)
      .toBe(1);
    expect(await rowsOf(table).count()).toBeLessThan(MOST_IN_PAGE);
    expect(suite.complaints).toEqual([]);
  });

  it('deletions of tenants', async () => {
    const { installation } = suite.hub;
    const [tenant] = installation.tenants;
    installation.deletions = Array.from({ length: MANY }, (_, place) => ({
      id: `deletion-${place}`,
      tenant: { id: `t-${place}`, slug: `t-${place}`, name: `Tenant ${place}` },
      asked_by: 'Anna Lind',
      asked: tenant?.created ?? '',
      state: 'running' as const,
      deleted: [],
      found: null,
      complete: null,
      finished: null,
      error: null,
    }));
    finishDeletion(installation);
    const page = await show('/tenants');
    await isShort(page, page.getByRole('list', { name: 'Deletions' }), MANY);
  });

  it('choices of a person', async () => {
    const { consent } = tenantOf(suite.hub);
    const own = consent.records.filter(({ proof_id: proof }) => proof === PROOF);
    consent.records = many(own, (place) => ({ id: `choice-${place}` }), 600);
    const page = await show('/consent');
    await page.getByLabel('Proof id').fill(PROOF);
    await page.getByRole('button', { name: 'Search' }).click();
    await isShort(page, page.locator('.proof-records'), 600);
  });

  it('saved views', async () => {
    const view = { screen: 'explore' as const, query: 'by=country', shared: true, mine: false, owner: 'Bo Ek' };
    const at = new Date().toISOString();
    tenantOf(suite.hub).views = Array.from({ length: MANY }, (_, place) => ({
      ...view,
      id: `view-${place}`,
      name: `View ${numbered(place)}`,
      created: at,
      updated: at,
    }));
    const page = await show('/explore?range=all');
    await page.getByRole('button', { name: 'Views', exact: true }).click();
    await isShort(page, page.locator('.views-list ul'), MANY);
  });

  it('files to import', async () => {
    const page = await show('/');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    const buffer = Buffer.from('no line of any log\n');
    await page
      .getByRole('dialog')
      .locator('input[type="file"]')
      .setInputFiles(
        Array.from({ length: 300 }, (_, place) => ({ name: `${numbered(place)}.log`, mimeType: 'text/plain', buffer })),
      );
    await isShort(page, page.locator('.import-items'), 300);
  });

  it('tenants to choose from: the first hundred, and others by their names', async () => {
    const { me } = suite.hub;
    me.tenants = [
      ...me.tenants,
      ...Array.from({ length: MANY }, (_, place) =>
        mine({
          id: `t-${place}`,
          slug: `t-${numbered(place)}`,
          name: `Tenant ${numbered(place)}`,
          installation: false,
          second_factor: 'optional',
        }),
      ),
    ];
    const page = await show('/settings?tenant=t-0900');
    await page.getByRole('button', { name: /^Tenant: / }).click();
    const options = page.getByRole('option');
    await expect.poll(() => options.count(), PATIENCE).toBe(100);
    expect(await options.first().innerText()).toContain('Tenant 0900');
    await page.getByText('The first 100 of 1,202; type to find others.').waitFor();
    await page.getByRole('combobox', { name: 'Tenant' }).fill('1150');
    await expect.poll(() => options.count(), PATIENCE).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('tenant'), PATIENCE).toBe('t-1150');
    await page.goto(`${suite.hub.url}/?tenant=nobody`);
    await page.getByRole('combobox', { name: 'Tenant' }).fill('0777');
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).searchParams.get('tenant'), PATIENCE).toBe('t-0777');
  });
});

/** A list of so many that has only some of them in the page, wherever it is scrolled. */
async function isShort(page: Page, list: Locator, count: number): Promise<void> {
  const items = list.locator('li[data-index]');
  await expect.poll(() => items.count(), PATIENCE).toBeGreaterThan(2);
  expect(await items.first().getAttribute('aria-setsize')).toBe(String(count));
  expect(await items.count()).toBeLessThan(MOST_IN_PAGE);
  await expect
    .poll(async () => {
      await list.evaluate((node) => node.lastElementChild?.scrollIntoView({ block: 'end' }));
      return list.locator(`li[data-index="${count - 1}"]`).count();
    }, PATIENCE)
    .toBe(1);
  expect(await items.count()).toBeLessThan(MOST_IN_PAGE);
  expect(await page.locator('.crash').count()).toBe(0);
}
