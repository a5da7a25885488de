/** Where an address is, as far as local data says. Empty strings when unknown. */
export interface Place {
  /** ISO 3166-1 alpha-2, upper case. */
  country: string;
  /** First-level subdivision by name. */
  region: string;
  city: string;
}

export const NETWORK_KINDS = [
  'hosting',
  'residential',
  'mobile',
  'business',
  'education',
  'government',
  'unknown',
] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

/** The network an address belongs to. */
export interface Network {
  /** Autonomous system number, 0 when unknown. */
  asn: number;
  asOrg: string;
  isp: string;
  kind: NetworkKind;
  /** 0–1: how sure the kind is. */
  kindConfidence: number;
  /** Why the kind was chosen, in a few words, for people. */
  kindReason: string;
}

export type DeviceType = 'Mobile' | 'Desktop' | 'Tablet' | 'Bot' | '';

export const BOT_KINDS = ['search', 'ai', 'monitor', 'feed', 'scanner', 'library', 'social', 'seo', 'other'] as const;
export type BotKind = (typeof BOT_KINDS)[number];

/** What a user agent string says of the client. Empty strings when unknown. */
export interface Agent {
  deviceType: DeviceType;
  osName: string;
  browserName: string;
  isBot: boolean;
  botName: string;
  botKind: BotKind | '';
}

export const NO_PLACE: Place = Object.freeze({ country: '', region: '', city: '' });
export const NO_NETWORK: Network = Object.freeze({
  asn: 0,
  asOrg: '',
  isp: '',
  kind: 'unknown',
  kindConfidence: 0,
  kindReason: 'no address',
});
export const NO_AGENT: Agent = Object.freeze({
  deviceType: '',
  osName: '',
  browserName: '',
  isBot: false,
  botName: '',
  botKind: '',
});

/**
 * What the enrichers found for one request. Enrichers return the same frozen object for the same answer, so that
 * a consumer may key its own caches by object identity.
 */
export interface Enrichment {
  place: Place;
  network: Network;
  agent: Agent;
}

/** Local, synchronous enrichment of one request; what needs I/O fills caches behind it. */
export interface Enricher {
  enrich(clientAddress: string, userAgent: string | null): Enrichment;
}

/** A client in a few words, for people: browser and system, country and city; '' for what is unknown. */
export function describeClient({ place, agent }: Pick<Enrichment, 'place' | 'agent'>): {
  agent: string;
  place: string;
} {
  const name = agent.isBot ? agent.botName : agent.browserName;
  const join = (...parts: string[]) => parts.filter((part) => part !== '').join(', ');
  return { agent: join(name, agent.osName), place: join(place.city, place.country) };
}
