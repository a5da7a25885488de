import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { breachedPasswordsUrl, checkOidc, oidcIssuer } from './config-accounts.ts';
import { bytes, diskBound } from './config-disk.ts';
import { blocks, endpoints, list, nameServers, proxies } from './config-lists.ts';
import { mailbox, mailServer } from './config-mail.ts';
import { brokers, oneOf, ROLES, type Role, roles, text, topic, url, whole } from './config-values.ts';
import { UsageFault } from './model/fault.ts';

/** The folder of the installation: the workspace that holds packages/. */
const INSTALLATION = resolve(import.meta.dirname, '..', '..', '..');

/** One setting: an environment variable with its default and meaning. */
interface Setting<Value> {
  /** Name of the environment variable. */
  name: string;
  /** Default as it would be written. */
  default: string;
  /** Undefined when it is not set. */
  optional?: boolean;
  description: string;
  /** Never shown in full. */
  secret?: boolean;
  /** The value of a text; throws an Error that says what is expected. */
  read(text: string): Value;
}

const define = <Value>(setting: Setting<Value>): Setting<Value> => setting;
const optional = <Value>(setting: Omit<Setting<Value>, 'default'>): Setting<Value | undefined> => ({
  default: '',
  optional: true,
  ...setting,
});

/** Every setting there is. */
const SETTINGS = {
  data: define({
    name: 'VEDETTE_DATA',
    default: defaultData(),
    description: 'the one directory that holds everything',
    read: (value) => resolve(value),
  }),
  port: define({
    name: 'VEDETTE_PORT',
    default: '8460',
    description: 'port of the API and dashboard',
    read: whole(0, 65535),
  }),
  host: define({ name: 'VEDETTE_HOST', default: '127.0.0.1', description: 'address to listen on', read: text }),
  hosts: define({
    name: 'VEDETTE_HOSTS',
    default: '',
    description: 'further host names the hub is reached by while it listens on loopback (behind a proxy), by comma',
    read: (value) => list(value.toLowerCase()),
  }),
  publicUrl: optional({
    name: 'VEDETTE_URL',
    description: 'URL under which people reach the dashboard, for the links that are printed',
    read: url('http', 'https'),
  }),
  trustedProxies: define({
    name: 'VEDETTE_TRUSTED_PROXIES',
    default: '',
    description: 'proxies whose word on the client address counts: addresses and CIDRs by comma, or a number of hops',
    read: proxies,
  }),
  forwardedHeader: define({
    name: 'VEDETTE_FORWARDED_HEADER',
    default: 'x-forwarded-for',
    description: 'header those proxies write: x-forwarded-for or forwarded',
    read: oneOf('x-forwarded-for', 'forwarded'),
  }),
  databaseUrl: optional({
    name: 'DATABASE_URL',
    description: 'an external PostgreSQL (15 or later) instead of the embedded one',
    secret: true,
    read: url('postgres', 'postgresql'),
  }),
  clickhouseUrl: optional({
    name: 'CLICKHOUSE_URL',
    description: 'an external ClickHouse instead of the embedded one',
    secret: true,
    read: url('http', 'https'),
  }),
  roles: define({
    name: 'VEDETTE_ROLES',
    default: 'collect,process,expose,work',
    description: 'what this process does: collect, process, expose, work, by comma',
    read: roles,
  }),
  kafkaBrokers: optional({
    name: 'KAFKA_BROKERS',
    description: 'brokers of an Apache Kafka (host:port, by comma) that carries batches from collectors to processors',
    read: brokers,
  }),
  kafkaTopic: define({
    name: 'VEDETTE_KAFKA_TOPIC',
    default: 'vedette-requests',
    description: 'topic of the batches; dead letters go to this name with -dead after it',
    read: topic,
  }),
  kafkaPartitions: define({
    name: 'VEDETTE_KAFKA_PARTITIONS',
    default: '12',
    description: 'partitions of the topic when it is made: as many processors can share the work',
    read: whole(1, 1000),
  }),
  kafkaReplicas: define({
    name: 'VEDETTE_KAFKA_REPLICAS',
    default: '-1',
    description: 'replicas of the topic when it is made; -1: as the brokers have it',
    read: whole(-1, 100),
  }),
  kafkaTls: define({
    name: 'VEDETTE_KAFKA_TLS',
    default: 'off',
    description: 'on: speak TLS with the brokers',
    read: oneOf('on', 'off'),
  }),
  kafkaSasl: define({
    name: 'VEDETTE_KAFKA_SASL',
    default: 'plain',
    description: 'how to log in to the brokers when there is a user: plain, scram-sha-256 or scram-sha-512',
    read: oneOf('plain', 'scram-sha-256', 'scram-sha-512'),
  }),
  kafkaUser: optional({ name: 'VEDETTE_KAFKA_USER', description: 'user at the brokers', read: text }),
  kafkaPassword: optional({
    name: 'VEDETTE_KAFKA_PASSWORD',
    description: 'password at the brokers',
    secret: true,
    read: text,
  }),
  masterKeyFile: optional({
    name: 'VEDETTE_MASTER_KEY_FILE',
    description: 'file of the 32-byte key that seals secrets; by default master.key in the data directory',
    read: (value) => resolve(value),
  }),
  keyDays: define({
    name: 'VEDETTE_KEY_DAYS',
    default: '30',
    description: 'days until the key of a day is destroyed and its client keys are anonymous',
    read: whole(1, 3650),
  }),
  auditDays: define({
    name: 'VEDETTE_AUDIT_DAYS',
    default: '400',
    description: 'days that entries of the audit log are kept',
    read: whole(30, 36_500),
  }),
  spoolBytes: define({
    name: 'VEDETTE_SPOOL_MAX',
    default: '2GB',
    description: 'bound of what waits on disk while ClickHouse, or Kafka, is away',
    read: bytes,
  }),
  diskWarn: define({
    name: 'VEDETTE_DISK_WARN',
    default: 'auto',
    description:
      'free room of the disk below which it is warned of: a size, a share such as 10%, or auto by the disk’s size',
    read: diskBound,
  }),
  diskStop: define({
    name: 'VEDETTE_DISK_STOP',
    default: 'auto',
    description: 'free room of the disk below which nothing more is taken in, likewise',
    read: diskBound,
  }),
  bodyBytes: define({
    name: 'VEDETTE_BODY_MAX',
    default: '16MB',
    description: 'bound of one body of requests (API, OTLP, _bulk), decompressed',
    read: bytes,
  }),
  rateLimit: define({
    name: 'VEDETTE_RATE_LIMIT',
    default: '60000',
    description: 'API calls a minute that one key or session may make',
    read: whole(1, 1e9),
  }),
  syslog: define({
    name: 'VEDETTE_SYSLOG',
    default: '',
    description: 'where to listen for syslog, by comma: udp://127.0.0.1:5514,tcp://127.0.0.1:5514',
    read: endpoints,
  }),
  syslogAllow: define({
    name: 'VEDETTE_SYSLOG_ALLOW',
    default: '127.0.0.0/8,::1',
    description: 'peers that may send syslog, which has no keys: addresses and CIDRs by comma',
    read: blocks,
  }),
  syslogTenant: optional({
    name: 'VEDETTE_SYSLOG_TENANT',
    description: 'tenant (slug or id) of all that comes by syslog; otherwise the host of each line decides',
    read: text,
  }),
  linkMinutes: define({
    name: 'VEDETTE_LINK_MINUTES',
    default: '720',
    description: 'minutes that a one-time link can be used',
    read: whole(1, 525_600),
  }),
  sessionDays: define({
    name: 'VEDETTE_SESSION_DAYS',
    default: '14',
    description: 'days that a browser stays signed in',
    read: whole(1, 400),
  }),
  secondFactor: define({
    name: 'VEDETTE_SECOND_FACTOR',
    default: 'optional',
    description: 'required: everybody has to show a second factor, or come by single sign-on; optional: tenants decide',
    read: oneOf('optional', 'required'),
  }),
  geoPath: optional({ name: 'VEDETTE_GEO_PATH', description: 'MMDB with places (both families, or IPv4)', read: text }),
  geo6Path: optional({ name: 'VEDETTE_GEO6_PATH', description: 'MMDB with places for IPv6', read: text }),
  asnPath: optional({
    name: 'VEDETTE_ASN_PATH',
    description: 'MMDB or CSV with AS numbers (both families, or IPv4)',
    read: text,
  }),
  asn6Path: optional({ name: 'VEDETTE_ASN6_PATH', description: 'MMDB or CSV with AS numbers for IPv6', read: text }),
  ipwhois: define({
    name: 'VEDETTE_IPWHOIS',
    default: 'off',
    description: 'on: ask ipwho.is about addresses the local data does not know, which sends those addresses away',
    read: oneOf('on', 'off'),
  }),
  ipwhoisUrl: define({
    name: 'VEDETTE_IPWHOIS_URL',
    default: 'https://ipwho.is',
    description: 'where ipwho.is, or a service of the same shape, answers',
    read: url('http', 'https'),
  }),
  ga4Url: define({
    name: 'VEDETTE_GA4_URL',
    default: 'https://www.google-analytics.com',
    description: 'where page views go, of tenants that connected Google Analytics: its Measurement Protocol',
    read: url('http', 'https'),
  }),
  ga4DataUrl: define({
    name: 'VEDETTE_GA4_DATA_URL',
    default: 'https://analyticsdata.googleapis.com',
    description: 'where the Google Analytics Data API answers',
    read: url('http', 'https'),
  }),
  googleTokenUrl: define({
    name: 'VEDETTE_GOOGLE_TOKEN_URL',
    default: 'https://oauth2.googleapis.com/token',
    description: 'where Google gives out tokens for service accounts',
    read: url('http', 'https'),
  }),
  clarityUrl: define({
    name: 'VEDETTE_CLARITY_URL',
    default: 'https://www.clarity.ms',
    description: 'where the Data Export of Microsoft Clarity answers',
    read: url('http', 'https'),
  }),
  breachedPasswordsUrl: define({
    name: 'VEDETTE_BREACHED_PASSWORDS_URL',
    default: 'https://api.pwnedpasswords.com',
    description: 'who is asked, by five digits of a hash, whether a new password is known from a breach; off: nobody',
    read: breachedPasswordsUrl,
  }),
  oidcIssuer: optional({
    name: 'VEDETTE_OIDC_ISSUER',
    description: 'OpenID provider by which people may log in (single sign-on), as its document names itself',
    read: oidcIssuer,
  }),
  oidcClientId: optional({ name: 'VEDETTE_OIDC_CLIENT_ID', description: 'what this hub is called there', read: text }),
  oidcClientSecret: optional({
    name: 'VEDETTE_OIDC_CLIENT_SECRET',
    description: 'its secret there; none for a public client',
    secret: true,
    read: text,
  }),
  oidcName: define({
    name: 'VEDETTE_OIDC_NAME',
    default: 'single sign-on',
    description: 'what the button for it is called: the provider’s name',
    read: text,
  }),
  smtp: optional({
    name: 'VEDETTE_SMTP_URL',
    description:
      'mail server for invitations and password resets: smtps:// (TLS) or smtp:// (STARTTLS, plain to this machine only) USER:PASSWORD@HOST:PORT',
    secret: true,
    read: mailServer,
  }),
  mailFrom: optional({
    name: 'VEDETTE_MAIL_FROM',
    description: 'sender of those mails: vedette@example.com or Vedette <vedette@example.com>',
    read: mailbox,
  }),
  smtpCaFile: optional({
    name: 'VEDETTE_SMTP_CA_FILE',
    description: 'PEM file of an authority of one’s own that vouches for the mail server, beside the public ones',
    read: (value) => resolve(value),
  }),
  outboundAllow: define({
    name: 'VEDETTE_OUTBOUND_ALLOW',
    default: '',
    description: 'private addresses and CIDRs that calls to other services may reach, by comma; none unless told',
    read: (value) => (blocks(value).length === 0 ? [] : list(value)),
  }),
  dnsServers: define({
    name: 'VEDETTE_DNS_SERVERS',
    default: '',
    description:
      'name servers to ask for proofs that domains are owned, by comma, as 192.0.2.53 or 192.0.2.53:5353; by default the system’s',
    read: nameServers,
  }),
  logLevel: define({
    name: 'VEDETTE_LOG_LEVEL',
    default: 'info',
    description: 'trace, debug, info, warn, error or silent',
    read: oneOf('trace', 'debug', 'info', 'warn', 'error', 'silent'),
  }),
  logFormat: define({
    name: 'VEDETTE_LOG_FORMAT',
    default: 'auto',
    description: 'json, pretty, or auto: pretty on a terminal',
    read: oneOf('auto', 'json', 'pretty'),
  }),
} as const;

