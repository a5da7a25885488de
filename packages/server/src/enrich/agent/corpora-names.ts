import type { DeviceType } from '../../model/enrichment.ts';

/*
 * The corpora and the libraries name the same things differently ("Mac", "Mac OS X", "macOS"). To compare them fairly,
 * every name, expected or answered, is first reduced to a family by the same rules, whoever said it.
 */

const SYSTEM_FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^(?:windows ?phone|windows mobile|windows ce|windows rt|windows iot|pocket pc)/, 'windows mobile'],
  [/^windows/, 'windows'],
  [/^(?:mac os x|macos|mac|mac os|os x|darwin)$/, 'macos'],
  [/^(?:ios|ipados|iphone)/, 'ios'],
  [/^(?:chrome ?os|chromium os|cros)/, 'chromeos'],
  [/^chromecast|^fuchsia/, 'chromecast'],
  [
    /^(?:android|fire ?os|lineage|cyanogen|mocordroid|smartisan|yunos|hyperos|miui|myos|coloros|meta horizon|google ?tv|remix|clearos|freedom)/,
    'android',
  ],
  [/^harmony|^openharmony/, 'harmonyos'],
  [
    /^(?:gnu\/linux|linux|ubuntu|kubuntu|xubuntu|lubuntu|debian|fedora|red ?hat|centos|suse|opensuse|gentoo|arch|mandriva|mageia|mint|slackware|pclinuxos|amazon linux|opera tv|whale os|tivo os|brightsign|vidaa|thinos|orsay|alpine|puppy|knoppix|vectorlinux|sabayon|deepin|raspbian|raspberry|pureos|kin os|zenwalk|backtrack)/,
    'linux',
  ],
  [/^(?:symbian|nokia series|series ?[346]0|s60)/, 'symbian'],
  [/^blackberry|^rim/, 'blackberry'],
  [/^web ?os|^web0s|^hpwos|^hp webos|^palm ?webos/, 'webos'],
  [/^(?:apple ?tv|atv os x|tvos)/, 'tvos'],
  [/^watch ?os/, 'watchos'],
  [/^(?:brew|brew mp)/, 'brew'],
  [/^(?:solaris|sunos)/, 'solaris'],
  [/^roku/, 'roku'],
  [/^tizen|^smart-?tv/, 'tizen'],
];

const BROWSER_FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/headless/, 'headless chrome'],
  [
    /^(?:chrome|chromium|mobile chrome|google chrome|chrome (?:mobile|webview|headless|ios).*|crios|chrome dev)$/,
    'chrome',
  ],
  [
    /^(?:mobile safari.*|safari|safari mobile|apple safari|safari technology preview|wkwebview|mobile safari ui.*)$/,
    'safari',
  ],
  [/^(?:firefox.*|mobile firefox|mozilla firefox|fennec|minefield|shiretoko|namoroka)$/, 'firefox'],
  [/^(?:ie|internet explorer|msie|iemobile|ie mobile|ie large screen|microsoft ie)$/, 'ie'],
  [/^(?:edge|edge mobile|microsoft edge.*|edgehtml|edge webview2?)$/, 'edge'],
  [/^opera mini/, 'opera mini'],
  [/^opera (?:mobile|mobi|touch|gx|devices|next|neon|tablet|for .*)$|^opera$|^opera mobi$/, 'opera'],
  [/^samsung/, 'samsung'],
  [/^(?:android|android browser|aosp)$/, 'android'],
  [/^(?:mi|miui) ?browser|^miuibrowser/, 'miui'],
  [/^(?:uc ?browser|ucweb|uc ?browser mini|ubrowser)/, 'uc'],
  [/^(?:qq ?browser|mqqbrowser|qqbrowser ?lite)/, 'qq'],
  [/^yandex/, 'yandex'],
  [/^(?:nokia|s40 ?ovi|ovi browser)/, 'nokia'],
  [/^blackberry/, 'blackberry'],
  [/^huawei/, 'huawei'],
  [/^(?:vivo)/, 'vivo'],
  [/^heytap/, 'heytap'],
  [/^(?:silk|amazon silk|mobile silk)/, 'silk'],
  [/^(?:baidu)/, 'baidu'],
  [/^(?:duckduckgo)/, 'duckduckgo'],
  [/^(?:netfront)/, 'netfront'],
  [/^(?:puffin)/, 'puffin'],
  [/^(?:brave)/, 'brave'],
  [/^(?:oculus|meta quest)/, 'oculus'],
  [/^(?:sogou)/, 'sogou'],
  [/^(?:wechat|micromessenger)/, 'wechat'],
];

function family(name: string, families: readonly (readonly [RegExp, string])[]): string {
  const plain = name.toLowerCase().trim();
  const found = families.find(([pattern]) => pattern.test(plain));
  return found?.[1] ?? plain.replace(/ (?:browser|mobile|lite)\b/g, '').replace(/[^a-z0-9]+/g, '');
}

/** Family of an operating system's name; "Other" and no name are the same. */
export function systemFamily(name: string): string {
  return name === 'Other' ? '' : family(name, SYSTEM_FAMILIES);
}

/** Family of a browser's name; "Other" and no name are the same. */
export function browserFamily(name: string): string {
  return name === 'Other' ? '' : family(name, BROWSER_FAMILIES);
}

/** Our class for each device type of the corpora; the reasons are in device.ts. */
export const DEVICE_CLASSES: Readonly<Record<string, DeviceType>> = {
  smartphone: 'Mobile',
  'feature phone': 'Mobile',
  phablet: 'Mobile',
  'portable media player': 'Mobile',
  wearable: 'Mobile',
  camera: 'Mobile',
  peripheral: 'Mobile',
  'car browser': 'Mobile',
  tablet: 'Tablet',
  'smart display': 'Tablet',
  desktop: 'Desktop',
  tv: 'Desktop',
  console: 'Desktop',
  'smart speaker': '',
};

/** Device types that have an undisputed class; the others are a matter of definition. */
export const CORE_DEVICES: ReadonlySet<string> = new Set([
  'smartphone',
  'feature phone',
  'phablet',
  'portable media player',
  'tablet',
  'desktop',
]);

/** Corpora of browsers on devices that people use, except for single rows labelled as bots. */
export function isPeopleCorpus(corpus: string): boolean {
  return /^isbot\.browsers|^matomo\.(?:client\.browser|device\.|full\.(?:smart|feature_phone|phablet|tablet|desktop|tv|console|car|wearable|camera|peripheral|portable|clienthints))/.test(
    corpus,
  );
}
