import type { NameRule } from './uap-rules.ts';

/*
 * Browsers and systems that uap-core's rules pass over. Most browsers are built on Chromium or a web view and add a token
 * of their own; where uap-core knows only the engine beneath, the brand is what people call the browser.
 */

/** Names of uap-core that say which engine it is, not which browser. */
const ENGINES = new Set([
  'Chrome',
  'Chrome Mobile',
  'Chrome Mobile WebView',
  'Chrome Mobile iOS',
  'Chromium',
  'Mobile Safari',
  'Mobile Safari UI/WKWebView',
  'Safari',
  'Android',
  'Apple Mail',
  'WebKit Nightly',
  'HbbTV',
  'YandexSearch',
  'Firefox',
  'Firefox Mobile',
  'Phantom',
]);

/** Token and, where it is not the same, the name; the first found decides. */
const TOKENS = [
  'YaSearchBrowser/=Yandex Browser, YaBrowser/=Yandex Browser, YaApp_=Yandex Browser, HuaweiBrowser/=Huawei Browser',
  'HonorBrowser/=Honor Browser, bdhonorbrowser/=Honor Browser, VivoBrowser/=VivoBrowser, HeyTapBrowser/=HeyTap Browser',
  'OppoBrowser/=Oppo Browser, MZBrowser/=Meizu Browser, MobileLenovoBrowser/=Lenovo Browser, SLBrowser/=Smart Lenovo Browser',
  'XiaoMi/MiuiBrowser=MiuiBrowser, TranssionBrowser/=Transsion Browser, PHX/=Phoenix Browser, AlohaBrowser/=Aloha Browser',
  'Quark/, QuarkPC/=Quark, SogouMobileBrowser/=Sogou Mobile Browser, UCMobile/=UC Browser, UCBrowser/=UC Browser',
  'baiduboxapp/=Baidu Explorer, bdbrowser=Baidu Browser, MQQBrowser/=QQ Browser Mobile, MicroMessenger/=WeChat Browser',
  'Weibo (=Weibo, Weibo/=Weibo, __weibo__=Weibo, KAKAOTALK=KakaoTalk, NAVER(=NAVER, BytedanceWebview/=TikTok, musical_ly=TikTok',
  'trill_=TikTok, Telegram-Android/=Telegram, DuckDuckGo/, Ddg/=DuckDuckGo, OPX/=Opera GX, OPT/=Opera Touch, OPR/=Opera',
  'Brave/=Brave, Brave Chrome=Brave, Vivaldi/, AvastSecureBrowser/=Avast Secure Browser, Avast/=Avast Secure Browser',
  'AVG/=AVG Secure Browser, Ecosia=Ecosia, EcosiaAndroid=Ecosia, QwantMobile/=Qwant Mobile, QwantBrowser/=Qwant Mobile',
  'Focus/=Firefox Focus, Klar/=Firefox Klar, Rocket/=Firefox Rocket, Kiwi/=Kiwi, Iridium/, CocCoc, coc_coc_browser=Coc Coc',
  'ACHEETAHI/=CM Browser, ABB/=AdBlock Browser, MxBrowser/=Maxthon, Maxthon/, Whale/, LBBROWSER=Liebao, 2345Explorer',
  'CometBird/, Sleipnir/, Lunascape/, iLunascape/=Lunascape, Smooz/, Mercury/, Mobicip/, Puffin/, Epic/, TorBrowser/=Tor Browser',
  'Odin/, Atom/, TV Bro/, QtWebEngine/=Qt Web Engine, OBS/=OBS Studio, AdobeCEP/=Adobe CEP, Steam/, Valve Steam=Steam Client, OculusBrowser/=Oculus Browser',
  'RuxitSynthetic/=Ruxit Synthetic, Tbrowser/=T-Browser, SRAF/=Seraphic Sraf, OMI/=Vewd Browser, LG Browser/=LG Browser',
  'NetCast=LG Browser, Espial/, TeslaBrowser/=Tesla Browser, QtCarBrowser=Tesla Browser, PlayStation=PlayStation Browser',
  'Snapchat, Instagram, FB_IAB=Facebook, FBAN/=Facebook, Pinterest/, LinkedInApp=LinkedIn, Twitter for=Twitter, Line/=LINE',
  'WeiboIntl=Weibo, Mypal/=Mypal Browser, HiBrowser/=HiBrowser, QIHU=360 Secure Browser, CitizenFX/, Teams/=Microsoft Teams, Slack/, Discord/=Discord, Notion/, Obsidian/, Electron/',
];

/** Brands by token. */
export const BRAND_RULES: readonly NameRule[] = [
  ...TOKENS.flatMap((line) => line.split(', ')).map((entry) => {
    const [token = '', name = token.replace(/\/$/, '')] = entry.split('=');
    return { source: `(?<![a-z0-9])${token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}`, flags: 'i', name };
  }),
  // "SomethingBrowser/1.2", and what a build of Chromium for the desktop puts at its end: "… Safari/537.36 Something/1.2".
  { source: '(?<![A-Za-z])([A-Z][A-Za-z]{2,20}Browser)/\\d', flags: '', name: '' },
  {
    source: '\\((?:Windows NT|Macintosh|X11)[^)]*\\).* Chrome/[\\d.]+ Safari/[\\d.]+ ([A-Z]\\w{2,24})/\\d[\\d.]*$',
    flags: '',
    name: '',
  },
];

/** Whether a name of uap-core leaves room for a brand. */
export function isEngine(name: string): boolean {
  return ENGINES.has(name);
}

/** Systems, where uap-core's rules name none. */
export const SYSTEM_RULES: readonly NameRule[] = [
  ['\\bdv\\(iph|fbios|\\bios\\b|ios podcast', 'iOS'],
  ['fban/fb4a|fbsn/android|fire ?os|okhttp|podkicker|\\badr \\d|exoplayer|stagefright', 'Android'],
  ['\\bwatch\\d,|watch os', 'watchOS'],
  ['harmonyos|openharmony|\\bhmos\\b', 'HarmonyOS'],
  ['mac ?os|\\bmac \\d|os=mac|macintosh|darwin/|os/macos|apple-darwin|power ?mac', 'macOS'],
  ['mingw|cygwin|win32|win64|\\bwin(?:\\d\\d?|nt)\\b|winhttp|microsoft-', 'Windows'],
  ['roku', 'Roku'],
  ['\\birix', 'IRIX'],
  ['haiku', 'Haiku'],
  ['\\bos/2|arcaos', 'OS/2'],
  ['amigaos', 'AmigaOS'],
  ['morphos', 'MorphOS'],
  ['hp-ux', 'HP-UX'],
  ['\\baix\\b', 'AIX'],
  ['symbian|series ?60|\\bs60', 'Symbian OS'],
  ['smart-tv|smarthub|maple', 'Tizen'],
].map(([source = '', name = '']) => ({ source, flags: 'i', name }));