type Key = keyof typeof SETTINGS;

/** All settings by short name. */
export type Config = { [K in Key]: (typeof SETTINGS)[K] extends Setting<infer Value> ? Value : never };

/** A setting as `vedette doctor` shows it. */
export interface SettingInfo {
  key: Key;
  name: string;
  default: string;
  description: string;
  secret: boolean;
}

export const SETTING_LIST: readonly SettingInfo[] = (Object.keys(SETTINGS) as Key[]).map((key) => {
  const { name, default: standard, description, secret = false } = SETTINGS[key] as Setting<unknown>;
  return { key, name, default: standard, description, secret };
});

// Read by the tests and by the launcher, not by a setting.
const OTHERS = new Set(['VEDETTE_SHARED', 'VEDETTE_UPDATE_GOLDEN', 'VEDETTE_LAUNCHER_FD']);

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings: flags of the command line first, then environment variables, then defaults.
 * Throws a UsageFault that lists everything that is wrong.
 */
export function readConfig(flags: Readonly<Partial<Record<Key, string>>> = {}, env: Environment = process.env): Config {
  const config: Record<string, unknown> = {};
  const wrong: string[] = [];
  for (const key of Object.keys(SETTINGS) as Key[]) {
    const setting = SETTINGS[key] as Setting<unknown>;
    const flag = flags[key];
    const written = flag ?? (env[setting.name] || setting.default);
    try {
      config[key] = written === '' && setting.optional ? undefined : setting.read(written);
    } catch (error) {
      const name = flag === undefined ? setting.name : `--${key}`;
      wrong.push(
        `${name} is ${setting.secret ? 'set' : JSON.stringify(written)}, but must be ${(error as Error).message}`,
      );
    }
  }
  if (wrong.length > 0) throw new UsageFault(wrong.join('\n'));
  checkRoles(config as Config);
  checkOidc(config as Config);
  checkMail(config as Config);
  return config as Config;
}

