import type { LookupAddress, LookupOptions } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import { callbackify } from 'node:util';
import { buildConnector } from 'undici';
import { addressScope, canonicalAddress } from '../model/address.ts';
import { type Cidr, cidrContains, parseCidr } from '../model/cidr.ts';
import { Fault, UsageFault } from '../model/fault.ts';

/** Cloud services for the machine itself on addresses that are otherwise public: Azure's WireServer. */
const METADATA = new Set(['168.63.129.16']);

/** All addresses of a host name. */
export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

const resolveBySystem: Resolve = (hostname) => systemLookup(hostname, { all: true, verbatim: true });

/** Which addresses a client may connect to: public ones, and what the operator allows besides. */
export class TargetRule {
  readonly #allowed: readonly Cidr[];

  /** `allowPrivate`: CIDR blocks beyond the public ones. Throws UsageFault naming one that is not a block. */
  constructor(allowPrivate: readonly string[]) {
    this.#allowed = allowPrivate.map((text) => {
      const cidr = parseCidr(text.trim());
      if (!cidr) throw new UsageFault(`"${text}" is not an address or CIDR block that can be allowed`);
      return cidr;
    });
  }

  /** Why an address must not be connected to, '' when it may. */
  refusal(address: string): string {
    const canonical = canonicalAddress(address);
    if (this.#allowed.some((cidr) => cidrContains(cidr, canonical))) return '';
    const scope = addressScope(address);
    if (scope === 'global') return METADATA.has(canonical) ? 'a metadata service' : '';
    return scope === 'invalid' ? 'not an address' : `a ${scope} address`;
  }
}

/** A target that must not be fetched. */
export function refusedTarget(target: string, reason: string): Fault {
  return new Fault('outbound-refused', `${target} is not fetched: ${reason}`);
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

async function resolveChecked(rule: TargetRule, resolve: Resolve, hostname: string): Promise<LookupAddress[]> {
  const addresses = await resolve(hostname);
  if (addresses.length === 0) throw new Fault('outbound-failed', `${hostname} has no address`);
  for (const { address } of addresses) {
    const reason = rule.refusal(address);
    if (reason !== '') throw refusedTarget(hostname, `it resolves to ${address}, ${reason}`);
  }
  return addresses;
}

/**
 * A connector for undici that reaches only what the rule allows. Names are resolved here and the connection goes to the
 * very addresses that were checked, so that a second answer of the name server cannot slip another one in; a name with
 * any forbidden address is refused. Addresses written in the URL never reach a resolver, so they are checked first.
 */
export function guardedConnector(
  rule: TargetRule,
  timeoutMs: number,
  resolve: Resolve = resolveBySystem,
): buildConnector.connector {
  const checked = callbackify((hostname: string) => resolveChecked(rule, resolve, hostname));
  const connect = buildConnector({
    timeout: timeoutMs,
    lookup: (hostname: string, options: LookupOptions, done: LookupDone) => {
      checked(hostname, (error, addresses) => {
        const first = addresses?.[0];
        if (error || !first) done(error, '');
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      });
    },
  } as buildConnector.BuildOptions);
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const reason = isIP(host) === 0 ? '' : rule.refusal(host);
    if (reason !== '') {
      done(refusedTarget(host, reason), null);
      return;
    }
    connect(options, (...result: [Error, null] | [null, Socket]) => {
      const socket = result[1];
      const late = socket?.remoteAddress ? rule.refusal(socket.remoteAddress) : '';
      if (socket && late !== '') {
        socket.destroy();
        done(refusedTarget(host, `the connection ended at ${socket.remoteAddress}, ${late}`), null);
      } else (done as (...args: unknown[]) => void)(...result);
    });
  };
}
