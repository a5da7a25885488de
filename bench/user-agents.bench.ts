/*
 * User agents: how often the answers are right, corpus by corpus, and how fast, beside the permissively licensed npm
 * libraries. Every name, expected or answered, is reduced to a family by the same rules before it is compared; device
 * classes likewise. Client-hint headers of the corpora are not used by anyone here.
 *
 *   npm run bench -- user-agents [directory of corpora]
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import bowser from 'bowser';
import { isbot } from 'isbot';
import { createAgentEnricher } from '../packages/server/src/enrich/agent/agent.ts';
import { type Labelled, readCorpora } from '../packages/server/src/enrich/agent/corpora.ts';
import {
  browserFamily,
  CORE_DEVICES,
  DEVICE_CLASSES,
  isPeopleCorpus,
  systemFamily,
} from '../packages/server/src/enrich/agent/corpora-names.ts';

/** The part of ua-parser-js that is used here; the package brings no types. */
interface UaParserModule {
  UAParser: new (
    userAgent: string,
  ) => { getResult(): { os: { name?: string }; browser: { name?: string }; device: { type?: string } } };
}
const { UAParser } = createRequire(import.meta.url)('ua-parser-js') as UaParserModule;

interface Answer {
  os: string;
  browser: string;
  device: string;
}

type Row = Labelled & { corpus: string };
type Parse = (userAgent: string) => Answer;

const shared = process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../shared');
const directory = process.argv[2] ?? join(shared, 'data/user-agents');
if (!existsSync(directory)) {
  console.error(`no corpora in ${directory}: give their directory, or set VEDETTE_SHARED to its parent's parent`);
  process.exit(2);
}

const LARGE = new Set(['smarttv', 'console', 'tv', 'desktop']);
const CARRIED = new Set(['mobile', 'wearable', 'embedded', 'xr']);

/** Class of the other libraries' device types; they leave computers undefined. */
function deviceClass(type: string | undefined): string {
  if (type === undefined || LARGE.has(type)) return 'Desktop';
  if (type === 'tablet') return 'Tablet';
  return CARRIED.has(type) ? 'Mobile' : type === 'bot' ? 'Bot' : '';
}

const enricher = createAgentEnricher({ cacheSize: 1 });
const parsers: Record<string, Parse> = {
  vedette: (userAgent) => {
    const agent = enricher.agent(userAgent);
    return { os: agent.osName, browser: agent.browserName, device: agent.deviceType };
  },
  'ua-parser-js': (userAgent) => {
    const { os, browser, device } = new UAParser(userAgent).getResult();
    return { os: os.name ?? '', browser: browser.name ?? '', device: deviceClass(device.type) };
  },
  bowser: (userAgent) => {
    if (userAgent === '') return { os: '', browser: '', device: '' };
    const { os, browser, platform } = bowser.parse(userAgent);
    return { os: os.name ?? '', browser: browser.name ?? '', device: deviceClass(platform.type) };
  },
};
const [ours, ...peers] = Object.keys(parsers) as [string, ...string[]];

const rows: Row[] = [...readCorpora(directory)].flatMap(([corpus, labelled]) =>
  labelled.map((row) => ({ corpus, ...row })),
);
const figures: object[] = [];

/** Notes a figure beside the best peer's. */
function figure(name: string, unit: string, value: number, others: readonly [string, number][], least = false) {
  const sorted = others.toSorted((a, b) => (least ? a[1] - b[1] : b[1] - a[1]));
  const [peer, peerValue] = sorted[0] ?? ['', Number.NaN];
  const round = (full: number) => Number(full.toPrecision(4));
  figures.push({
    name,
    value: round(value),
    unit,
    peer,
    peer_value: round(peerValue),
    ratio: peerValue === 0 ? null : round(value / peerValue),
  });
}

function percent(all: readonly Row[], good: (row: Row) => boolean): number {
  return all.length === 0 ? Number.NaN : (100 * all.filter(good).length) / all.length;
}

function print(title: string, header: readonly string[], lines: readonly (readonly (string | number)[])[]) {
  console.log(
    `\n${title}\n${['corpus'.padEnd(34), 'rows'.padStart(6), ...header.map((h) => h.padStart(14))].join(' ')}`,
  );
  for (const [corpus = '', count = 0, ...values] of lines) {
    const cells = values.map((value) => (typeof value === 'number' ? value.toFixed(2) : value).padStart(14));
    console.log([String(corpus).padEnd(34), String(count).padStart(6), ...cells].join(' '));
  }
}

/** One table of accuracy: per corpus and in total, for each parser. */
function accuracy(
  title: string,
  figureName: string,
  labelled: readonly Row[],
  right: (row: Row, answer: Answer) => boolean,
  group: (row: Row) => string = (row) => row.corpus,
) {
  const groups = Map.groupBy(labelled, group);
  const shares = (all: readonly Row[]) =>
    Object.values(parsers).map((parse) => percent(all, (row) => right(row, parse(row.userAgent))));
  const total = shares(labelled);
  print(title, Object.keys(parsers), [
    ...[...groups].map(([name, all]) => [name, all.length, ...shares(all)]),
    ['all', labelled.length, ...total],
  ]);
  figure(
    figureName,
    '%',
    total[0] ?? 0,
    peers.map((peer, at) => [peer, total[at + 1] ?? 0]),
  );
}