/**
 * Several processes share engines, which one that runs inside a process cannot be; they share the key that seals what
 * is in them; and a collector's batches must reach a processor.
 */
function checkRoles({ roles: own, databaseUrl, clickhouseUrl, kafkaBrokers, masterKeyFile }: Config): void {
  if (own.length === ROLES.length) return;
  const has = (role: Role) => own.includes(role);
  const missing: string[] = [];
  if (databaseUrl === undefined) missing.push('DATABASE_URL (an embedded PostgreSQL belongs to one process)');
  if (clickhouseUrl === undefined) missing.push('CLICKHOUSE_URL (an embedded ClickHouse belongs to one process)');
  if (masterKeyFile === undefined) missing.push('VEDETTE_MASTER_KEY_FILE (all processes seal with the same key)');
  if (has('collect') !== has('process') && kafkaBrokers === undefined) {
    missing.push('KAFKA_BROKERS (what one process collects and another processes goes through Kafka)');
  }
  if (missing.length === 0) return;
  throw new UsageFault(
    `a process of the roles ${own.join(', ')} works with others on the same data, so it needs:\n${missing
      .map((line) => `  ${line}`)
      .join('\n')}\nWithout --roles, one process does everything with embedded engines`,
  );
}

/** Without a sender no server takes a mail. */
function checkMail({ smtp, mailFrom }: Config): void {
  if (smtp === undefined || mailFrom !== undefined) return;
  throw new UsageFault('VEDETTE_SMTP_URL is set, so VEDETTE_MAIL_FROM must say whom mails are from');
}

