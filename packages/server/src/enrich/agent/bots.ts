import { list as isbotList } from 'isbot';
import { PHONE_MAKER } from './device.ts';
import type { Pattern } from './pattern-index.ts';

/*
 * Is it a machine? Evidence of several strengths:
 *
 * - `strong`: what only a bot says of itself: a name that ends in bot, crawler or spider, an address where its operator
 *   explains it, an engine without a screen. isbot's list adds the names of tools that are nothing else.
 * - `words` of isbot's list that bots have in their names, and that occur in names of devices too ("Discovery", "Catch").
 *   They count unless a person's mark is there; on a common mobile browser they count beside its platform.
 * - `shapes` of isbot's list ("name/1.0" and nothing more) and words that apps have too: they count without such a mark.
 * - `personal`: marks of a phone, television, console, watch or app platform.
 *
 * Apps of people are people: CFNetwork/Darwin and Dalvik are what an app on someone's device sends. A bare HTTP library
 * (okhttp, curl, python-requests, Go-http-client) is a bot, and so are feed readers and link previews wherever they run.
 */

/** Strong evidence of our own. */
const STRONG = [
  // Names that end in bot, crawler and the like.
  '(?<!\\bcu|\\bro)bots?(?![a-z])',
  'crawl(?:er|ing|bot)?(?![a-z])',
  'spider(?!man)',
  'scrap(?:er|y|ing)\\b',
  'slurp\\b',
  // Where to complain: a URL or an e-mail address.
  '\\+ ?https?:',
  '[;(] ?https?://',
  '[\\w.-]@[a-z][\\w-]+\\.[a-z]',
  // "compatible" with a name and nothing else: old browsers and Explorer go on to tell their system.
  '^mozilla/\\d\\.\\d \\(compatible; (?!msie|konqueror|amiga)[^;()]{1,60}\\)$',
  // Engines without a screen and measuring tools.
  'headless|slimerjs|jsdom|nscurl',
  'ptst/',
  'page ?speed',
  'gtmetrix',
  'thumbnail ?generat|webthumb',
  'uptime|site24x7|catchpoint|datadog|newrelicpinger|gomezagent|yottaa|dynatrace|ruxit',
  // Services that fetch for a search engine, an assistant or a preview.
  'google(?:-| )(?:read-aloud|inspectiontool|adwords|web preview|favicon|page|amphtml|extended|safety|producer)',
  'google-(?:site-verification|notebooklm|agent|speakr|ads)|googleother|googleadsense|googleimageproxy|googleweblight',
  '(?:mediapartners|storebot|duplexweb|apis|adsbot)-google|via ggpht\\.com',
  'bingpreview|facebookexternalhit|facebookcatalog|meta-external',
  '(?:chatgpt|perplexity|claude|mistralai)-user|duckassist',
  '(?:link|url|page) ?preview|/snippet',
  '^whatsapp/\\S+ (?!.{0,40}device/)',
  'newsblur|feed(?:ly|bin|dler|fetch|burner|parser|demon|validator)|\\brss|rss\\b',
  // Scanners.
  '\\b(?:zgrab|masscan|nuclei|sqlmap|nikto|censys|expanse)',
  // Forgeries: versions glued to the next product, templates never filled in, and code.
  '/\\d+\\.\\d[\\d.]*mqqbrowser/|^[\\w ]{1,30}, ?mozilla/\\d',
  'firefoxversion|geckotrail|android 0;|\\.env\\b|<\\?|\\$\\{|\\{\\{|<script|select .{1,40} from ',
];