const onDevices = rows.filter((row) => row.corpus.startsWith('matomo.full.') && row.userAgent !== '');
const isUap = (row: Row) => row.corpus.startsWith('uap.');
const rightSystem = (row: Row, answer: Answer) => systemFamily(answer.os) === systemFamily(row.os ?? '');
const rightBrowser = (row: Row, answer: Answer) => browserFamily(answer.browser) === browserFamily(row.browser ?? '');
const rightDevice = (row: Row, answer: Answer) => answer.device === DEVICE_CLASSES[row.device ?? ''];
const withOs = onDevices.filter((row) => row.os);
const withBrowser = onDevices.filter((row) => row.browser);
const withDevice = onDevices.filter((row) => row.device);
const byDevice = (row: Row) => row.device ?? '';

console.log(`${rows.length} labelled user agents; accuracy in % by corpus`);
accuracy('operating system (device-detector)', 'user_agent_os_matomo', withOs, rightSystem);
accuracy(
  'operating system (uap-core)',
  'user_agent_os_uap',
  rows.filter((row) => isUap(row) && row.os),
  rightSystem,
);
accuracy('browser (device-detector)', 'user_agent_browser_matomo', withBrowser, rightBrowser);
accuracy(
  'browser (uap-core)',
  'user_agent_browser_uap',
  rows.filter((row) => isUap(row) && row.browser),
  rightBrowser,
  // Half of the corpus is bots, feed readers and apps, which the peers do not set out to name.
  (row) =>
    /^(?:mozilla|opera)\//i.test(row.userAgent) && !isbot(row.userAgent) ? 'uap: browsers' : 'uap: bots and apps',
);
accuracy(
  'device class, undisputed kinds',
  'user_agent_device_core',
  withDevice.filter((row) => CORE_DEVICES.has(row.device ?? '')),
  rightDevice,
  byDevice,
);
accuracy('device class, with televisions, cars, watches …', 'user_agent_device_all', withDevice, rightDevice, byDevice);

const botRows = rows.filter((row) => row.bot === true);
const people = rows.filter((row) => isPeopleCorpus(row.corpus) && row.bot !== true);
const calledBot = {
  vedette: (row: Row) => enricher.agent(row.userAgent).isBot,
  isbot: (row: Row) => isbot(row.userAgent),
};
const botShares = (all: readonly Row[]) => Object.values(calledBot).map((called) => percent(all, called));
for (const [title, all] of [
  ['bots found', botRows],
  ['browsers of people called bots', people],
] as const) {
  print(title, Object.keys(calledBot), [
    ...[...Map.groupBy(all, (row) => row.corpus)].map(([name, some]) => [name, some.length, ...botShares(some)]),
    ['all', all.length, ...botShares(all)],
  ]);
}
const [recall = 0, isbotRecall = 0] = botShares(botRows);
const [wrong = 0, isbotWrong = 0] = botShares(people);
figure('user_agent_bot_recall', '%', recall, [['isbot', isbotRecall]]);
figure('user_agent_people_called_bots', '%', wrong, [['isbot', isbotWrong]], true);

/** Strings a second, the best of a few rounds. */
function rate(strings: readonly string[], parse: (userAgent: string) => unknown, rounds = 3): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (const userAgent of strings) parse(userAgent);
    best = Math.max(best, (strings.length / (performance.now() - start)) * 1000);
  }
  return best;
}

const distinct = [...new Set(rows.map((row) => row.userAgent))];
console.log(`\nspeed, one core: ${distinct.length} distinct strings, each parsed; best of 3 rounds`);
const cold = Object.entries(parsers).map(([name, parse]) => [name, rate(distinct, parse)] as [string, number]);
for (const [name, value] of cold) console.log(`${name.padEnd(16)} ${Math.round(value).toLocaleString('en')} /s`);
figure(
  'user_agent_uncached',
  '1/s',
  cold.find(([name]) => name === ours)?.[1] ?? 0,
  cold.filter(([name]) => name !== ours),
);

// Warm: what an access log brings, the same few thousand strings over and over, each time as a new string object.
const common = distinct.filter((_, at) => at % 10 === 0);
const warm = createAgentEnricher();
for (const userAgent of common) warm.agent(userAgent);
const repeated = Array.from({ length: 500_000 }, (_, at) => Buffer.from(common[at % common.length] ?? '').toString());
const warmRate = rate(repeated, (userAgent) => warm.agent(userAgent), 1);
const sameObjects = rate(
  Array.from({ length: 2_000_000 }, (_, at) => common[at % common.length] ?? ''),
  (userAgent) => warm.agent(userAgent),
);
console.log(`\nwarm: ${common.length} strings over and over`);
console.log(`new string objects  ${Math.round(warmRate).toLocaleString('en')} /s (the hash of each is computed)`);
console.log(`same string objects ${Math.round(sameObjects).toLocaleString('en')} /s`);
figure(
  'user_agent_warm',
  '1/s',
  sameObjects,
  cold.filter(([name]) => name !== ours),
);
figure(
  'user_agent_warm_new_strings',
  '1/s',
  warmRate,
  cold.filter(([name]) => name !== ours),
);

const start = performance.now();
createAgentEnricher().agent('curl/8.5.0');
console.log(`load: ${(performance.now() - start).toFixed(0)} ms (a second time in this process)\n`);
for (const line of figures) console.log(JSON.stringify(line));
