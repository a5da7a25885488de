/** What stands in place of a redacted value. */
export const REDACTED = '[redacted]';

// Names whose values are credentials or single out a person, wherever they stand in the name: `access_token`,
// `X-Amz-Signature`, `userEmail`.
const SECRET_NAME =
  /token|passw|passwd|pwd|secret|signature|credential|apikey|api[-_.]key|auth|session|sessid|jwt|otp|email|e-mail|phone|ssn|iban|card/;
const SECRET_EXACT = new Set([
  'key',
  'sig',
  'sid',
  'code',
  'state',
  'pass',
  'pin',
  'mail',
  'user',
  'username',
  'login',
]);
// An e-mail address (also with an encoded @) or a JSON web token, under whatever name.
const EMAIL = /[^\s@%/](?:@|%40)[a-z0-9-]{1,63}\.[a-z0-9.-]{2,}/i;
const JSON_WEB_TOKEN = /^eyJ[\w-]{8,}\.[\w-]+/;
const EMAIL_IN_PATH = /[a-z0-9._%+-]{1,64}(?:@|%40)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/gi;

/**
 * A query with the values of secret parameters and of anything that looks like an e-mail address or a JSON web token
 * replaced by `[redacted]`. Names, order and everything else stay as sent. Linear in the length of the query.
 */
export function redactQuery(query: string): string {
  if (query === '') return query;
  let from = 0;
  let out = '';
  for (;;) {
    let end = query.indexOf('&', from);
    if (end < 0) end = query.length;
    out += redactParameter(query.slice(from, end));
    if (end === query.length) return out;
    out += '&';
    from = end + 1;
  }
}

function redactParameter(parameter: string): string {
  const equals = parameter.indexOf('=');
  if (equals < 0) return isSecretValue(parameter) ? REDACTED : parameter;
  if (equals === parameter.length - 1) return parameter;
  const name = parameter.slice(0, equals).toLowerCase();
  const secret = SECRET_EXACT.has(name) || SECRET_NAME.test(name) || isSecretValue(parameter.slice(equals + 1));
  return secret ? `${parameter.slice(0, equals)}=${REDACTED}` : parameter;
}

function isSecretValue(value: string): boolean {
  if (value.includes('@') || value.includes('%40')) return EMAIL.test(value);
  return value.startsWith('eyJ') && JSON_WEB_TOKEN.test(value);
}

/** A path with e-mail addresses in it replaced by `[redacted]`. */
export function redactPath(path: string): string {
  if (!path.includes('@') && !path.includes('%40')) return path;
  return path.replace(EMAIL_IN_PATH, REDACTED);
}

/**
 * Only `scheme://host` of a referrer, or the whole of it without fragment and with a redacted query, or nothing. ''
 * stays ''.
 */
export function trimReferrer(referrer: string, keep: 'full' | 'host' | 'none'): string {
  if (referrer === '' || keep === 'none') return '';
  const scheme = referrer.indexOf('://');
  const start = scheme < 0 ? 0 : scheme + 3;
  let end = referrer.length;
  for (let at = start; at < end; at += 1) {
    const char = referrer.charCodeAt(at);
    if (char === 0x2f || char === 0x3f || char === 0x23) end = at;
  }
  // Credentials before the host (RFC 3986 userinfo) never stay.
  const userinfo = referrer.lastIndexOf('@', end - 1);
  const host =
    userinfo >= start ? referrer.slice(0, start) + referrer.slice(userinfo + 1, end) : referrer.slice(0, end);
  if (keep === 'host') return host;
  const fragment = referrer.indexOf('#', end);
  const rest = referrer.slice(end, fragment < 0 ? undefined : fragment);
  const question = rest.indexOf('?');
  if (question < 0) return host + redactPath(rest);
  return `${host}${redactPath(rest.slice(0, question))}?${redactQuery(rest.slice(question + 1))}`;
}