/** Entries of isbot's list that describe a form rather than name something. */
const isShape = (entry: string) => /^\^\[|^\^\\[wd]|\\w\+|^\\\(|^\\\||\[\\w|^;/.test(entry);

/** Words of isbot's list that apps and televisions use as well: no evidence beside a person's mark. */
const APP_WORDS = new Set([
  '(?:^|[^g])news(?!sapphire)',
  '(?<! channel/|google/)google(?!(?:wv|app|/google| pixel))',
  '(?<! cu)bots?(?:\\b|_)',
  '(?<!lib)http',
  '\\.com\\b',
  '\\bbw/',
  '\\bdlc\\b',
  '\\bort/',
  '\\btime/',
  '^active',
  '^apache/',
  '^client/',
  '^custom',
  '^email',
  '^facebook',
  '^navermailapp',
  '^offline',
  '^read',
  '^reed',
  '^rest',
  '^rank',
  '^snapchat',
  '^whatsapp',
  '^track',
  '^yahoo',
  '^yandex',
  '^zdm/\\d',
  'catch',
  'cursor/',
  'discovery',
  'download',
  'java(?!;)',
  'library',
  'mail\\.ru/',
  'node\\b',
  'proxy',
  'server',
  'sogou',
  'supercleaner',
  'tools',
  'torrent',
  'url',
]);

/** Words of isbot's list that occur in names of devices, but hardly in what a mobile browser adds to its own name. */
const DEVICE_WORDS = new Set([
  '(?<!cam)scan',
  'abuse',
  'advisor',
  'agent\\b',
  'analyzer',
  'archive',
  'audit',
  'capture',
  'check\\b',
  'checker',
  'classifier',
  'cloudflare',
  'crawl',
  'detect',
  'feed',
  'grab',
  'insight',
  'inspect',
  'measure',
  'monitor\\b',
  'optimize',
  'parser',
  'preview',
  'radar',
  'rigor',
  'spider',
  'splash',
  'synapse',
  'synthetic',
  'validator',
  'virtuoso',
]);

/** Entries of isbot's list that we hold to be wrong: browsers and plug-ins of people. */
const DISTRUSTED = new Set(['chromeframe', '^amaya', '^netsurf', 'offbyone', 'browsex', 'ibisbrowser', 'powermarks']);

/** Marks of devices and platforms that people use. */
const PERSONAL = [
  'android[ /-]?\\d|\\bandroid\\b|\\badr \\d|dalvik/',
  PHONE_MAKER,
  'iphone|ipad|ipod|apple ?tv|watch ?os|\\bwatch\\d|tvos|server-bag|\\bios[ /]\\d',
  'cfnetwork/|darwin/\\d',
  'hbbtv|smart-?_?tv|nettv|ce-html|vidaa|googletv|netcast|web0s|webos|bravia|\\baft[a-z]{1,3}|roku|crkey|tpapi|viera',
  'aquos|bdplayer|opera tv|tv store|,wire(?:d|less)\\)',
  'playstation|nintendo|xbox|sonos',
  'midp|cldc|\\bwap|maui|obigo|opera ?mini|opera mobi|ucbrowser|ucweb|symb(?:ian|os)|series ?[346]0|blackberry|\\bbb10',
  'windows phone|iemobile|windows ce|pocket internet explorer|kaios|\\bbada\\b|tizen|maemo|meego|brew\\b|sailfish',
  'nokia|sonyericsson|samsung|huawei|motorola|alcatel',
  'googleearth|qqdownload|chromeframe|electron/|\\[fb|fban/',
  // Old and rare browsers that say little more than their name.
  '^(?:mozilla/\\d\\.\\d+ \\(compatible; )?(?:amaya|netsurf|elinks|e?links|lynx|w3m|dillo|offbyone|ncsa_mosaic|bonecho)\\b',
  '\\bbrowser/\\d|browser/\\d+\\.\\d+$',
];

export interface BotEvidence {
  strong: readonly Pattern[];
  words: readonly Pattern[];
  shapes: readonly Pattern[];
  personal: readonly Pattern[];
}

/** All patterns, by what they prove. */
export function botEvidence(): BotEvidence {
  const trusted = isbotList.filter((entry) => !DISTRUSTED.has(entry));
  const isWeak = (entry: string) => isShape(entry) || APP_WORDS.has(entry);
  const patterns = (sources: readonly string[]) => sources.map((source) => ({ source, flags: 'i' }));
  return {
    strong: patterns([...STRONG, ...trusted.filter((entry) => !isWeak(entry) && !DEVICE_WORDS.has(entry))]),
    words: patterns(trusted.filter((entry) => DEVICE_WORDS.has(entry))),
    shapes: patterns(trusted.filter(isWeak)),
    personal: patterns(PERSONAL),
  };
}

const MOBILE_BROWSER = /^mozilla\/5\.0 \((?:linux|android|iphone|ipad|ipod|mobile|tablet)[^)]{0,400}/i;
/** Parts of a platform that are not names of devices: programs with a version, and explanations. */
const NOT_A_DEVICE = /^(?! *[^;]{0,80}build\/).*(?:\w\/\d|https?:|compatible|www\.)/i;

/**
 * The text with the device's name blanked out of the platform of a mobile browser, since phones are called "M bot 60" and
 * "Discovery Note"; null when it is not a mobile browser's.
 */
export function withoutDevice(userAgent: string): string | null {
  const platform = MOBILE_BROWSER.exec(userAgent)?.[0];
  if (platform === undefined) return null;
  const kept = platform.split(';').map((part, index) => (index === 0 || NOT_A_DEVICE.test(part) ? part : ' -'));
  return kept.join(';') + userAgent.slice(platform.length);
}
