import type { ConsentChoices, Site } from '@vedette/contract';

type Global = Record<string, unknown>;
type Call = (...words: unknown[]) => void;

/** Cookies of the tags, which go when consent goes. */
const THEIRS = /^_(?:ga|gid|gat|gcl|clck|clsk)/;

/** Loads a script of others. */
export type Load = (url: string) => void;

/**
 * Keeps the tags of a site in step with the person's choice. Nothing is loaded, and nothing of theirs is called, before
 * analytical is granted; when it is withdrawn they are told, silenced, and their cookies taken away.
 */
export function createTags(load: Load): (tags: Site['tags'], choices: ConsentChoices) => void {
  const global = window as unknown as Global;
  let ga4 = '';
  let clarity = '';
  const word = (granted: boolean) => (granted ? 'granted' : 'denied');

  return (tags, { analytical, marketing }) => {
    const ads = word(marketing);
    const storage = word(analytical);
    const consent = {
      analytics_storage: storage,
      ad_storage: ads,
      ad_user_data: ads,
      ad_personalization: ads,
    };
    if (tags.ga4) {
      const { measurement_id: id } = tags.ga4;
      if (ga4 || analytical) {
        const layer = (global.dataLayer ??= []) as unknown[];
        // Google's code tells its own calls from other entries by their being `arguments`.
        global.gtag ??= function gtag() {
          // biome-ignore lint/complexity/noArguments: see above
          layer.push(arguments);
        };
        const gtag = global.gtag as Call;
        global[`ga-disable-${id}`] = !analytical;
        gtag('consent', ga4 ? 'update' : 'default', consent);
        if (!ga4) {
          ga4 = id;
          gtag('js', new Date());
          gtag('config', id);
          load(`https://www.googletagmanager.com/gtag/js?id=${encodeURIComponent(id)}`);
        }
      }
    }
    if (tags.clarity && (clarity || analytical)) {
      const calls: unknown[] = [];
      global.clarity ??= Object.assign((...words: unknown[]) => void calls.push(words), { q: calls });
      (global.clarity as Call)('consentv2', { ad_Storage: ads, analytics_Storage: storage });
      if (!clarity) {
        clarity = tags.clarity.project_id;
        load(`https://www.clarity.ms/tag/${encodeURIComponent(clarity)}`);
      }
    }
    if (!analytical) forget();
  };
}

function forget(): void {
  for (const part of document.cookie.split(/; */)) {
    const [name = ''] = part.split('=');
    if (!THEIRS.test(name)) continue;
    // They set them for the widest domain they may.
    for (let host = location.hostname; host.includes('.'); host = host.replace(/^[^.]*\./, ''))
      document.cookie = `${name}=; Path=/; Max-Age=0; Domain=${host}`;
    document.cookie = `${name}=; Path=/; Max-Age=0`;
  }
}
