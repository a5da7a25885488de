import { GenerationCache } from '../flow/generation-cache.ts';

const CACHE_SIZE = 100_000;
const MAX_TEMPLATED = 1024;

/**
 * Templates a path, so that `/orders/4711/items/9` and its siblings count as one: segments that are numbers, UUIDs,
 * long hex strings, dates, or long tokens of letters mixed with digits become `{id}`; file names keep their extension.
 * Cached by path, because the same paths come again and again.
 */
export function createRouteEnricher(): (path: string) => string {
  const cache = new GenerationCache<string, string>(CACHE_SIZE);
  return (path) => {
    let route = cache.get(path);
    if (route === undefined) {
      route = templateRoute(path);
      cache.set(path, route);
    }
    return route;
  };
}

/** The same for one path, uncached. Paths over 1,024 characters are cut. */
export function templateRoute(path: string): string {
  const text = path.length > MAX_TEMPLATED ? path.slice(0, MAX_TEMPLATED) : path;
  if (!/\d/.test(text)) return text;
  const segments = text.split('/');
  let changed = false;
  for (let index = 0; index < segments.length; index += 1) {
    const segment = segments[index] ?? '';
    const dot = segment.lastIndexOf('.');
    const hasExtension = dot > 0 && segment.length - dot <= 6;
    const stem = hasExtension ? segment.slice(0, dot) : segment;
    if (!isIdentifier(stem)) continue;
    segments[index] = `{id}${hasExtension ? segment.slice(dot) : ''}`;
    changed = true;
  }
  return changed ? segments.join('/') : text;
}

function isIdentifier(text: string): boolean {
  if (text === '') return false;
  if (/^\d+$/.test(text)) return true;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)) return true;
  if (/^[0-9a-f]{12,}$/i.test(text) && /\d/.test(text)) return true;
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(text)) return true;
  // Tokens: at least 20 characters of one run with several digits (base64url, ULID, nanoid).
  return /^[\w~-]{20,}$/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 4 && !/[a-z]+-[a-z]+-[a-z]+/i.test(text);
}
