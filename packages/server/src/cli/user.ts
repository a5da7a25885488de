import type { EndedSessions, PasswordLink, UserAccount, UsersAnswer } from '@vedette/contract';
import { readConfig } from '../config.ts';
import { counted } from '../model/counted.ts';
import { UsageFault } from '../model/fault.ts';
import { ROLES } from '../model/permission.ts';
import { readArguments, refuseStray, takeNone, takeOne, takeVerb } from './arguments.ts';
import type { Command, Io } from './command.ts';
import { connectToHub, type HubClient } from './hub-client.ts';
import { columns, shortTime } from './table.ts';

const OPTIONS = {
  data: { type: 'string' },
  name: { type: 'string' },
  tenant: { type: 'string' },
  role: { type: 'string' },
  locale: { type: 'string' },
  everybody: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;
const VERBS = ['list', 'create', 'email', 'reset', 'disable', 'enable', 'reset-factors', 'end-sessions'] as const;
const GOES_WITH = {
  name: ['create'],
  role: ['create'],
  tenant: ['create'],
  locale: ['create'],
  everybody: ['end-sessions'],
};
type Values = ReturnType<typeof readArguments<typeof OPTIONS>>['values'];

/** `vedette user`. */
export const command: Command = {
  name: 'user',
  summary: 'List, make and disable accounts, reset passwords, end sessions',
  usage: `Usage: vedette user list
       vedette user create EMAIL --name NAME [--role owner|admin|analyst|viewer [--tenant T]]
       vedette user email EMAIL NEW-EMAIL
       vedette user reset EMAIL
       vedette user disable EMAIL
       vedette user enable EMAIL
       vedette user reset-factors EMAIL
       vedette user end-sessions EMAIL|--everybody

create and reset print a link by which the person chooses a password, once, within an hour. Passwords never stand on
the command line. email gives an account another e-mail address at once; its sessions go on. disable ends all sessions of
an account at once. reset-factors takes away the authenticator app, passkeys and recovery codes of somebody who has lost
them, and ends their sessions. end-sessions has a person, or everybody, log in again.

  --name NAME      how the person is called
  --role ROLE      makes the person a member of the tenant; without it, of none
  --tenant T       the tenant, by slug or id (default: the installation, whose owners and admins operate it)
  --locale LOCALE  language of mails to the person, such as de
  --everybody      of all accounts, and of one-time links
  --data DIR       data directory of the running hub
  --json           answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, VERBS, 'user');
    refuseStray(values, verb, GOES_WITH);
    const nobody = verb === 'list' || values.everybody === true;
    if (nobody) takeNone(rest, values.everybody === true ? '--everybody' : verb);
    const next = verb === 'email' ? takeOne(rest.splice(1), 'new e-mail address behind the present one') : '';
    const email = nobody ? '' : takeOne(rest, 'person, by e-mail address');
    if (verb === 'create') checkNew(values);
    const hub = await connectToHub(readConfig({ data: values.data }).data);
    const json = values.json === true;
    if (verb === 'list') await list(hub, json, io);
    else if (verb === 'create') await create(hub, email, values, io);
    else if (verb === 'reset') await reset(hub, email, json, io);
    else if (verb === 'email') await setEmail(hub, email, next, json, io);
    else if (verb === 'end-sessions') await endSessions(hub, email, json, io);
    else await change(hub, email, verb, json, io);
    return 0;
  },
};

function checkNew({ name, role, tenant }: Values): void {
  if (name === undefined || name.trim() === '') throw new UsageFault('say how the person is called with --name');
  if (role !== undefined && !ROLES.some((known) => known === role)) {
    throw new UsageFault(`--role is "${role}", but must be one of ${ROLES.join(', ')}`);
  }
  if (tenant !== undefined && role === undefined) throw new UsageFault('--tenant goes with --role');
}

async function list(hub: HubClient, json: boolean, io: Io): Promise<void> {
  const users: UserAccount[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { limit: '1000', ...(cursor === undefined ? {} : { cursor }) };
    const page: UsersAnswer = await hub.call({ method: 'GET', path: '/api/v1/users', query });
    users.push(...page.users);
    cursor = page.next;
  }
  users.sort((a, b) => (a.email < b.email ? -1 : 1));
  const head = ['EMAIL', 'NAME', 'TENANTS', 'MADE', 'LAST LOG-IN', ''];
  io.stdout.write(json ? `${JSON.stringify(users)}\n` : columns([head, ...users.map(rowOf)]));
}

function rowOf({ email, name, tenants, created, last_log_in, disabled }: UserAccount): string[] {
  const places = tenants.map(({ slug, role }) => `${slug} (${role})`).join(', ') || '-';
  const state = disabled === null ? '' : `disabled ${shortTime(disabled)}`;
  return [email, name, places, shortTime(created), shortTime(last_log_in, 'never'), state];
}

async function create(hub: HubClient, email: string, values: Values, io: Io): Promise<void> {
  const { name, role, tenant, locale, json = false } = values;
  const body = { email, name, ...(role === undefined ? {} : { role }), ...(locale === undefined ? {} : { locale }) };
  const query = { tenant };
  const made = await hub.call<PasswordLink>({ method: 'POST', path: '/api/v1/users', query, json: body });
  printLink(made, `Made the account ${made.user.email}.`, json, io);
}

async function reset(hub: HubClient, email: string, json: boolean, io: Io): Promise<void> {
  const path = `/api/v1/users/${encodeURIComponent(email)}/password-link`;
  const made = await hub.call<PasswordLink>({ method: 'POST', path });
  printLink(made, `A link for ${made.user.email}; the present password works until it is used.`, json, io);
}

async function setEmail(hub: HubClient, email: string, next: string, json: boolean, io: Io): Promise<void> {
  const path = `/api/v1/users/${encodeURIComponent(email)}/email`;
  const now = await hub.call<UserAccount>({ method: 'POST', path, json: { email: next } });
  io.stdout.write(json ? `${JSON.stringify(now)}\n` : `${now.name} logs in with ${now.email} now\n`);
}

/** `email`: '' for everybody. */
async function endSessions(hub: HubClient, email: string, json: boolean, io: Io): Promise<void> {
  const path = email === '' ? '/api/v1/people/sessions' : `/api/v1/people/${(await find(hub, email)).id}/sessions`;
  const answer = await hub.call<EndedSessions>({ method: 'DELETE', path });
  const count = counted(answer.ended, 'session has', 'sessions have');
  io.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${count} ended\n`);
}

