import { kinds, reasons, status } from './texts/codes.ts';
import { empty } from './texts/empty.ts';
import { firstSteps } from './texts/first-steps.ts';
import { imports } from './texts/imports.ts';
import { counted, LOCALE } from './texts/language.ts';
import { sources } from './texts/sources.ts';

export { LOCALE };

/** Every sentence and label of the dashboard, here and in texts/, so that it can be translated. */
export const text = {
  product: 'Vedette',
  none: '–',
  unknown: 'Unknown',
  loading: 'Loading…',
  close: 'Close',
  cancel: 'Cancel',
  skip: 'Skip to the figures',
  skipToMain: 'Skip to the content',
  copy: 'Copy',
  copied: 'Copied',
  /** Where the browser gives pages no clipboard. */
  selected: 'Selected: press Ctrl+C',
  unit: (unit: 'minute' | 'hour' | 'day', count: number) => (count === 1 ? unit : counted(count, unit, `${unit}s`)),

  header: {
    title: (tenant: string) => `${tenant} · Vedette`,
    titleOf: (screen: string, tenant: string) => `${screen} · ${tenant} · Vedette`,
    screens: 'Screens',
    titles: {
      overview: 'Overview',
      interactions: 'Interactions',
      consent: 'Consent',
      privacy: 'Privacy',
      integrations: 'Integrations',
      sources: sources.title,
      'first-steps': firstSteps.title,
    },
    noTenant: 'This session sees no tenant.',
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
    theme: { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
    themeNext: (name: string) => `${name}. Press to change.`,
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
    from: 'From (UTC)',
    to: 'To (UTC)',
    apply: 'Apply',
    invalid: 'The end must lie after the start.',
    utc: 'UTC',
    before: (period: string) => `compared with ${period} UTC`,
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

  figures: {
    label: 'Figures',
    requests: 'Requests',
    people: 'People',
    bots: 'Bots',
    hosting: 'Hosting',
    uniques: 'Daily uniques',
    errors: 'Server errors (5xx)',
    latency: 'Latency, people',
    bytes: 'Sent',
    ofAll: (share: string) => `${share} of all`,
    errorCount: (count: string) => `${count} requests`,
    bytesEach: (size: string) => `${size} each`,
    p50: 'p50',
    p95: 'p95',
    timed: (timed: string, all: string) => `from ${timed} of ${all}`,
    timedHelp: (timed: string, all: string) => `${timed} of people’s ${all} requests tell how long they took`,
    noDurations: 'no durations in these logs',
    noBytes: 'no sizes in these logs',
    visitorsHelp: 'different clients, each once a day received',
    help: {
      requests: 'All requests that match the filters',
      people: 'Requests that come neither from bots nor from hosting networks',
      bots: 'Requests by automated clients',
      hosting: 'Requests from hosting networks that do not say they are bots',
      uniques: 'Different clients by a key that changes daily; a client that comes on two days counts twice',
      errors: 'Share of requests answered with status 500 or above; 4xx are no errors of the server',
      latency: 'Half of people’s requests took no longer than p50; 95 of 100 no longer than p95',
      bytes: 'Response bytes',
    },
    filterTo: (name: string) => `Show only ${name.toLowerCase()}`,
    filterOff: (name: string) => `Showing only ${name.toLowerCase()}. Press to show all.`,
  },

  classes: { people: 'People', bots: 'Bots', hosting: 'Hosting' },

  timeline: {
    title: 'Requests over time',
    per: (width: string) => `per ${width}`,
    hint: 'Drag to zoom in',
    zoomOut: 'Zoom out',
    toggle: (name: string) => `Show ${name.toLowerCase()} in the chart`,
    total: 'All',
    summary: (total: string, period: string, peak: string, peakAt: string) =>
      `${total} requests in ${period}. The busiest bar has ${peak} (${peakAt}).`,
    table: 'Table',
    chart: 'Chart',
    time: 'From (UTC)',
  },

  columns: {
    summary: (title: string, total: string, period: string, peak: string, peakAt: string) =>
      `${title}: ${total} in ${period}. The highest column has ${peak} (${peakAt}).`,
  },

  map: {
    title: 'Where from',
    show: 'Show on the map',
    all: 'All',
    map: 'Map',
    table: 'Table',
    country: 'Country',
    share: 'Share',
    unknownPlace: (count: string) => `${count} from unknown places`,
    loading: 'Loading the map…',
    failed: 'The map could not be loaded.',
    describe: (count: number) =>
      `World map of requests by country; ${counted(count, 'country', 'countries')}. The table holds the same figures.`,
  },

  lists: {
    more: 'Show more',
    less: 'Show fewer',
    empty: 'Nothing in this window.',
    filter: (what: string, counts: string) => `${what}: ${counts}. Press to show only these.`,
    exclude: (what: string) => `Leave out ${what}`,
    excludeTitle: 'Leave out',
    split: (all: string, people: string, bots: string, hosting: string) =>
      `${all} requests: ${people} people, ${bots} bots, ${hosting} hosting`,
    requests: 'Requests',
    groups: {
      places: 'Places',
      content: 'Content',
      sources: 'Networks',
      answers: 'Answers',
      origins: 'Referrers',
      clients: 'Clients',
      automation: 'Bots',
    },
    titles: {
      path: 'Paths',
      domain: 'Hosts',
      referrer: 'Referrers',
      country: 'Countries',
      region: 'Regions',
      city: 'Cities',
      network: 'Networks',
      network_kind: 'Kinds',
      asn: 'AS numbers',
      status: 'Statuses',
      method: 'Methods',
      browser: 'Browsers',
      os: 'Systems',
      device: 'Devices',
      bot_name: 'Bots',
      bot_kind: 'Kinds',
    } as Record<string, string>,
    unnamed: { referrer: 'None (direct)', path: 'No path', bot_name: 'Unnamed', status: 'None' } as Record<
      string,
      string
    >,
  },

  status,
  reasons,
  kinds,

  empty,

  sources,
  firstSteps,

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
  },

  footer: {
    version: (version: string) => `Vedette ${version}`,
    data: 'Data',
    map: 'Map: Natural Earth',
    window: 'All times in UTC',
    source: { 'roll-up': 'from roll-ups', rows: 'from rows' } as Record<string, string>,
    updated: (clock: string) => `updated ${clock}`,
  },
} as const;
