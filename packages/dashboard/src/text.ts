import { access as accessWords } from './texts/access.ts';
import { account as accountWords } from './texts/account.ts';
import { audit as auditWords } from './texts/audit.ts';
import { kinds, reasons, status } from './texts/codes.ts';
import { consent as consentWords } from './texts/consent.ts';
import { empty } from './texts/empty.ts';
import { explore as exploreWords } from './texts/explore.ts';
import { firstSteps } from './texts/first-steps.ts';
import { imports } from './texts/imports.ts';
import { integrations as integrationsWords } from './texts/integrations.ts';
import { interactions as interactionsWords } from './texts/interactions.ts';
import { keys as keysWords } from './texts/keys.ts';
import { counted, type Translated } from './texts/language.ts';
import { live as liveWords } from './texts/live.ts';
import { overview } from './texts/overview.ts';
import { palette as paletteWords } from './texts/palette.ts';
import { people as peopleWords } from './texts/people.ts';
import { privacy as privacyWords } from './texts/privacy.ts';
import { fields, problems } from './texts/problems.ts';
import { settings as settingsWords } from './texts/settings.ts';
import { sources } from './texts/sources.ts';
import { domains as domainsWords, tenants as tenantsWords } from './texts/tenants.ts';
import { ui as uiWords } from './texts/ui.ts';