/** Variables that look like settings but are none; most likely misspelt. */
export function unknownSettings(env: Environment = process.env): string[] {
  const known = new Set<string>(SETTING_LIST.map(({ name }) => name));
  return Object.keys(env).filter((name) => name.startsWith('VEDETTE_') && !known.has(name) && !OTHERS.has(name));
}

/** How a setting was written, '' when it was not; secrets are masked. */
export function writtenSetting(info: SettingInfo, env: Environment = process.env): string {
  const value = env[info.name] ?? '';
  return info.secret && value !== '' ? mask(value) : value;
}

function mask(value: string): string {
  if (!URL.canParse(value)) return '***';
  const masked = new URL(value);
  if (masked.password !== '') masked.password = '***';
  for (const name of masked.searchParams.keys())
    if (/pass|secret|key/i.test(name)) masked.searchParams.set(name, '***');
  return masked.href;
}

/** Descriptor whose end tells that the process that started this one is gone; undefined when there is none. */
export function launcherDescriptor(env: Environment = process.env): number | undefined {
  const value = Number(env.VEDETTE_LAUNCHER_FD);
  return Number.isInteger(value) && value > 2 ? value : undefined;
}

/** A directory of the user's own for what must have a short path; undefined when there is none. */
export function runtimeDirectory(env: Environment = process.env): string | undefined {
  return env.XDG_RUNTIME_DIR || undefined;
}

/**
 * In the folder of a checkout, wherever the command is run; where Vedette is installed as a package of something else,
 * that folder is rebuilt at will, so the user's state directory (XDG) is taken.
 */
function defaultData(env: Environment = process.env): string {
  if (!INSTALLATION.split(sep).includes('node_modules') && existsSync(join(INSTALLATION, 'package.json'))) {
    return join(INSTALLATION, '.vedette', 'data');
  }
  return join(env.XDG_STATE_HOME || join(homeDirectory(env), '.local', 'state'), 'vedette');
}

/** A uid without an entry in the user database has no home by its own account. */
function homeDirectory(env: Environment): string {
  try {
    return env.HOME || homedir();
  } catch {
    return resolve('.');
  }
}
