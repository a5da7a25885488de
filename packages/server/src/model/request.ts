/** One HTTP request as a way in has read it: validated, nothing looked up yet. Names: OpenTelemetry in words. */
export interface RawRequest {
  /** UUID of the sender's choosing, '' when it gave none. */
  id: string;
  /** Event time, ms since the epoch, UTC. */
  time: number;
  /** `client.address`: canonical text of an IPv4 or IPv6 address; '' when the source does not say or holds a host name. */
  clientAddress: string;
  /** `server.address`: host in lower case without port; '' when the source does not say. */
  host: string;
  method: string;
  /** Path without the query, percent-encoding as sent; '' when the request line was not HTTP. */
  path: string;
  /** Query without `?`, as sent; '' when none. Redaction comes later. */
  query: string;
  /** `http.route`, '' when unknown. */
  route: string;
  /** Status code, 0 when unknown. */
  status: number;
  /** Whole duration in microseconds, -1 when unknown. */
  durationUs: number;
  /** Request body bytes, -1 when unknown. */
  bytesIn: number;
  /** Response bytes (body where the format tells them apart), -1 when unknown. */
  bytesOut: number;
  /** `HTTP/1.1`, `HTTP/2.0`…, '' when unknown. */
  protocol: string;
  /** null: the source has no such field; '': the client sent none. */
  userAgent: string | null;
  /** '' when none or unknown. */
  referrer: string;
  /** Selected further headers by lower-case name; never cookies or authorization. null when the source has none. */
  headers: Record<string, string> | null;
  /** What the sender says of the person's choice. */
  consent: ConsentChoice;
}

/** A person's choice about analytical cookies, as far as it is known. */
export type ConsentChoice = 'granted' | 'refused' | 'unknown';

/** Where a request was seen. */
export type RequestOrigin = 'edge' | 'import' | 'beacon' | 'self';

/** A record that was not taken, as a value: a stable reason in kebab-case and a detail for people. */
export interface Refusal {
  refused: string;
  detail: string;
}

/** Tells a refusal from a value. */
export function isRefusal(value: object): value is Refusal {
  return 'refused' in value;
}

/** What a domain's traffic is split into. Bot = is_bot; hosting = not a bot, network kind hosting; people = the rest. */
export type TrafficClass = 'people' | 'bots' | 'hosting';

/** The class of one request; the three partition all requests. */
export function trafficClass(isBot: boolean, networkKind: string): TrafficClass {
  return isBot ? 'bots' : networkKind === 'hosting' ? 'hosting' : 'people';
}

/** A request with nothing known but when it was; ways in fill in what they have. */
export function emptyRequest(time: number): RawRequest {
  return {
    id: '',
    time,
    clientAddress: '',
    host: '',
    method: '',
    path: '',
    query: '',
    route: '',
    status: 0,
    durationUs: -1,
    bytesIn: -1,
    bytesOut: -1,
    protocol: '',
    userAgent: null,
    referrer: '',
    headers: null,
    consent: 'unknown',
  };
}
