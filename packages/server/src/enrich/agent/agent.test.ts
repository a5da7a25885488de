import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BotKind, type DeviceType, NO_AGENT } from '../../model/enrichment.ts';
import { createAgentEnricher } from './agent.ts';

const enricher = createAgentEnricher();
const WEBKIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const IOS = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const phone = (model: string, rest = 'Chrome/124.0.0.0 Mobile Safari/537.36') =>
  `Mozilla/5.0 (Linux; Android 13; ${model}) ${WEBKIT} ${rest}`;
const desktop = (rest: string) => `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${WEBKIT} ${rest}`;

const PEOPLE: [string, DeviceType, string, string][] = [
  [desktop('Chrome/124.0.0.0 Safari/537.36'), 'Desktop', 'Windows', 'Chrome'],
  [desktop('Chrome/124.0.0.0 Safari/537.36 Edg/124.0.2478.51'), 'Desktop', 'Windows', 'Edge'],
  [desktop('Chrome/123.0.0.0 Safari/537.36 OPR/109.0.0.0'), 'Desktop', 'Windows', 'Opera'],
  [desktop('Chrome/122.0.0.0 YaBrowser/24.4.0.0 Safari/537.36'), 'Desktop', 'Windows', 'Yandex Browser'],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:126.0) Gecko/20100101 Firefox/126.0', 'Desktop', 'Windows', 'Firefox'],
  ['Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko', 'Desktop', 'Windows', 'IE'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${IOS} Version/17.4 Safari/605.1.15`, 'Desktop', 'macOS', 'Safari'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} Chrome/120.0.0.0 Safari/537.36`, 'Desktop', 'Linux', 'Chrome'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0', 'Desktop', 'Ubuntu', 'Firefox'],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 15633.69.0) ${WEBKIT} Chrome/119.0.0.0 Safari/537.36`,
    'Desktop',
    'ChromeOS',
    'Chrome',
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) ${IOS} Version/17.4 Mobile/15E148 Safari/604.1`,
    'Mobile',
    'iOS',
    'Mobile Safari',
  ],
  [
    `Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) ${IOS} Version/16.6 Mobile/15E148 Safari/604.1`,
    'Tablet',
    'iOS',
    'Mobile Safari',
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) ${IOS} CriOS/120.0.6099.50 Mobile/15E148 Safari/604.1`,
    'Mobile',
    'iOS',
    'Chrome Mobile iOS',
  ],
  [phone('Pixel 8'), 'Mobile', 'Android', 'Chrome Mobile'],
  [phone('K'), 'Mobile', 'Android', 'Chrome Mobile'],
  [phone('K', 'Chrome/124.0.0.0 Safari/537.36'), 'Tablet', 'Android', 'Chrome'],
  [
    phone('SM-S911B', 'SamsungBrowser/24.0 Chrome/117.0.0.0 Mobile Safari/537.36'),
    'Mobile',
    'Android',
    'Samsung Internet',
  ],
  [
    phone('SM-A536B; wv', 'Version/4.0 Chrome/120.0.6099.43 Mobile Safari/537.36'),
    'Mobile',
    'Android',
    'Chrome Mobile WebView',
  ],
  // "Desktop site" on a phone, and the reverse: tablets whose browser says "Mobile".
  [phone('SM-G991B', 'Chrome/124.0.0.0 Safari/537.36'), 'Mobile', 'Android', 'Chrome'],
  [phone('SM-T870'), 'Tablet', 'Android', 'Chrome Mobile'],
  [phone('Lenovo TB-X606F'), 'Tablet', 'Android', 'Chrome Mobile'],
  [phone('Redmi Pad SE'), 'Tablet', 'Android', 'Chrome Mobile'],
  [phone('AGS3-W09'), 'Tablet', 'Android', 'Chrome Mobile'],
  [phone('KFTRWI', 'Silk/110.1.1 like Chrome/110.0.5481.154 Safari/537.36'), 'Tablet', 'Android', 'Amazon Silk'],
  ['Mozilla/5.0 (Android 13; Tablet; rv:121.0) Gecko/121.0 Firefox/121.0', 'Tablet', 'Android', 'Firefox Mobile'],
  ['Mozilla/5.0 (Android 13; Mobile; rv:121.0) Gecko/121.0 Firefox/121.0', 'Mobile', 'Android', 'Firefox Mobile'],
  [phone('HP Chromebook 14', 'Chrome/110.0.0.0 Safari/537.36'), 'Desktop', 'Android', 'Chrome'],
  // Televisions, boxes and consoles.
  [phone('BRAVIA 4K VH2', 'Chrome/110.0.0.0 Safari/537.36'), 'Desktop', 'Android', 'Chrome'],
  [phone('AFTMM', 'Silk/110.1.1 like Chrome/110.0.5481.154 Safari/537.36'), 'Desktop', 'Android', 'Amazon Silk'],
  [phone('DEMO-LED43UHD20'), 'Desktop', 'Android', 'Chrome Mobile'],
  [
    `Mozilla/5.0 (Web0S; Linux/SmartTV) ${WEBKIT} Chrome/94.0.4606.128 Safari/537.36 WebAppManager`,
    'Desktop',
    'webOS',
    'Chrome',
  ],
  [
    `Mozilla/5.0 (SMART-TV; Linux; Tizen 6.5) ${WEBKIT} SamsungBrowser/5.0 Chrome/85.0.4183.93 TV Safari/537.36`,
    'Desktop',
    'Tizen',
    'Samsung Internet',
  ],
  [
    `Mozilla/5.0 (PlayStation; PlayStation 5/9.00) ${IOS} Version/15.4 Safari/605.1.15`,
    'Desktop',
    '',
    'PlayStation Browser',
  ],
  // Older phones.
  ['Opera/9.80 (J2ME/MIDP; Opera Mini/8.0/191.250; U; en) Presto/2.12.423 Version/12.16', 'Mobile', '', 'Opera Mini'],
  ['Nokia6300/2.0 (07.30) Profile/MIDP-2.0 Configuration/CLDC-1.1', 'Mobile', '', 'Nokia Services (WAP) Browser'],
  ['Mozilla/5.0 (Mobile; Nokia 2720; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5', 'Mobile', 'KaiOS', 'Firefox Mobile'],
  // Apps of people: the platform's own HTTP client says so.
  ['Dalvik/2.1.0 (Linux; U; Android 12; Pixel 6 Build/SP2A.220305.012)', 'Mobile', 'Android', 'Android'],
  ['ExampleApp/42 CFNetwork/1410.0.3 Darwin/22.6.0', 'Mobile', 'iOS', 'ExampleApp'],
  ['ExampleApp/42 CFNetwork/902.1 Darwin/17.7.0 (x86_64)', 'Desktop', 'macOS', 'ExampleApp'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) ${IOS} Mobile/15E148 Instagram 300.0.0.1 (iPhone14,2; iOS 16_0)`,
    'Mobile',
    'iOS',
    'Instagram',
  ],
  // Brands on borrowed engines.
  [
    phone('LIO-L29', 'Chrome/99.0.4844.88 HuaweiBrowser/13.0.1.301 Mobile Safari/537.36'),
    'Mobile',
    'Android',
    'Huawei Browser',
  ],
  [desktop('Chrome/124.0.0.0 Safari/537.36 Vivaldi/6.7.3329.31'), 'Desktop', 'Windows', 'Vivaldi'],
  [desktop('Chrome/110.0.0.0 Safari/537.36 Avast/110.0'), 'Desktop', 'Windows', 'Avast Secure Browser'],
  // As W3C logs write it.
  [desktop('Chrome/124.0.0.0 Safari/537.36').replaceAll(' ', '+'), 'Desktop', 'Windows', 'Chrome'],
  // Names of devices that sound like bots, or say nothing else.
  ['LG-KP500', 'Mobile', '', ''],
  [phone('Discovery Note 2'), 'Mobile', 'Android', 'Chrome Mobile'],
  [phone('CUBOT X50'), 'Mobile', 'Android', 'Chrome Mobile'],
  [phone('Catch 5'), 'Mobile', 'Android', 'Chrome Mobile'],
  [phone('M bot 60'), 'Mobile', 'Android', 'Chrome Mobile'],
];

const BOTS: [string, string, BotKind][] = [
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot', 'search'],
  [
    phone(
      'Nexus 5X Build/MMB29P',
      'Chrome/124.0.0.0 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    ),
    'Googlebot',
    'search',
  ],
  ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'bingbot', 'search'],
  ['Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)', 'YandexBot', 'search'],
  ['DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)', 'DuckDuckBot', 'search'],
  [`Mozilla/5.0 ${WEBKIT}; compatible; GPTBot/1.2; +https://openai.com/gptbot)`, 'GPTBot', 'ai'],
  [`Mozilla/5.0 ${WEBKIT}; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)`, 'ClaudeBot', 'ai'],
  [
    `Mozilla/5.0 ${WEBKIT}; compatible; PerplexityBot/1.0; +https://perplexity.ai/perplexitybot)`,
    'PerplexityBot',
    'ai',
  ],
  [
    'Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)',
    'Bytespider',
    'ai',
  ],
  [
    'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
    'meta-externalagent',
    'ai',
  ],
  ['CCBot/2.0 (https://commoncrawl.org/faq/)', 'CCBot', 'ai'],
  ['Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 'UptimeRobot', 'monitor'],
  ['Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)', 'Pingdom', 'monitor'],
  ['Prometheus/2.51.0', 'Prometheus', 'monitor'],
  ['kube-probe/1.29', 'kube-probe', 'monitor'],
  [desktop('Chrome/124.0.0.0 Safari/537.36 Chrome-Lighthouse'), 'Lighthouse', 'monitor'],
  ['Feedly/1.0 (+http://www.feedly.com/fetcher.html; 7 subscribers; like FeedFetcher-Google)', 'Feedly', 'feed'],
  ['Tiny Tiny RSS/23.05 (https://tt-rss.org/)', 'Tiny Tiny RSS', 'feed'],
  ['Mozilla/5.0 zgrab/0.x', 'zgrab', 'scanner'],
  ['masscan/1.3 (https://github.com/robertdavidgraham/masscan)', 'masscan', 'scanner'],
  ['Mozilla/5.0 (compatible; Nmap Scripting Engine; https://nmap.org/book/nse.html)', 'Nmap', 'scanner'],
  ['Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)', 'CensysInspect', 'scanner'],
  ['Expanse, a Palo Alto Networks company, searches across the global IPv4 space', 'Expanse', 'scanner'],
  ['curl/8.5.0', 'curl', 'library'],
  ['Wget/1.21.4', 'Wget', 'library'],
  ['python-requests/2.31.0', 'python-requests', 'library'],
  ['python-httpx/0.27.0', 'python-httpx', 'library'],
  ['httpx - Open-source project (github.com/projectdiscovery/httpx)', 'httpx', 'scanner'],
  ['Go-http-client/1.1', 'Go-http-client', 'library'],
  ['okhttp/4.12.0', 'okhttp', 'library'],
  ['axios/1.6.8', 'axios', 'library'],
  ['Java/17.0.9', 'Java', 'library'],
  ['Dart/3.3 (dart:io)', 'Dart', 'library'],
  ['containerd/v1.7.13', 'containerd', 'library'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${WEBKIT} HeadlessChrome/124.0.0.0 Safari/537.36`, 'Headless Chrome', 'library'],
  ['facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 'facebookexternalhit', 'social'],
  ['Twitterbot/1.0', 'Twitterbot', 'social'],
  ['Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 'Slackbot', 'social'],
  ['WhatsApp/2.24.7.79 A', 'WhatsApp', 'social'],
  ['Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)', 'Discordbot', 'social'],
  ['Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 'AhrefsBot', 'seo'],
  ['Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)', 'SemrushBot', 'seo'],
  ['Mozilla/5.0 (compatible; MJ12bot/v1.4.8; http://mj12bot.com/)', 'MJ12bot', 'seo'],
  // Not in the table: named by the token that looks like a name, guessed by its words.
  ['Mozilla/5.0 (compatible; ExampleBot/3.1; +https://bot.example/)', 'ExampleBot', 'other'],
  ['AcmeUptimeChecker/1.0 (ops@example.org)', 'AcmeUptimeChecker', 'monitor'],
  ['example-feed-fetcher/2.0 (+https://feeds.example/)', 'example-feed-fetcher', 'feed'],
  ['<script>alert(1)</script>', 'script', 'other'],
];

describe('people', () => {
  it.each(PEOPLE)('%s', (userAgent, deviceType, osName, browserName) => {
    expect(enricher.agent(userAgent)).toEqual({ ...NO_AGENT, deviceType, osName, browserName });
  });
});

describe('bots', () => {
  it.each(BOTS)('%s', (userAgent, botName, botKind) => {
    expect(enricher.agent(userAgent)).toMatchObject({ isBot: true, deviceType: 'Bot', botName, botKind });
  });
});

describe('no user agent', () => {
  it('says nothing where the source has no such field', () => {
    expect(enricher.agent(null)).toBe(NO_AGENT);
  });

  it.each(['', '-', '  '])('is a library when the client sent %j', (userAgent) => {
    expect(enricher.agent(userAgent)).toEqual({
      ...NO_AGENT,
      deviceType: 'Bot',
      isBot: true,
      botName: 'no user agent',
      botKind: 'library',
    });
  });
});

describe('answers', () => {
  it('are frozen, and the same object for the same answer, whatever the version', () => {
    const one = enricher.agent(desktop('Chrome/124.0.0.0 Safari/537.36'));
    const other = enricher.agent(desktop('Chrome/99.0.1.2 Safari/537.36'));
    expect(other).toBe(one);
    expect(Object.isFrozen(one)).toBe(true);
    expect(Object.isFrozen(enricher.agent('curl/8.5.0'))).toBe(true);
  });

  it('stay few when clients make up names', () => {
    const flooded = createAgentEnricher({ cacheSize: 10 });
    const seen = new Set<object>();
    const letters = (n: number) =>
      [...n.toString(26)].map((digit) => String.fromCharCode(97 + parseInt(digit, 26))).join('');
    for (let i = 0; i < 20_000; i++) {
      seen.add(flooded.agent(`${letters(i)}bot/1.0`));
      seen.add(flooded.agent(`App${letters(i)}/1 CFNetwork/1410.0.3 Darwin/22.6.0`));
    }
    expect(seen.size).toBeLessThan(10_000);
    expect(flooded.agent('newcomerbot/1.0').botName).toBe('other bot');
    expect(flooded.agent('Mozilla/5.0 (compatible; Googlebot/2.1)').botName).toBe('Googlebot');
  });

  it('carry no markup or control characters from the client', () => {
    const { botName } = enricher.agent('Evil\u001b[31m<img src=x>bot/1.0 (+http://evil.example)');
    expect(botName).toMatch(/^[\w .:+!&'-]*$/);
  });

  it.each(['(Android)(15)(someone@example.org)(HTC Desire)', 'crawler someone@example.org', 'someone@example.org'])(
    'name nobody: %s',
    (userAgent) => {
      expect(enricher.agent(userAgent).botName).not.toMatch(/someone|example/);
    },
  );

  it('are kept for the cut string when it is oversized', () => {
    const long = `curl/8.5.0 ${'x'.repeat(100_000)}`;
    expect(enricher.agent(long)).toBe(enricher.agent(`${long}y`));
    expect(enricher.agent(long).botName).toBe('curl');
  });
});

describe('hostile strings', () => {
  it('never throw and always give a whole answer', () => {
    const fragments = fc.constantFrom(
      'Mozilla/5.0 (',
      'Linux; Android 9; ',
      'bot',
      'Build/',
      '; ',
      ')',
      'CFNetwork/',
      'HbbTV/1.2.1 (',
      'Chrome/1.2.3.4 ',
      'http://',
      '\u0000',
      '\u{1F600}',
      '\uD800',
      '%20',
      '$1',
    );
    const text = fc
      .array(fc.oneof(fragments, fc.string({ maxLength: 20 })), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (userAgent) => {
        const answer = enricher.agent(userAgent);
        expect(answer.isBot).toBe(answer.deviceType === 'Bot');
        expect(answer.isBot).toBe(answer.botKind !== '' && answer.botName !== '');
        expect(enricher.agent(userAgent)).toBe(answer);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    'a',
    ' ',
    'bot',
    'crawl',
    'a bot/',
    '; a',
    '1.',
    '[FB',
    'Mozilla Mobile ',
    'favicon',
    'HbbTV/1.2.3 (',
    'a@',
  ])('of %j over and over are answered', (unit) => {
    // Quadratic or worse matching would run into the test's time limit: 300 distinct strings of full length.
    for (let i = 0; i < 300; i++) enricher.agent(`${i}${unit.repeat(2048)}`.slice(0, 2048));
    expect(enricher.agent(unit.repeat(2048))).toBeDefined();
  });
});
