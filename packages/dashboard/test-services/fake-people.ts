import type { Invitation, Person, Role } from '@vedette/contract';
import { ANNA, refuse } from './fake-accounts.ts';
import type { FakeAnswer } from './fake-tenant.ts';

/** The people of a tenant, and who is invited. */
export interface FakePeople {
  people: Person[];
  invitations: Invitation[];
}

const DAY_MS = 86_400_000;

export function nobody(): FakePeople {
  return { people: [], invitations: [] };
}

export function samplePeople(now: number): FakePeople {
  const at = (days: number) => new Date(now - days * DAY_MS).toISOString();
  const person = (index: number, name: string, role: Role, twoFactor: boolean, lastDays: number | null): Person => ({
    user_id: index === 0 ? ANNA.id : `01900000-0000-7000-8000-0000000000b${index}`,
    email: `${name.split(' ')[0]?.toLowerCase()}@example.org`,
    name,
    role,
    joined: at(200 - index * 30),
    last_log_in: lastDays === null ? null : at(lastDays),
    two_factor: twoFactor,
    disabled: false,
  });
  return {
    people: [
      person(0, 'Anna Lind', 'owner', true, 0.01),
      person(1, 'Bo Ek', 'admin', true, 2),
      person(2, 'Cecilia Nordström-Wallenberg', 'analyst', false, 40),
      { ...person(3, 'Dan', 'viewer', false, null), disabled: true },
    ],
    invitations: [invitationOf('erik@example.org', 'analyst', now - DAY_MS), lapsed(now)],
  };
}

function invitationOf(email: string, role: Role, created: number): Invitation {
  const at = new Date(created).toISOString();
  return {
    id: `inv-${email}`,
    email,
    role,
    invited_by: 'Anna Lind',
    created: at,
    sent: at,
    expires: new Date(created + 7 * DAY_MS).toISOString(),
    expired: false,
    mail: { state: 'sent', error: null },
  };
}

function lapsed(now: number): Invitation {
  return {
    ...invitationOf('fia@example.org', 'viewer', now - 9 * DAY_MS),
    invited_by: null,
    expired: true,
    mail: { state: 'failed', error: '550 no such mailbox' },
  };
}

interface Question {
  method: string;
  path: string;
  body: string;
  people: FakePeople;
  /** Whether the hub sends e-mail. */
  mail: boolean;
}

const good = (body: object, status = 200): FakeAnswer => ({ status, body });
const done: FakeAnswer = { status: 204, body: '' };

/** Answers about the people of a tenant and their invitations; null for other paths. */
export function answerPeople(question: Question): FakeAnswer | null {
  const { path, people } = question;
  if (path === '/people/sessions') return good({ ended: 12 });
  if (path === '/people') return good({ people: people.people, next: null });
  if (path.startsWith('/people/')) return answerPerson(question);
  return path.startsWith('/invitations') ? answerInvitations(question) : null;
}

function answerPerson({ method, path, body, people }: Question): FakeAnswer {
  if (path.endsWith('/sessions')) return good({ ended: 3 });
  const at = people.people.findIndex(({ user_id: id }) => path.endsWith(id));
  const person = people.people[at];
  if (person === undefined) return refuse(404, 'unknown-person', 'there is no such member');
  const owners = people.people.filter(({ role }) => role === 'owner').length;
  const { role } = (method === 'PATCH' ? JSON.parse(body) : {}) as { role?: Role };
  if (person.role === 'owner' && owners === 1 && role !== 'owner') {
    return refuse(409, 'last-owner', 'a tenant keeps at least one owner');
  }
  if (role === undefined) {
    people.people = people.people.toSpliced(at, 1);
    return done;
  }
  people.people = people.people.with(at, { ...person, role });
  return good({ ...person, role });
}

/** Answers about what an operator does to an account, which names no tenant; null for other paths. */
export function answerAccountChange(path: string, tenants: readonly FakePeople[]): FakeAnswer | null {
  const [, id, verb] = /^\/people\/([^/]+)\/(disable|enable|reset-factors)$/.exec(path) ?? [];
  if (verb === undefined) return null;
  const of = tenants.find(({ people }) => people.some(({ user_id }) => user_id === id));
  const person = of?.people.find(({ user_id }) => user_id === id);
  if (of === undefined || person === undefined) return refuse(404, 'unknown-person', 'there is no such account');
  if (verb === 'disable' && person.role === 'owner') {
    return refuse(409, 'last-owner', 'nobody could log in as an owner of the installation any more');
  }
  const changed = verb === 'reset-factors' ? { two_factor: false } : { disabled: verb === 'disable' };
  of.people = of.people.map((other) => (other === person ? { ...person, ...changed } : other));
  return good({ id, email: person.email, name: person.name });
}

function answerInvitations({ method, path, body, people, mail }: Question): FakeAnswer {
  const sent = (invitation: Invitation, status: number) =>
    good({ ...invitation, link: mail ? null : 'https://hub.example.org/invitation#vdi_new' }, status);
  if (path === '/invitations') {
    if (method === 'GET') return good({ invitations: people.invitations, next: null });
    const { email, role } = JSON.parse(body) as { email: string; role: Role };
    if (people.people.some((person) => person.email === email)) {
      return refuse(409, 'already-member', `${email} is a member already`);
    }
    const invitation = invitationOf(email, role, Date.now());
    people.invitations = [invitation, ...people.invitations];
    return sent(invitation, 201);
  }
  const found = people.invitations.find(({ id }) => path.split('/')[2] === encodeURIComponent(id) || path.includes(id));
  if (found === undefined) return refuse(404, 'unknown-invitation', 'there is no such invitation');
  if (method === 'DELETE') {
    people.invitations = people.invitations.filter((other) => other !== found);
    return done;
  }
  const again = { ...found, expired: false, mail: mail ? { state: 'waiting' as const, error: null } : null };
  people.invitations = people.invitations.map((other) => (other === found ? again : other));
  return sent(again, 200);
}
