import { UsageFault } from '../../model/fault.ts';
import { duration, header, type Setter, setterOf } from './template-field.ts';

/** A field of a template. */
export interface Field {
  /** As it is written in the template, for messages. */
  text: string;
  set: Setter;
  /** Spaces the value itself contains. */
  spaces: number;
  isTime: boolean;
  isAgent: boolean;
}

/** What a template is made of, in order: literal text and fields. */
export type Part = string | Field;

const NGINX: Readonly<Record<string, string>> = {
  remote_addr: 'client.address',
  proxy_protocol_addr: 'client.address',
  time_local: 'time',
  time_iso8601: 'time',
  msec: 'time',
  request: 'request',
  request_method: 'http.request.method',
  request_uri: 'url.original',
  uri: 'url.original',
  document_uri: 'url.original',
  args: 'url.query',
  query_string: 'url.query',
  status: 'http.response.status_code',
  body_bytes_sent: 'http.response.body.size',
  bytes_sent: 'http.response.body.size',
  request_length: 'http.request.body.size',
  request_time: 'duration',
  host: 'server.address',
  http_host: 'server.address',
  server_name: 'server.address',
  http_referer: 'http.request.header.referer',
  http_user_agent: 'user_agent.original',
  server_protocol: 'network.protocol.version',
};

const APACHE: Readonly<Record<string, string>> = {
  h: 'client.address',
  a: 'client.address',
  t: 'time',
  r: 'request',
  m: 'http.request.method',
  U: 'url.original',
  q: 'url.query',
  H: 'network.protocol.version',
  s: 'http.response.status_code',
  b: 'http.response.body.size',
  B: 'http.response.body.size',
  O: 'http.response.body.size',
  I: 'http.request.body.size',
  v: 'server.address',
  V: 'server.address',
};

/** `%{name}`, `%{name:modifier}`, Apache's `%>s`, `%{Name}i`, `%%`, nginx's `$name` and `${name}`. */
const FIELD =
  /%%|%\{([^}]{1,128})\}(\^?[A-Za-z]{1,2}(?![A-Za-z0-9]))?|%[<>]?(\^[A-Z]{2}|[A-Za-z])|\$(?:\{(\w{1,64})\}|(\w{1,64}))/g;

/**
 * Takes a template apart. Three spellings may be mixed:
 *
 * - names: `%{client.address} - - [%{time}] "%{http.request.method} %{url.original}" %{http.response.status_code}`, also
 *   `%{duration:ms}` with s (default), ms, us or ns, `%{http.request.header.<name>}` and `%{skip}`;
 * - nginx's log_format: `$remote_addr [$time_local] "$request" $status $request_time`;
 * - Apache's LogFormat: `%h %l %u %t "%r" %>s %b "%{User-Agent}i" %D`.
 *
 * `\"` stands for a quote. Variables that say nothing of the request are passed over. Throws UsageFault for unknown
 * names, two fields with nothing between them, and a template without a time.
 */
export function parseTemplate(template: string): Part[] {
  const source = template
    .trim()
    .replaceAll('\\"', '"')
    .replaceAll('\\t', '\t')
    .replaceAll('$uri$is_args$args', '$request_uri')
    .replaceAll('%U%q', '%{url.original}');
  const parts: Part[] = [];
  const literal = (text: string) => {
    const last = parts.at(-1);
    if (text === '') return;
    if (typeof last === 'string') parts[parts.length - 1] = last + text;
    else parts.push(text);
  };
  let at = 0;
  for (const found of source.matchAll(FIELD)) {
    literal(source.slice(at, found.index));
    at = found.index + found[0].length;
    if (found[0] === '%%') {
      literal('%');
      continue;
    }
    const field = fieldOf(found[0], found[1], found[2], found[3], found[4] ?? found[5]);
    const bracketed = found[3] === 't';
    if (bracketed) literal('[');
    else if (typeof parts.at(-1) === 'object') {
      throw new UsageFault(`log template: nothing stands between ${(parts.at(-1) as Field).text} and ${field.text}`);
    }
    parts.push(field);
    if (bracketed) literal(']');
  }
  literal(source.slice(at));
  if (!parts.some((part) => typeof part === 'object' && part.isTime))
    throw new UsageFault('log template: names no time');
  return parts;
}

/** The field of one match: text, name in braces, letter behind the braces, Apache's letter, nginx's variable. */
function fieldOf(
  text: string,
  braced: string | undefined,
  suffix: string | undefined,
  letter: string | undefined,
  variable: string | undefined,
): Field {
  if (variable !== undefined) return named(text, nginxName(variable), variable === 'time_local' ? 1 : 0);
  if (letter !== undefined) {
    if (letter === 'D') return { ...named(text, 'skip'), set: duration('us') };
    if (letter === 'T') return { ...named(text, 'skip'), set: duration('s') };
    return named(text, APACHE[letter] ?? 'skip', letter === 't' ? 1 : 0);
  }
  const [name, modifier] = split(braced as string);
  const own = setterOf(name, modifier);
  if (own !== undefined) {
    // What looked like Apache's letter was text after one of our names.
    if (suffix !== undefined) throw new UsageFault(`log template: nothing stands between %{${braced}} and ${suffix}`);
    return { ...named(text, name), set: own, spaces: name === 'time' && modifier === 'clf' ? 1 : 0 };
  }
  if (suffix === undefined) throw new UsageFault(`log template: no field is named ${JSON.stringify(braced)}`);
  return apacheBraced(text, braced as string, suffix);
}

function apacheBraced(text: string, name: string, suffix: string): Field {
  if (suffix === 'T') return { ...named(text, 'skip'), set: duration(name) };
  if (suffix === 't') return named(text, 'time', name.split(' ').length - 1);
  if (suffix === 'a') return named(text, 'client.address');
  if (suffix !== 'i') return named(text, 'skip');
  const lower = name.toLowerCase();
  if (lower === 'user-agent') return named(text, 'user_agent.original');
  if (lower === 'referer') return named(text, 'http.request.header.referer');
  if (lower === 'host') return named(text, 'server.address');
  return { ...named(text, 'skip'), set: header(lower) };
}

function nginxName(variable: string): string {
  const known = NGINX[variable];
  if (known !== undefined) return known;
  return variable.startsWith('http_') ? `http.request.header.${variable.slice(5).replaceAll('_', '-')}` : 'skip';
}

function split(braced: string): [string, string] {
  const colon = braced.lastIndexOf(':');
  return colon < 0 ? [braced, ''] : [braced.slice(0, colon), braced.slice(colon + 1)];
}

const AGENT_NAMES = new Set(['user_agent', 'user_agent.original']);
const TIME_NAMES = new Set(['time', 'timestamp', '@timestamp']);

function named(text: string, name: string, spaces = 0): Field {
  const set = setterOf(name);
  if (set === undefined && name !== 'duration') throw new UsageFault(`log template: no field is named ${name}`);
  return {
    text,
    set: set as Setter,
    spaces,
    isTime: TIME_NAMES.has(name),
    isAgent: AGENT_NAMES.has(name),
  };
}
