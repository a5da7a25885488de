import { list } from './config-lists.ts';

// Readers of settings. What is wrong is thrown as an Error that says what is expected.

export const text = (value: string): string => value;

export function whole(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new Error(`a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

export function oneOf<Name extends string>(...names: Name[]): (value: string) => Name {
  return (value) => {
    const found = names.find((name) => name === value.toLowerCase());
    if (found === undefined) throw new Error(`one of ${names.join(', ')}`);
    return found;
  };
}

export function url(...schemes: string[]): (value: string) => string {
  return (value) => {
    const scheme = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : '';
    if (!schemes.includes(scheme))
      throw new Error(`a URL that begins with ${schemes.map((s) => `${s}://`).join(' or ')}`);
    return value;
  };
}

/** What a process does; by default all of it. */
export const ROLES = ['collect', 'process', 'expose', 'work'] as const;
export type Role = (typeof ROLES)[number];

export function roles(value: string): Role[] {
  const named = list(value.toLowerCase());
  const known = ROLES.filter((role) => named.includes(role));
  if (known.length === 0 || named.some((name) => !ROLES.some((role) => role === name))) {
    throw new Error(`one or more of ${ROLES.join(', ')}, by comma`);
  }
  return known;
}

export function brokers(value: string): string[] {
  const named = list(value);
  for (const broker of named) {
    const [, port] = /^(?:\[[0-9a-f:.]+\]|[^:/\s]+):(\d{1,5})$/i.exec(broker) ?? [];
    if (port === undefined || Number(port) > 65535) throw new Error('host:port of one or more brokers, by comma');
  }
  return named;
}

export function topic(value: string): string {
  // Kafka's own bound of 249, less "-process", which the group's name ends in.
  if (!/^[A-Za-z0-9._-]{1,200}$/.test(value))
    throw new Error('up to 200 letters, digits, dots, hyphens and underscores');
  return value;
}
