/** What the script tag says. */
export interface Settings {
  domain: string;
  language: string;
  /** Where the hub is, without a final slash. */
  hub: string;
  /** Address of the banner's styles. */
  styles: string;
  /** Whether the tag pins the script by a hash; the styles are then pinned too. */
  pinned: boolean;
  nonce: string;
  /** Whether the fragment says which page it is. */
  hash: boolean;
}

/**
 * Reads the tag that loaded the script. `pageHost` and `pageLanguage` stand in for what it does not say.
 * The hub is where the script came from, unless data-api names another.
 */
export function readSettings(
  tag: { src: string; integrity: string; nonce: string; get(name: string): string | null },
  pageHost: string,
  pageLanguage: string,
): Settings {
  const { src, integrity, nonce, get } = tag;
  const folder = src.replace(/[^/]*$/, '');
  return {
    domain: get('data-domain') || pageHost,
    language: (get('data-language') || pageLanguage).slice(0, 35),
    hub: (get('data-api') || folder.replace(/browser\/(?:[^/]+\/)?$/, '')).replace(/\/+$/, ''),
    styles: `${folder}banner.css`,
    pinned: integrity !== '',
    nonce,
    hash: get('data-hash') !== null,
  };
}
