import { GenerationCache } from '../flow/generation-cache.ts';
import {
  type AddressScope,
  canonicalAddress,
  ipv4Number,
  ipv4Scope,
  ipv6Scope,
  ipv6Words,
  isMapped,
} from '../model/address.ts';
import { type Network, NO_NETWORK, NO_PLACE, type Place } from '../model/enrichment.ts';
import type { GapSource } from './gap-source.ts';
import type { PlaceDatabase } from './geo.ts';
import type { AsnDatabase } from './network.ts';
import type { AsEntry } from './network-csv.ts';
import { classifySystem, type KindVerdict, kindOfAddress4, kindOfAddress6 } from './network-kind.ts';

/** Networks kept; there are about 90,000 systems in all. */
const NETWORKS_KEPT = 200_000;

/** Where an address is and what network it is in. */
export interface AddressAnswer {
  place: Place;
  network: Network;
}

const NOTHING: AddressAnswer = Object.freeze({ place: NO_PLACE, network: NO_NETWORK });
const UNKNOWN_SYSTEM: AsEntry = Object.freeze({ asn: 0, asOrg: '', isp: '' });

const refusals = new Map<AddressScope, AddressAnswer>();
const refused = new Set<AddressAnswer>();

/** The answer for an address that is nowhere: private, documentation, no address at all… */
function nowhere(scope: AddressScope): AddressAnswer {
  let answer = refusals.get(scope);
  if (!answer) {
    const kindReason =
      scope === 'invalid' ? 'not an address' : scope === 'shared' ? 'carrier-grade NAT' : `${scope} address`;
    answer = Object.freeze({ place: NO_PLACE, network: Object.freeze({ ...NO_NETWORK, kindReason }) });
    refusals.set(scope, answer);
    refused.add(answer);
  }
  return answer;
}

/** Place and network of addresses over opened data, behind a cache by address text. */
export class AddressEnricher {
  readonly #places: PlaceDatabase;
  readonly #systems: AsnDatabase;
  readonly #gaps: GapSource | undefined;
  readonly #byText: GenerationCache<string, AddressAnswer>;
  readonly #bySystem = new GenerationCache<AsEntry, Network>(NETWORKS_KEPT);
  readonly #networks = new GenerationCache<string, Network>(NETWORKS_KEPT);
  readonly #farPlaces = new GenerationCache<string, Place>(NETWORKS_KEPT);
  readonly #words = new Uint32Array(4);

  /** `cacheSize`: addresses remembered. `gaps` is asked about global addresses that the data does not know. */
  constructor(places: PlaceDatabase, systems: AsnDatabase, cacheSize: number, gaps?: GapSource) {
    this.#places = places;
    this.#systems = systems;
    this.#byText = new GenerationCache(cacheSize);
    this.#gaps = gaps;
  }

  /** The answer for an address in any text form; the parts are frozen, and equal parts are the same object. */
  find(address: string): AddressAnswer {
    const known = this.#byText.get(address);
    if (known) return known;
    if (address === '') return NOTHING;
    const answer = this.#look(address);
    const complete = this.#complete(address, answer);
    // An answer with a gap is looked up again until the second source has spoken.
    if (complete) this.#byText.set(address, complete);
    return complete ?? answer;
  }

  #look(address: string): AddressAnswer {
    let v4 = ipv4Number(address);
    if (v4 < 0) {
      if (!ipv6Words(address, this.#words)) return nowhere('invalid');
      if (!isMapped(this.#words)) return this.#look6();
      v4 = this.#words[3] as number;
    }
    const scope = ipv4Scope(v4);
    if (scope !== 'global') return nowhere(scope);
    const system = this.#systems.find4(v4);
    return { place: this.#places.place4(v4), network: this.#network(system, kindOfAddress4(v4, system !== null)) };
  }

  #look6(): AddressAnswer {
    const scope = ipv6Scope(this.#words);
    if (scope !== 'global') return nowhere(scope);
    const system = this.#systems.find6(this.#words);
    const own = kindOfAddress6(this.#words, system !== null);
    return { place: this.#places.place6(this.#words), network: this.#network(system, own) };
  }

  #complete(address: string, answer: AddressAnswer): AddressAnswer | null {
    const missing = answer.place.country === '' || answer.network.asn === 0;
    if (!this.#gaps || !missing || refused.has(answer)) return answer;
    const more = this.#gaps.answer(canonicalAddress(address));
    if (!more) return null;
    return {
      place: answer.place.country === '' && more.place ? this.#farPlace(more.place) : answer.place,
      network: answer.network.asn === 0 && more.system ? this.#network(more.system, null) : answer.network,
    };
  }

  #farPlace(place: Place): Place {
    const key = `${place.country}\n${place.region}\n${place.city}`;
    const known = this.#farPlaces.get(key);
    if (!known) this.#farPlaces.set(key, place);
    return known ?? place;
  }

  #network(system: AsEntry | null, own: KindVerdict | null): Network {
    const entry = system ?? UNKNOWN_SYSTEM;
    if (own) return this.#intern(entry, own);
    let network = this.#bySystem.get(entry);
    if (!network) {
      network = this.#intern(entry, classifySystem(entry.asn, entry.asOrg));
      this.#bySystem.set(entry, network);
    }
    return network;
  }

  #intern({ asn, asOrg, isp }: AsEntry, { kind, confidence, reason }: KindVerdict): Network {
    const key = `${asn}\n${asOrg}\n${isp}\n${kind}\n${reason}`;
    let network = this.#networks.get(key);
    if (!network) {
      network = Object.freeze({ asn, asOrg, isp, kind, kindConfidence: confidence, kindReason: reason });
      this.#networks.set(key, network);
    }
    return network;
  }
}
