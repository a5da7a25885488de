import type { Permission } from '@vedette/contract';
import type { ComponentType } from 'react';
import { readFilter } from '../model/audit-filter.ts';
import { parseExploration } from '../model/explore.ts';
import { parseFunnel } from '../model/funnel.ts';
import { parseInteractionsView } from '../model/interactions-view.ts';
import { SCREENS, type Screen } from '../model/place.ts';
import { parsePart } from '../model/privacy-part.ts';
import { parseSourcesView } from '../model/sources.ts';
import { parseView } from '../model/view.ts';
import { parseWay } from '../model/ways.ts';

/** Of the navigation, in its order. */
export const GROUPS = ['traffic', 'privacy', 'set-up', 'administration'] as const;
/** `account`: what is one's own, in the menu of the user. */
export type Group = (typeof GROUPS)[number] | 'account';
export type NavigationGroup = (typeof GROUPS)[number];

interface Entry {
  /** Where the navigation has it; null: nowhere. */
  group: Group | null;
  /** Without it the screen is not offered, and its address says why; null: for everybody who is logged in. */
  permission: Permission | null;
  /** The component, loaded when the screen is first opened; null: it comes with the page. */
  load: (() => Promise<{ default: ComponentType }>) | null;
  /** What its address says, from the query part; what it does not understand is as if it were not there. */
  read: (query: string) => object;
  /** The names its address may say it with, `tenant` aside. */
  parameters: readonly string[];
}

const RANGE = ['range', 'from', 'to'] as const;
const nothing = () => ({});

/** Every screen: its place in the navigation, who may open it, its component, and the parameters of its address. */
export const REGISTRY = {
  overview: {
    group: 'traffic',
    permission: 'read',
    load: null,
    read: parseView,
    parameters: [...RANGE, 'where', 'sampling'],
  },
  explore: {
    group: 'traffic',
    permission: 'read',
    load: () => import('./explore.tsx'),
    read: (query) => ({ ...parseView(query), ...parseExploration(query) }),
    parameters: [...RANGE, 'where', 'sampling', 'by', 'metric', 'compare', 'step', 'order', 'show', 'view', 'request'],
  },
  live: {
    group: 'traffic',
    // Whole rows are shown, as in an export.
    permission: 'export',
    load: () => import('./live.tsx'),
    read: parseView,
    parameters: ['where'],
  },
  interactions: {
    group: 'traffic',
    permission: 'read',
    load: () => import('./interactions.tsx'),
    read: (query) => ({ ...parseInteractionsView(query), funnel: parseFunnel(query) }),
    parameters: [...RANGE, 'domain', 'class', 'step', 'within'],
  },
  sources: {
    group: 'traffic',
    permission: 'read',
    load: () => import('./sources.tsx'),
    read: parseSourcesView,
    parameters: ['kind', 'find', 'sort'],
  },
  consent: {
    group: 'privacy',
    permission: 'read',
    load: () => import('./consent.tsx'),
    read: (query) => ({ domain: new URLSearchParams(query).get('domain') ?? '' }),
    parameters: [...RANGE, 'domain'],
  },
  privacy: {
    group: 'privacy',
    permission: 'read',
    load: () => import('./privacy.tsx'),
    read: (query) => ({ part: parsePart(query) }),
    parameters: ['part'],
  },
  integrations: {
    group: 'set-up',
    permission: 'read',
    load: () => import('./integrations.tsx'),
    read: nothing,
    parameters: [],
  },
  domains: {
    group: 'set-up',
    permission: 'read',
    load: () => import('./domains.tsx'),
    read: nothing,
    parameters: [],
  },
  keys: {
    group: 'set-up',
    permission: 'keys',
    load: () => import('./keys.tsx'),
    read: nothing,
    parameters: [],
  },
  'first-steps': {
    group: 'set-up',
    permission: 'read',
    load: () => import('./first-steps.tsx'),
    read: (query) => ({ way: parseWay(query) }),
    parameters: ['way'],
  },
  people: {
    group: 'administration',
    permission: 'people',
    load: () => import('./people.tsx'),
    read: nothing,
    parameters: [],
  },
  settings: {
    group: 'administration',
    permission: 'read',
    load: () => import('./settings.tsx'),
    read: nothing,
    parameters: [],
  },
  audit: {
    group: 'administration',
    permission: 'audit',
    load: () => import('./audit.tsx'),
    read: readFilter,
    parameters: ['from', 'to', 'actor', 'action'],
  },
  tenants: {
    group: 'administration',
    permission: 'operate',
    load: () => import('./tenants.tsx'),
    read: nothing,
    parameters: [],
  },
  account: {
    group: 'account',
    permission: null,
    load: () => import('./account.tsx'),
    read: nothing,
    parameters: [],
  },
} as const satisfies Record<Screen, Entry>;

/** What the address of a screen says. */
export type SearchOf<S extends Screen> = ReturnType<(typeof REGISTRY)[S]['read']>;
/** The names of the parameters an address of the screen may have. */
export type ParameterOf<S extends Screen> = (typeof REGISTRY)[S]['parameters'][number] | 'tenant';

/** The screens of a group that somebody with these permissions is offered, in the order of the navigation. */
export function screensOf(group: Group, may: (permission: Permission) => boolean): Screen[] {
  return SCREENS.filter((screen) => REGISTRY[screen].group === group && isOpen(screen, may));
}

/** Whether somebody with these permissions may open the screen. */
export function isOpen(screen: Screen, may: (permission: Permission) => boolean): boolean {
  const { permission }: Entry = REGISTRY[screen];
  return permission === null || may(permission);
}
