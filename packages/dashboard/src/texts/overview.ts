import { counted } from './language.ts';

/** The words of the Overview, some of which other charts and lists use as well. */
export const overview = {
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
    time: (zone: string) => `From (${zone})`,
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
    explore: 'See all in Explore',
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
} as const;
