/** What stands in place of a redacted value. */
export const REDACTED = '[redacted]';

// Names whose values are credentials or single out a person, wherever they stand in the name: `access_token`,
// `X-Amz-Signature`, `userEmail`. An author is none.
const SECRET_NAME =
  /token|passw|passphrase|pwd|secret|signature|credential|(?:api|access|private|subscription|account|shared)[-_.]?key|auth(?!or(?!i[sz]))|assertion|saml|bearer|hmac|session|sessid|jwt|otp|e-?mail|phone|ssn|iban|card/;
const SECRET_EXACT = new Set('key sig sid code state pass pw pin mail user username login ticket'.split(' '));
// An e-mail address, also with an encoded @, under whatever name.
const EMAIL = /[^\s@%/](?:@|%40)[a-z0-9-]{1,63}\.[a-z0-9.-]{2,}/i;
const EMAIL_IN_PATH = /[a-z0-9._%+-]{1,64}(?:@|%40)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/gi;
/** How the header of a JSON web token begins (`{"` in base64url), and the least it has. */
const TOKEN_START = 'eyJ';
const LEAST_TOKEN = 11;

/**
 * A query with the values of secret parameters and of anything that looks like an e-mail address or a JSON web token
 * replaced by `[redacted]`. Names, order and everything else stay as sent. Linear in the length of the query.
 */
export function redactQuery(query: string): string {
  if (query === '') return query;
  // Some programs put a semicolon between parameters.
  return query.includes(';')
    ? eachPart(query, '&', (part) => eachPart(part, ';', redactParameter))
    : eachPart(query, '&', redactParameter);
}

function eachPart(text: string, separator: string, change: (part: string) => string): string {
  return text.split(separator).map(change).join(separator);
}

function redactParameter(parameter: string): string {
  const equals = parameter.indexOf('=');
  if (equals < 0) return isSecretValue(parameter) ? REDACTED : parameter;
  if (equals === parameter.length - 1) return parameter;
  const name = plainName(parameter.slice(0, equals));
  const secret = SECRET_EXACT.has(name) || SECRET_NAME.test(name) || isSecretValue(parameter.slice(equals + 1));
  return secret ? `${parameter.slice(0, equals)}=${REDACTED}` : parameter;
}

/** A name in lower case and without the encoding that a secret one may hide in. */
function plainName(name: string): string {
  if (!name.includes('%')) return name.toLowerCase();
  const decoded = name.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded.toLowerCase();
}

function isSecretValue(value: string): boolean {
  if ((value.includes('@') || value.includes('%40')) && EMAIL.test(value)) return true;
  return findToken(value, 0) !== null;
}

/** The first JSON web token from `from` on: where it begins and ends. One pass, whatever is in the text. */
function findToken(text: string, from: number): { start: number; end: number } | null {
  for (let start = text.indexOf(TOKEN_START, from); start >= 0; ) {
    let end = start;
    while (isTokenCharacter(text.charCodeAt(end))) end += 1;
    if (end - start >= LEAST_TOKEN && text[end] === '.' && isTokenCharacter(text.charCodeAt(end + 1))) {
      end += 1;
      while (isTokenCharacter(text.charCodeAt(end)) || text[end] === '.') end += 1;
      return { start, end };
    }
    // What begins later in the same run ends with it too.
    start = text.indexOf(TOKEN_START, Math.max(end, start + 1));
  }
  return null;
}

/** A letter, a digit, `-` or `_`. */
function isTokenCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 95
  );
}

/** A path in which e-mail addresses, JSON web tokens and the values of secret parameters (`;name=value`) are `[redacted]`. */
export function redactPath(path: string): string {
  let text = path;
  if (text.includes('@') || text.includes('%40')) text = text.replace(EMAIL_IN_PATH, REDACTED);
  text = redactTokens(text);
  return text.includes(';') ? text.split('/').map(redactSegment).join('/') : text;
}

/** A text in which JSON web tokens are `[redacted]`. */
export function redactTokens(text: string): string {
  let out = '';
  let from = 0;
  for (let token = findToken(text, 0); token !== null; token = findToken(text, from)) {
    out += text.slice(from, token.start) + REDACTED;
    from = token.end;
  }
  return out + text.slice(from);
}

function redactSegment(segment: string): string {
  const [name = '', ...parameters] = segment.split(';');
  return [name, ...parameters.map(redactParameter)].join(';');
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
