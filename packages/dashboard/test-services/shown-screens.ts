import type { Screen } from '../src/model/place.ts';

/** An address, and what is there once it is loaded. */
export type Shown = readonly [address: string, loaded: string];

/** Every screen of the registry, and every part of one that is shown in its place. */
const BY_SCREEN: Record<Screen, readonly Shown[]> = {
  overview: [
    ['/', '.lists .top-row'],
    ['/?range=1h&where=path=/nowhere', '.nothing'],
    ['/?tenant=bakery', '.welcome'],
  ],
  explore: [
    ['/explore?range=all&compare=previous&by=country', '.table.data .group-button'],
    ['/explore?range=7d&by=network&metric=p95', '.table.data .group-button'],
    ['/explore?range=all&show=requests&metric=p95', '.request-open'],
  ],
  live: [
    ['/live', '.request-open'],
    ['/live?where=class=hosting&where=path=/nowhere', '.live-empty'],
  ],
  interactions: [
    ['/interactions?step=page_view:/&step=click:sign-up', '.table.data td:not(:has(.skeleton))'],
    ['/interactions?tenant=bakery', '.nothing'],
  ],
  sources: [
    ['/sources', '.source-name:not(:has(.skeleton))'],
    ['/sources?tenant=bakery', '.nothing'],
  ],
  consent: [['/consent', '.table']],
  privacy: [
    ['/privacy', '.table'],
    ['/privacy?part=policy', '.field-grid'],
    ['/privacy?part=person', 'main input'],
    ['/privacy?part=scan', '.panel'],
  ],
  integrations: [['/integrations', '.cards .text-field']],
  domains: [
    ['/domains', 'code'],
    ['/domains?tenant=bakery', '.nothing'],
  ],
  keys: [['/keys', '.who']],
  'first-steps': [
    ['/first-steps', '.snippet'],
    ['/first-steps?way=page', '.step'],
  ],
  people: [
    ['/people', '.who'],
    ['/people?tenant=bakery', '.nothing'],
  ],
  settings: [['/settings', '.usage']],
  audit: [['/audit', '.audit-open']],
  tenants: [['/tenants', '.who']],
  account: [['/account', '.badge.good']],
};

export const SHOWN_SCREENS: readonly Shown[] = Object.values(BY_SCREEN).flat();
