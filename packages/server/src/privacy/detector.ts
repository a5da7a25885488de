import { addressScope, canonicalAddress } from '../model/address.ts';

/** What may not lie about. */
export type PersonalKind = 'address' | 'email' | 'secret';

export interface Detection {
  kind: PersonalKind;
  /** What was found, as it stands in the text. */
  text: string;
  /** Most of it masked: enough to look for it, not enough to use it. */
  masked: string;
  /** true: it is the host of a URL, and so says which server was meant rather than who asked. */
  host: boolean;
}

/** Scopes of addresses that can be somebody's. Loopback, netmasks, multicast and unassigned ones are nobody's. */
const SOMEBODYS = new Set(['global', 'private', 'shared', 'link-local', 'documentation']);

// Every repetition is bounded, so that the work is linear in the length of the text.
const IPV4 = /(?<![\w.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w]|\.\w)/g;
const IPV6 =
  /(?<![\w:.])(?:[0-9a-f]{1,4}:|:(?=:)){1,7}(?::?[0-9a-f]{1,4}|:)(?::[0-9a-f]{1,4}){0,6}(?:\.\d{1,3}){0,3}(?![\w:]|\.\w)/gi;
const SECRETS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['vd', /(?<![A-Za-z0-9_-])vd[tl]_[A-Za-z0-9_-]{32,128}/g],
  ['eyJ', /(?<![A-Za-z0-9_-])eyJ[\w-]{8,4096}\.[\w-]{8,4096}\.[\w-]{8,2048}/g],
  ['-----BEGIN', /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----/g],
  ['earer', /\b[Bb]earer[\s+:="]{1,4}[A-Za-z0-9._~+/-]{20,2048}=*/g],
  ['AKIA', /(?<![A-Za-z0-9])AKIA[0-9A-Z]{16}(?![A-Za-z0-9])/g],
  ['gh', /(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{36,255}/g],
  ['github_pat_', /(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{36,255}/g],
  ['GOCSPX-', /(?<![A-Za-z0-9_-])GOCSPX-[A-Za-z0-9_-]{20,64}/g],
  ['xox', /(?<![A-Za-z0-9])xox[abeprs]-[A-Za-z0-9-]{20,255}/g],
  ['sk_live_', /(?<![A-Za-z0-9_])sk_live_[A-Za-z0-9]{16,255}/g],
  ['AIza', /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g],
  ['"private_key', /"private_key(?:_id)?"\s{0,8}:\s{0,8}"[^"]{20,4096}"/g],
  ['://', /:\/\/[^\s:/@?#"'<>]{1,64}:(?!\*+@)[^\s:/@?#"'<>]{3,128}@(?=[\w[])/g],
];

/** Ends of file names that look like a domain: `sprite@2x.png` is no e-mail address. */
const FILE_ENDS = new Set(
  (
    'avif bmp css csv gif gz htm html ico jpeg jpg js json jsx map md mjs mp3 mp4 otf pdf php png scss svg tar tgz ts ' +
    'tsx ttf txt vue wasm webm webp woff xml yaml yml zip local localhost internal lan'
  ).split(' '),
);
const LOCAL_PART = 64;
const DOMAIN = 253;
/** How far before an address a word is looked for that makes it a version. */
const WORD = 40;

/**
 * Finds addresses, e-mail addresses and secrets in a text. Versions (`Chrome/120.0.0.0`, `v=1.2.3.4`), times, MAC
 * addresses, hashes, OIDs and netmasks are none. What is percent-encoded counts as what it stands for. Calls back for
 * each; linear in the length of the text.
 */
export function detect(written: string, found: (detection: Detection) => void): void {
  const text = decoded(written);
  if (text.includes('.')) findIpv4(text, found);
  if (text.includes(':')) findIpv6(text, found);
  if (text.includes('@')) findEmails(text, found);
  findSecrets(text, found);
}

/** Percent-encoded ASCII, also when it was encoded twice, as what it stands for. */
function decoded(text: string): string {
  let plain = text;
  for (let pass = 0; pass < 2 && plain.includes('%'); pass += 1) {
    plain = plain.replace(/%([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  }
  return plain;
}

function findIpv4(text: string, found: (detection: Detection) => void): void {
  for (const match of text.matchAll(IPV4)) {
    const { 0: address, index } = match;
    if (!SOMEBODYS.has(addressScope(address)) || address.endsWith('.0.0') || isVersion(text, index, address)) continue;
    // `::ffff:192.0.2.1` is found as a whole.
    if (/::ffff:$/i.test(text.slice(Math.max(0, index - 7), index))) continue;
    found({
      kind: 'address',
      text: address,
      masked: `${address.split('.', 1)[0]}.x.x.x`,
      host: isHost(text, index) || isAuthority(text, index, address),
    });
  }
}

function findIpv6(text: string, found: (detection: Detection) => void): void {
  for (const match of text.matchAll(IPV6)) {
    const { 0: address, index } = match;
    // Fingerprints and MAC addresses have two digits a group, all of them.
    if (/^(?:[0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(address)) continue;
    if (canonicalAddress(address) === '' || !SOMEBODYS.has(addressScope(address))) continue;
    found({ kind: 'address', text: address, masked: `${address.split(':', 1)[0]}:…`, host: isHost(text, index) });
  }
}

/** The target of CONNECT: a server and its port, and nothing else. */
function isAuthority(text: string, index: number, address: string): boolean {
  return index === 0 && text.length <= address.length + 6 && /^:\d{1,5}$/.test(text.slice(address.length));
}

/** Whether what stands around a number of four groups says that it is a version. */
function isVersion(text: string, index: number, number: string): boolean {
  const before = text.slice(Math.max(0, index - WORD), index);
  const after = text.slice(index + number.length, index + number.length + 7);
  if (after.startsWith(' Build/') || (/[A-Za-z]-$/.test(before) && /^[+-]\w/.test(after))) return true;
  // A product and its version, as in user agents; a path's steps begin with a slash.
  if (/(?:^|[\s(;,"'[])[A-Za-z][\w.+!-]{0,38}\/$/.test(before)) return !before.endsWith(':/');
  // `v1.2.3.4` never gets here: a letter stands right before the number.
  return /(?:^|[^a-z])(?:[a-z_-]{0,20}ver(?:sion)?|v|rv|rev(?:ision)?|release|build|firmware|oid)["']?\s{0,3}[:=/]?\s{0,3}["']?$/i.test(
    before,
  );
}

/** Whether a URL's scheme, and nothing but credentials, stands before: `http://192.0.2.1/x`. */
function isHost(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 12), index);
  return /\/\\?\/\[?$/.test(before) || /\/\/[^/?#\s]{0,9}@\[?$/.test(before);
}

function findEmails(text: string, found: (detection: Detection) => void): void {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && at - start < LOCAL_PART && isLocal(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (end < text.length && end - at <= DOMAIN && isDomain(text.charCodeAt(end))) end += 1;
    while (end > at + 1 && !isAlphanumeric(text.charCodeAt(end - 1))) end -= 1;
    const local = text.slice(start, at).replace(/^[.+%-]+/, '');
    const domain = text.slice(at + 1, end).toLowerCase();
    if (!isEmail(local, domain)) continue;
    const masked = `${local[0]}…@…${domain.slice(domain.lastIndexOf('.'))}`;
    found({ kind: 'email', text: `${local}@${domain}`, masked, host: false });
  }
}

function isEmail(local: string, domain: string): boolean {
  if (local === '' || local === 'git' || !domain.includes('.')) return false;
  const labels = domain.split('.');
  const top = labels.at(-1) as string;
  if (!/^(?:[a-z]{2,24}|xn--[a-z0-9-]{2,59})$/.test(top) || FILE_ENDS.has(top)) return false;
  return labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
}

function findSecrets(text: string, found: (detection: Detection) => void): void {
  for (const [beginning, pattern] of SECRETS) {
    if (!text.includes(beginning)) continue;
    for (const [secret] of text.matchAll(pattern)) {
      if (/\[redacted\]|\*\*\*/.test(secret)) continue;
      const masked = secret.startsWith('-----') ? '-----BEGIN … PRIVATE KEY-----' : `${secret.slice(0, 7)}…`;
      found({ kind: 'secret', text: secret, masked: beginning === '://' ? '://…:…@' : masked, host: false });
    }
  }
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

function isLocal(code: number): boolean {
  // . _ % + -
  return isAlphanumeric(code) || code === 46 || code === 95 || code === 37 || code === 43 || code === 45;
}

function isDomain(code: number): boolean {
  return isAlphanumeric(code) || code === 46 || code === 45;
}
