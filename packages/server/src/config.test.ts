import { expect, test } from 'vitest';
import { readConfig, SETTING_LIST, unknownSettings, writtenSetting } from './config.ts';

test('with nothing set, everything is embedded and on loopback', () => {
  const config = readConfig({}, {});
  expect(config).toMatchObject({
    port: 8460,
    host: '127.0.0.1',
    hosts: [],
    trustedProxies: [],
    databaseUrl: undefined,
    clickhouseUrl: undefined,
    ipwhois: 'off',
    spoolBytes: 2 * 1024 ** 3,
  });
  expect(config.data).toMatch(/\.vedette\/data$/);
});

test('a flag comes before a variable, and an empty variable is none', () => {
  expect(readConfig({ port: '1' }, { VEDETTE_PORT: '2' }).port).toBe(1);
  expect(readConfig({}, { VEDETTE_PORT: '2' }).port).toBe(2);
  expect(readConfig({ port: undefined }, { VEDETTE_PORT: '' }).port).toBe(8460);
});

test.each([
  ['VEDETTE_PORT', '70000'],
  ['VEDETTE_PORT', '80.5'],
  ['VEDETTE_KEY_DAYS', '0'],
  ['VEDETTE_SPOOL_MAX', '-1'],
  ['VEDETTE_LOG_LEVEL', 'loud'],
  ['DATABASE_URL', 'mysql://geheim@h/x'],
  ['CLICKHOUSE_URL', 'geheim'],
  ['VEDETTE_ROLES', 'collect,eat'],
  ['VEDETTE_ROLES', ','],
  ['KAFKA_BROKERS', 'broker'],
  ['KAFKA_BROKERS', 'a:1,b:99999'],
  ['VEDETTE_KAFKA_TOPIC', 'a/b'],
  ['VEDETTE_DNS_SERVERS', 'ns.example'],
  ['VEDETTE_DNS_SERVERS', '192.0.2.53:99999'],
  ['VEDETTE_DNS_SERVERS', '192.0.2.53,[192.0.2]'],
])('%s may not be %s; the message names it but no secret', (name, value) => {
  expect(() => readConfig({}, { [name]: value })).toThrow(name);
  expect(() => readConfig({}, { [name]: value })).not.toThrow('geheim');
});

test.each([
  ['512', 512],
  ['1KB', 1024],
  ['64 MiB', 64 * 1024 ** 2],
  ['1.5g', 1.5 * 1024 ** 3],
])('%s is a size', (text, bytes) => {
  expect(readConfig({}, { VEDETTE_SPOOL_MAX: text }).spoolBytes).toBe(bytes);
});

test('name servers are addresses, with a port where it is another', () => {
  const servers = ['192.0.2.53', '2001:db8::53', '192.0.2.53:5353', '[2001:db8::53]:5353'];
  expect(readConfig({}, { VEDETTE_DNS_SERVERS: servers.join(', ') }).dnsServers).toEqual(servers);
});

test('lists are parted by comma and blanks', () => {
  const env = { VEDETTE_HOSTS: 'A.example, b.example', VEDETTE_TRUSTED_PROXIES: '10.0.0.0/8 192.0.2.1' };
  expect(readConfig({}, env)).toMatchObject({
    hosts: ['a.example', 'b.example'],
    trustedProxies: ['10.0.0.0/8', '192.0.2.1'],
  });
});

test('private addresses are allowed by name only', () => {
  expect(readConfig({}, {}).outboundAllow).toEqual([]);
  expect(readConfig({}, { VEDETTE_OUTBOUND_ALLOW: '10.1.2.3, 10.2.0.0/16' }).outboundAllow).toEqual([
    '10.1.2.3',
    '10.2.0.0/16',
  ]);
  expect(() => readConfig({}, { VEDETTE_OUTBOUND_ALLOW: 'everything' })).toThrow(/VEDETTE_OUTBOUND_ALLOW .*CIDR/);
});

test('secrets are masked where settings are shown', () => {
  const url = SETTING_LIST.find(({ name }) => name === 'DATABASE_URL');
  if (url === undefined) throw new Error('there is no DATABASE_URL');
  const shown = (text: string) => writtenSetting(url, { DATABASE_URL: text });
  expect(shown('postgres://u:geheim@h:5432/x?password=geheim')).toBe('postgres://u:***@h:5432/x?password=***');
  expect(shown('geheim')).toBe('***');
  expect(shown('')).toBe('');
});

test('what only looks like a setting is found', () => {
  expect(unknownSettings({ VEDETTE_PROT: '1', VEDETTE_PORT: '1', PATH: '' })).toEqual(['VEDETTE_PROT']);
});

test('roles are in one order and each once', () => {
  expect(readConfig({}, {}).roles).toEqual(['collect', 'process', 'expose', 'work']);
  const external = {
    DATABASE_URL: 'postgres://h/d',
    CLICKHOUSE_URL: 'http://h:8123',
    VEDETTE_MASTER_KEY_FILE: '/key',
  };
  expect(readConfig({ roles: 'expose, Process,expose,collect' }, external).roles).toEqual([
    'collect',
    'process',
    'expose',
  ]);
});

test('a part of the roles needs engines that are shared, and says which', () => {
  expect(() => readConfig({ roles: 'work' }, {})).toThrow(/DATABASE_URL[^]*CLICKHOUSE_URL[^]*VEDETTE_MASTER_KEY_FILE/);
  const external = {
    DATABASE_URL: 'postgres://h/d',
    CLICKHOUSE_URL: 'http://h:8123',
    VEDETTE_MASTER_KEY_FILE: '/key',
  };
  expect(readConfig({ roles: 'expose,work' }, external).kafkaBrokers).toBeUndefined();
  for (const roles of ['collect', 'process,work']) {
    expect(() => readConfig({ roles }, external)).toThrow('KAFKA_BROKERS');
    expect(readConfig({ roles }, { ...external, KAFKA_BROKERS: 'a:9092, b:9092' }).kafkaBrokers).toEqual([
      'a:9092',
      'b:9092',
    ]);
  }
});

test('a mail server needs a sender; its password is masked', () => {
  const VEDETTE_SMTP_URL = 'smtps://hub:geheim@mail.example.com';
  expect(() => readConfig({}, { VEDETTE_SMTP_URL })).toThrow(/VEDETTE_MAIL_FROM/);
  const env = { VEDETTE_SMTP_URL, VEDETTE_MAIL_FROM: 'hub@example.com' };
  expect(readConfig({}, env)).toMatchObject({ smtp: { port: 465 }, mailFrom: { address: 'hub@example.com' } });
  const setting = SETTING_LIST.find(({ key }) => key === 'smtp');
  expect(setting && writtenSetting(setting, env)).toBe('smtps://hub:***@mail.example.com');
});