async function find(hub: HubClient, email: string): Promise<UserAccount> {
  const { users } = await hub.call<UsersAnswer>({ method: 'GET', path: '/api/v1/users', query: { email } });
  const [user] = users;
  if (user !== undefined) return user;
  throw new UsageFault(`no account has the e-mail address "${email}"`, 'unknown-person');
}

/** The link alone goes to stdout, so that it can be captured. */
function printLink(made: PasswordLink, words: string, json: boolean, io: Io): void {
  io.stdout.write(json ? `${JSON.stringify(made)}\n` : `${made.url}\n`);
  if (json) return;
  io.stderr.write(`${words} It works once, until ${shortTime(made.expires)} UTC: hand it to this person only.\n`);
}

const DONE = {
  disable: (email: string) => `Disabled ${email}; all its sessions have ended`,
  enable: (email: string) => `Enabled ${email}`,
  'reset-factors': (email: string) => `${email} logs in without a second factor now; all its sessions have ended`,
};

async function change(hub: HubClient, email: string, verb: keyof typeof DONE, json: boolean, io: Io): Promise<void> {
  const { id } = await find(hub, email);
  const now = await hub.call<UserAccount>({ method: 'POST', path: `/api/v1/people/${id}/${verb}` });
  io.stdout.write(json ? `${JSON.stringify(now)}\n` : `${DONE[verb](now.email)}\n`);
}