/** Every sentence and label of the dashboard in English, here and in texts/; texts/de/ has the same in German. */
export const english = {
  product: 'Vedette',
  none: '–',
  unknown: 'Unknown',
  loading: 'Loading…',
  close: 'Close',
  cancel: 'Cancel',
  skipToMain: 'Skip to the content',
  copy: 'Copy',
  copied: 'Copied',
  /** Where the browser gives pages no clipboard. */
  selected: 'Selected: press Ctrl+C',
  unit: (unit: 'minute' | 'hour' | 'day' | 'UTC day', count: number) =>
    count === 1 ? unit : counted(count, unit, `${unit}s`),

  header: {
    title: (tenant: string) => `${tenant} · Vedette`,
    titleOf: (screen: string, tenant: string) => `${screen} · ${tenant} · Vedette`,
    screens: 'Screens',
    titles: {
      overview: 'Overview',
      explore: exploreWords.title,
      live: liveWords.title,
      interactions: 'Interactions',
      consent: 'Consent',
      privacy: 'Privacy',
      integrations: 'Integrations',
      sources: sources.title,
      'first-steps': firstSteps.title,
      people: peopleWords.title,
      keys: keysWords.title,
      domains: domainsWords.title,
      settings: settingsWords.title,
      audit: auditWords.title,
      tenants: tenantsWords.title,
      account: accountWords.title,
    },
    noTenant: 'You are a member of no tenant. Ask whoever runs this hub for an invitation.',
    tenant: 'Tenant',
    installation: 'installation',
    import: 'Import',
    importTitle: 'Import an access log',
    live: 'Live',
    liveOn: (seconds: number) => `Refreshes every ${seconds} seconds. Press to pause.`,
    liveOff: (seconds: number) => `Paused. Press to refresh every ${seconds} seconds.`,
    paused: 'Paused',
    unreachable: 'Not reachable',
    unreachableHelp: 'The hub does not answer. It is asked again by itself.',
  },

  locale: {
    language: 'Language',
    failed: 'The words of this language could not be loaded.',
    zone: 'Time zone',
    local: (zone: string) => `Here: ${zone}`,
  },

  site: { label: 'Site', all: 'All sites' },

  range: {
    label: 'Time range',
    short: { '1h': '1 h', '24h': '24 h', '7d': '7 d', '30d': '30 d', '12mo': '12 mo', all: 'All' },
    long: {
      '1h': 'Last hour',
      '24h': 'Last 24 hours',
      '7d': 'Last 7 days',
      '30d': 'Last 30 days',
      '12mo': 'Last 12 months',
      all: 'All data',
    },
    custom: 'Custom',
    customTitle: 'Custom range',
    from: (zone: string) => `From (${zone})`,
    to: (zone: string) => `To (${zone})`,
    apply: 'Apply',
    invalid: 'The end must lie after the start.',
    before: (period: string) => `compared with ${period}`,
    gap: (taken: string) => `Clocks are put forward over this time; ${taken} is meant.`,
    twice: (taken: string) => `Clocks are put back and show this time twice; ${taken} is meant.`,
  },

  outside: {
    more: (shown: string, count: number) => `${shown} more ${count === 1 ? 'request' : 'requests'} outside this window`,
    unfiltered: ', before filters',
    show: 'Show all',
  },

  unknownTenant: {
    title: (slug: string) => `There is no tenant “${slug}”`,
    lead: 'None of that name, or none that you may see. The ones you see:',
    tenants: 'Tenants',
  },

  filter: {
    label: 'Filters',
    add: 'Add filter',
    clear: 'Clear all',
    cleared: 'The filters were cleared.',
    field: 'Field',
    operator: 'Condition',
    value: 'Value',
    apply: 'Add',
    hint: 'Several values with commas; * stands for anything; an empty value means unknown.',
    numberHint: 'A number, a range such as 400..499, or 5xx for statuses.',
    is: {
      '=': 'is',
      '!=': 'is not',
      '~': 'contains',
      '!~': 'does not contain',
      '>': 'is over',
      '>=': 'is at least',
      '<': 'is under',
      '<=': 'is at most',
    },
    invert: (chip: string, opposite: string) => `${chip}. Press to turn it into “${opposite}”.`,
    remove: (chip: string) => `Remove the filter: ${chip}`,
    empty: 'unknown',
    yes: 'yes',
    no: 'no',
    all: 'Every request is shown.',
    shown: (shown: string, total: string) => `${shown} of ${total} requests`,
    hidden: (count: string) => `${count} filtered out`,
    hiddenTitle: 'Filtered out in this window',
    hides: 'leaves out',
    hiddenHelp: 'Each filter by itself, over the same window. Press one to see only what it leaves out.',
    showHidden: 'Show these',
    wrong: (count: number) =>
      count === 1
        ? 'A filter cannot be applied, so there is nothing to show'
        : 'Some filters cannot be applied, so there is nothing to show',
    wrongChip: (chip: string) => `${chip}: this filter cannot be applied.`,
    removeWrong: 'Remove these filters',
    needsValue: 'Give a value.',
    needsNumber: 'This field takes numbers: 400, 400..499 or, for statuses, 5xx.',
  },

  ...overview,

  status,
  reasons,
  kinds,
  problems,
  fields,

  empty,

  sources,
  firstSteps,

  /** Short forms behind a number. */
  units: { minute: 'min', hour: 'h', day: 'd' },

  /** How long ago something was; ms are rounded down before. */
  ago: {
    now: 'just now',
    ago: (span: string) => `${span} ago`,
    never: 'never',
  },

  import: imports,

  signIn: {
    title: 'Open Vedette by its one-time link',
    lead: 'This hub answers only to browsers that came by a link. The link was printed when the hub started; each works once.',
    again: 'For a new link, run on the hub’s machine:',
    command: 'npx vedette link',
    retry: 'Try again',
  },

  error: {
    title: 'This could not be loaded',
    retry: 'Try again',
    network: 'The hub does not answer. Is it running?',
    unreadable: 'The hub gave an answer that is not understood.',
    status: (status: number) => `The hub answered with status ${status}.`,
    unreachable: 'The hub is not reachable',
    unreachableLead:
      'What is shown in grey is the last that is known. It goes on by itself once the hub answers again.',
    stale: (why: string) => `Not up to date: ${why}`,
    crashed: 'This screen failed. Reloading it usually helps.',
    reload: 'Reload',
    notLoaded: 'This screen could not be loaded. Reload the page: the hub may have been updated.',
    notAllowed: 'Not for this session',
    notPermitted: 'This screen is for people with another role in this tenant.',
    permittedRoles: (roles: string) => `It is for: ${roles}.`,
    operatorsOnly: 'It is for operators of this hub.',
  },

  footer: {
    version: (version: string) => `Vedette ${version}`,
    data: 'Data',
    map: 'Map: Natural Earth',
    times: (zone: string) => `Times in ${zone}`,
    exports: 'exports in UTC',
    source: { 'roll-up': 'from roll-ups', rows: 'from rows' } as Record<string, string>,
    updated: (clock: string) => `updated ${clock}`,
  },

  access: accessWords,
  account: accountWords,
  audit: auditWords,
  domains: domainsWords,
  keys: keysWords,
  people: peopleWords,
  settings: settingsWords,
  tenants: tenantsWords,
  consent: consentWords,
  explore: exploreWords,
  integrations: integrationsWords,
  interactions: interactionsWords,
  live: liveWords,
  palette: paletteWords,
  privacy: privacyWords,
  ui: uiWords,
} as const;

/** What every language has to say; a word that is missing is an error of types. */
export type Words = Translated<typeof english>;

/**
 * The words of the language in force, and beside them those of whole screens by a name of their own. They are another
 * object after `speak`: read them while drawing, never where a module begins.
 */
export let text: Words = english;
export let { consent, explore, integrations, interactions, live, palette, privacy, ui } = text;
export let { access, account, audit, domains, keys, people, settings, tenants } = text;

/** Puts the words of a language in force. What is drawn has to be drawn anew: state/language.ts does that. */
export function speak(words: Words): void {
  text = words;
  ({ consent, explore, integrations, interactions, live, palette, privacy, ui } = words);
  ({ access, account, audit, domains, keys, people, settings, tenants } = words);
}
