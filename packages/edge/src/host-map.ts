import type { HubClient } from './hub-client.ts';

/** Which tenant a host belongs to, from memory. A look-up never waits: the map is fetched anew in the background. */
export interface HostMap {
  /** Tenant of a host in lower case without port; '' for a host of nobody; undefined while there is no map. */
  tenantOf(host: string): string | undefined;
  /** Resolves when the first attempt at the map has ended. */
  loaded: Promise<void>;
  stop(): void;
}

const FIRST_MAX_AGE = 60;
const FIRST_STALE = 86_400;
const LEAST_SECONDS = 5;
const MOST_SECONDS = 3600;
const RETRY_SECONDS = 15;

/** A map of hosts and wildcards, as `GET /api/v1/hosts` answers it. */
type Hosts = ReadonlyMap<string, string>;

export function createHostMap(client: HubClient, onError: (error: unknown) => void): HostMap {
  let hosts: Hosts | null = null;
  let etag = '';
  /** By the monotonic clock, ms: until when the map may be used although it cannot be renewed. */
  let usableUntil = 0;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;

  async function refresh(): Promise<number> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (etag !== '') headers['if-none-match'] = etag;
    const answer = await client.call('GET', '/api/v1/hosts', headers);
    if (answer.status === 200) {
      hosts = readHosts(answer.text);
      etag = String(answer.headers.etag ?? '');
    } else if (answer.status !== 304 || hosts === null) {
      throw new Error(`the hub answered ${answer.status} when asked for the hosts of tenants`);
    }
    const control = String(answer.headers['cache-control'] ?? '');
    const maxAge = secondsOf(control, 'max-age', FIRST_MAX_AGE);
    usableUntil = performance.now() + (maxAge + secondsOf(control, 'stale-while-revalidate', FIRST_STALE)) * 1000;
    return Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, maxAge));
  }

  async function turn(): Promise<void> {
    let seconds = RETRY_SECONDS;
    try {
      seconds = await refresh();
    } catch (error) {
      if (!stopped) onError(error);
    }
    if (stopped) return;
    // A random part, so that edges that were started together ask apart.
    timer = setTimeout(() => void turn(), seconds * (900 + Math.random() * 100));
    timer.unref();
  }

  return {
    tenantOf(host) {
      if (hosts === null || performance.now() > usableUntil) return undefined;
      return find(hosts, host);
    },
    loaded: turn(),
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** A host's own entry, or that of the longest wildcard above it. */
function find(hosts: Hosts, host: string): string {
  const own = hosts.get(host);
  if (own !== undefined) return own;
  for (let dot = host.indexOf('.'); dot > 0; dot = host.indexOf('.', dot + 1)) {
    const above = hosts.get(`*${host.slice(dot)}`);
    if (above !== undefined) return above;
  }
  return '';
}

function readHosts(text: string): Hosts {
  const { hosts } = JSON.parse(text) as { hosts?: unknown };
  if (hosts === null || typeof hosts !== 'object' || Array.isArray(hosts))
    throw new Error('the hub sent no map of hosts');
  return new Map(Object.entries(hosts).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function secondsOf(control: string, directive: string, otherwise: number): number {
  const value = new RegExp(`(?:^|[,\\s])${directive}=(\\d{1,9})`, 'i').exec(control)?.[1];
  return value === undefined ? otherwise : Number(value);
}
