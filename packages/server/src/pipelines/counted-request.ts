import { type Agent, type Network, NO_AGENT, NO_NETWORK, NO_PLACE, type Place } from '../model/enrichment.ts';
import { emptyRequest } from '../model/request.ts';
import { NO_KEYS, type StoredRequest } from '../model/stored-request.ts';

const places = new Map<string, Place>();
const networks = new Map<string, Network>();
const agents = new Map<string, Agent>();

/**
 * What counting a request takes: when and where it was, its class, country, device, status, sizes and duration. The
 * rest is let go of here, so that it is in no spool and no broker either.
 */
export function countedOf(row: StoredRequest): StoredRequest {
  const { time, status, durationUs, bytesIn, bytesOut } = row.request;
  return {
    ...row,
    request: { ...emptyRequest(time), status, durationUs, bytesIn, bytesOut },
    visitorId: '',
    keys: NO_KEYS,
    place: shared(places, row.place.country, (country) => ({ ...NO_PLACE, country })),
    network: shared(networks, row.network.kind, () => ({ ...NO_NETWORK, kind: row.network.kind, kindReason: '' })),
    agent: shared(agents, `${row.agent.deviceType} ${row.agent.isBot}`, () => ({
      ...NO_AGENT,
      deviceType: row.agent.deviceType,
      isBot: row.agent.isBot,
    })),
    threatScore: null,
    threatSources: [],
    attackScore: null,
    attackRules: [],
  };
}

/** One object for what is the same, so that encoders that cache by identity can. */
function shared<Value extends object>(known: Map<string, Value>, name: string, make: (name: string) => Value): Value {
  let value = known.get(name);
  if (value === undefined) {
    value = Object.freeze(make(name));
    known.set(name, value);
  }
  return value;
}
