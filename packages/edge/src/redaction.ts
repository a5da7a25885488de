/**
 * What is taken out before anything leaves the process. The hub redacts by the same rules again; both are held to
 * packages/contract/cases/redaction.json.
 */

/** What stands in place of a redacted value. */
const REDACTED = '[redacted]';

// Names whose values are credentials or single out a person, wherever they stand in the name.
const SECRET_NAME =
  /token|passw|passwd|pwd|secret|signature|credential|apikey|api[-_.]key|auth|session|sessid|jwt|otp|email|e-mail|phone|ssn|iban|card/;
const SECRET_EXACT = new Set('key sig sid code state pass pin mail user username login'.split(' '));
// An e-mail address (also with an encoded @) or a JSON web token, under whatever name.
const EMAIL = /[^\s@%/](?:@|%40)[a-z0-9-]{1,63}\.[a-z0-9.-]{2,}/i;
const JSON_WEB_TOKEN = /^eyJ[\w-]{8,}\.[\w-]+/;
const EMAIL_IN_PATH = /[a-z0-9._%+-]{1,64}(?:@|%40)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/gi;

/** A query in which values of secret parameters, e-mail addresses and JSON web tokens are `[redacted]`. */
export function redactQuery(query: string): string {
  return query === '' ? query : query.split('&').map(redactParameter).join('&');
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

/** A referrer without credentials and fragment, its path and query redacted. */
export function redactReferrer(referrer: string): string {
  if (referrer === '') return referrer;
  const scheme = referrer.indexOf('://');
  const start = scheme < 0 ? 0 : scheme + 3;
  const after = referrer.slice(start).search(/[/?#]/);
  const end = after < 0 ? referrer.length : start + after;
  const at = referrer.lastIndexOf('@', end - 1);
  const host = referrer.slice(0, start) + referrer.slice(at >= start ? at + 1 : start, end);
  const fragment = referrer.indexOf('#', end);
  const rest = referrer.slice(end, fragment < 0 ? undefined : fragment);
  const mark = rest.indexOf('?');
  if (mark < 0) return host + redactPath(rest);
  return `${host}${redactPath(rest.slice(0, mark))}?${redactQuery(rest.slice(mark + 1))}`;
}
