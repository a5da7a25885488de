import { isIP } from 'node:net';
import { parseProxyTrust } from './expose/client-address.ts';
import { type Cidr, parseCidr } from './model/cidr.ts';

/** Settings that are lists, by comma or space. What is wrong is thrown as an Error that says what is expected. */
export const list = (value: string): string[] => value.split(/[\s,]+/).filter((item) => item !== '');

/** Where to listen for syslog: `udp://127.0.0.1:5514,tcp://[::1]:5514`. */
export function endpoints(value: string): { transport: 'tcp' | 'udp'; host: string; port: number }[] {
  return list(value).map((item) => {
    const { protocol = '', hostname = '', port = '' } = URL.canParse(item) ? new URL(item) : {};
    const transport = protocol.slice(0, -1);
    if ((transport !== 'tcp' && transport !== 'udp') || hostname === '' || port === '') {
      throw new Error('a list of udp://ADDRESS:PORT and tcp://ADDRESS:PORT');
    }
    return { transport, host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
}

/** Addresses and CIDRs. */
export function blocks(value: string): Cidr[] {
  return list(value).map((item) => {
    const block = parseCidr(item);
    if (block === null) throw new Error('a list of addresses and CIDRs');
    return block;
  });
}

/** Addresses and CIDRs of proxies, or how many of them stand in front of the hub. */
export function proxies(value: string): string[] {
  const items = list(value);
  try {
    parseProxyTrust(items, 'forwarded');
    return items;
  } catch {
    throw new Error('a list of addresses and CIDRs, or one number of hops');
  }
}

/** Name servers: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. */
export function nameServers(value: string): string[] {
  return list(value).map((item) => {
    const [, six, four, port = '53'] = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/i.exec(item) ?? [];
    if (isIP(item) === 0 && (isIP(six ?? four ?? '') === 0 || Number(port) > 65_535)) {
      throw new Error('a list of addresses of name servers, each with :PORT where it is not 53');
    }
    return item;
  });
}
