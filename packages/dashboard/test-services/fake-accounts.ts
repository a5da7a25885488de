import type {
  Account,
  EmailChange,
  LogInWays,
  Me,
  OpenInvitation,
  Passkey,
  SecondFactorKind,
  Session,
  User,
} from '@vedette/contract';
import type { FakeAnswer } from './fake-tenant.ts';

/** The person of most tests, and what is right of her. */
export const ANNA: User = {
  id: '01900000-0000-7000-8000-0000000000a1',
  email: 'anna@example.org',
  name: 'Anna Lind',
  locale: null,
};
export const PASSWORD = 'correct horse battery';
export const CODE = '123456';
export const RECOVERY = 'abcd-efgh-2345';
export const TOKEN = 'vdi_token-of-a-link';

/** Who may come in, how, and how far somebody has come. */
export interface FakeAccounts {
  ways: LogInWays;
  user: User;
  password: string;
  /** What is asked for after the password. */
  factors: SecondFactorKind[];
  /** Whether the browser has no session. */
  outside: boolean;
  totp: boolean;
  recoveryLeft: number;
  passwordChanged: string | null;
  sessions: Session[];
  passkeys: Passkey[];
  /** Another address that waits, and the token of its link. */
  emailChange: EmailChange | null;
  /** What the token of an invitation is for. */
  invitation: OpenInvitation;
}

const DAY_MS = 86_400_000;

export function sampleAccounts(now = Date.now()): FakeAccounts {
  const at = (ago: number) => new Date(now - ago).toISOString();
  const session = (index: number, agent: string, place: string, ago: number): Session => ({
    id: `01900000-0000-7000-8000-0000000005${String(index).padStart(2, '0')}`,
    current: index === 0,
    created: at(ago + 3_600_000),
    last_used: at(ago),
    expires: at(-30 * DAY_MS),
    agent,
    place,
    factors: index === 1 ? ['password', 'totp'] : ['password'],
  });
  return {
    ways: {
      set_up: true,
      sso: null,
      passkeys: true,
      mail: true,
      password: { min_length: 12, max_length: 256 },
    },
    user: { ...ANNA },
    password: PASSWORD,
    factors: [],
    outside: false,
    totp: false,
    recoveryLeft: 0,
    passwordChanged: at(40 * DAY_MS),
    sessions: [
      session(0, 'Chrome on Linux', 'Lund, Sweden', 20_000),
      session(1, 'Safari on iOS', 'Malmö, Sweden', 5 * 3_600_000),
      session(2, 'Firefox on Windows', '', 3 * DAY_MS),
    ],
    passkeys: [{ id: 'pk-1', name: 'Laptop', created: at(90 * DAY_MS), last_used: at(2 * DAY_MS), synced: true }],
    emailChange: null,
    invitation: {
      tenant: 'Bakery',
      email: 'bo@example.org',
      role: 'analyst',
      expires: at(-7 * DAY_MS),
      account: false,
    },
  };
}

/** A problem with the name the hub gives its kind. */
export function refuse(status: number, kind: string, detail: string): FakeAnswer {
  return { status, body: { type: `urn:vedette:problem:${kind}`, title: 'Refused', status, detail } };
}
const good = (body: object, status = 200): FakeAnswer => ({ status, body });
const done: FakeAnswer = { status: 204, body: '' };

interface Question {
  method: string;
  path: string;
  body: string;
  accounts: FakeAccounts;
  me: Me;
}

type Sent = Partial<Record<string, string>>;

/** Answers about logging in and one's own account; null for other paths. */
export function answerAccounts(question: Question): FakeAnswer | null {
  const { path, method } = question;
  if (path.startsWith('/account')) return answerAccount(question);
  const sent = (question.body === '' ? {} : JSON.parse(question.body)) as Sent;
  switch (`${method} ${path}`) {
    case 'GET /log-in':
      return good(question.accounts.ways);
    case 'POST /log-out':
      question.accounts.outside = true;
      question.me.user = null;
      return done;
    case 'POST /set-up':
      if (question.me.set_up) return refuse(409, 'set-up', 'somebody has an account already');
      if (sent.password === 'password password') return refuse(422, 'breached-password', 'known from breaches');
      question.me.set_up = true;
      question.accounts.user = { ...ANNA, email: sent.email ?? '', name: sent.name ?? '' };
      enter(question);
      return good(question.accounts.user, 201);
    default:
      return answerLogIn(question, sent) ?? answerLink(question, sent);
  }
}

function enter({ accounts, me }: Question): void {
  accounts.outside = false;
  me.principal = { kind: 'user', scope: null };
  me.user = accounts.user;
}

function answerLogIn(question: Question, sent: Sent): FakeAnswer | null {
  const { accounts } = question;
  switch (`${question.method} ${question.path}`) {
    case 'POST /log-in':
      if (sent.email !== accounts.user.email || sent.password !== accounts.password) {
        return refuse(401, 'wrong-credentials', 'no account has this e-mail address and password');
      }
      if (accounts.factors.length > 0) return good({ next: 'second-factor', factors: accounts.factors });
      enter(question);
      return good({ next: 'done' });
    case 'POST /log-in/second-factor':
      if (sent.code !== CODE && sent.code !== RECOVERY) return refuse(401, 'wrong-code', 'this code is not right');
      enter(question);
      return good({ next: 'done' });
    case 'POST /log-in/passkey/options':
      return good({ challenge: 'AAECAwQFBgcICQoLDA0ODw', rpId: 'localhost', userVerification: 'preferred' });
    case 'POST /log-in/passkey':
      enter(question);
      return good({ next: 'done' });
    default:
      return null;
  }
}

function answerLink(question: Question, sent: Sent): FakeAnswer | null {
  const { accounts } = question;
  const { path } = question;
  if (path === '/password-resets') return { status: 202, body: {} };
  if (!path.startsWith('/password-resets/') && !/^\/invitations\/(look|accept)$/.test(path)) return null;
  if (sent.token !== TOKEN) return refuse(410, 'unknown-token', 'this link was used, or has expired');
  switch (path) {
    case '/password-resets/look':
      return good({ email: accounts.user.email });
    case '/password-resets/redeem':
      accounts.password = sent.password ?? '';
      accounts.outside = true;
      return done;
    case '/invitations/look':
      return good(accounts.invitation);
    default:
      if (!accounts.invitation.account) {
        accounts.user = { ...ANNA, email: accounts.invitation.email, name: sent.name ?? '' };
      }
      enter(question);
      return good({
        next: 'done',
        tenant: { slug: 'bakery', name: 'Bakery' },
        role: accounts.invitation.role,
        user: accounts.user,
      });
  }
}

function answerAccount(question: Question): FakeAnswer | null {
  const { accounts, method, path, body } = question;
  const sent = (body === '' ? {} : JSON.parse(body)) as Sent;
  const wrong = refuse(403, 'wrong-password', 'this is not your present password');
  const guarded = method !== 'GET' && 'password' in sent && path !== '/account/password';
  if (guarded && sent.password !== accounts.password) return wrong;
  switch (`${method} ${path}`) {
    case 'GET /account':
      return good(accountOf(accounts));
    case 'PATCH /account':
      Object.assign(accounts.user, sent);
      if (question.me.user !== null) Object.assign(question.me.user, sent);
      return good(accounts.user);
    case 'POST /account/password':
      if (sent.current !== accounts.password) return wrong;
      if (sent.password === 'password password') return refuse(422, 'breached-password', 'known from breaches');
      accounts.password = sent.password ?? '';
      accounts.passwordChanged = new Date().toISOString();
      accounts.sessions = accounts.sessions.filter(({ current }) => current);
      return done;
    case 'POST /account/email-change':
      accounts.emailChange = { email: sent.email ?? '', expires: new Date(Date.now() + DAY_MS).toISOString() };
      return good(accounts.emailChange, 202);
    case 'DELETE /account/email-change':
      accounts.emailChange = null;
      return done;
    case 'POST /account/email-change/look':
    case 'POST /account/email-change/confirm':
      return answerEmailChange(question, sent);
    case 'GET /account/sessions':
      return good({ sessions: accounts.sessions });
    case 'DELETE /account/sessions': {
      const ended = accounts.sessions.length - 1;
      accounts.sessions = accounts.sessions.filter(({ current }) => current);
      return good({ ended });
    }
    default:
      if (method === 'DELETE' && path.startsWith('/account/sessions/')) {
        accounts.sessions = accounts.sessions.filter(({ id }) => !path.endsWith(id));
        return done;
      }
      return answerFactors(question, sent);
  }
}

function answerEmailChange({ accounts, me, path }: Question, sent: Sent): FakeAnswer {
  const { emailChange } = accounts;
  if (emailChange === null || sent.token !== TOKEN) return refuse(410, 'email-change-used', 'this link was used');
  if (path.endsWith('/look')) return good(emailChange);
  accounts.user.email = emailChange.email;
  if (me.user !== null) me.user.email = emailChange.email;
  accounts.emailChange = null;
  return good(accounts.user);
}

function accountOf({ user, passwordChanged, totp, passkeys, recoveryLeft, emailChange }: FakeAccounts): Account {
  return {
    user,
    password_changed: passwordChanged,
    two_factor: { totp, passkeys: passkeys.length, recovery_codes_left: recoveryLeft },
    email_change: emailChange,
  };
}

export const RECOVERY_CODES = Array.from({ length: 10 }, (_, index) => `abcd-efgh-${2340 + index}`);
const QR =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><rect width="29" height="29" fill="#fff"/><path d="M4 4h7v7H4zM18 4h7v7h-7zM4 18h7v7H4zM14 14h3v3h-3zM20 20h5v5h-5z"/></svg>';

function answerFactors({ accounts, method, path }: Question, sent: Sent): FakeAnswer | null {
  const newCodes = () => {
    accounts.recoveryLeft = RECOVERY_CODES.length;
    return good({ recovery_codes: RECOVERY_CODES });
  };
  switch (`${method} ${path}`) {
    case 'POST /account/totp':
      return good({
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/Vedette:anna%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        qr_svg: QR,
      });
    case 'POST /account/totp/confirm':
      if (sent.code !== CODE) return refuse(422, 'wrong-code', 'this code is not right');
      accounts.totp = true;
      return newCodes();
    case 'DELETE /account/totp':
      accounts.totp = false;
      accounts.recoveryLeft = 0;
      return done;
    case 'POST /account/recovery-codes':
      return newCodes();
    case 'POST /account/passkeys/options':
      return good({
        challenge: 'AAECAwQFBgcICQoLDA0ODw',
        rp: { name: 'Vedette', id: 'localhost' },
        user: { id: 'AQIDBA', name: accounts.user.email, displayName: accounts.user.name },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
        attestation: 'none',
      });
    case 'GET /account/passkeys':
      return good({ passkeys: accounts.passkeys });
    default:
      return path.startsWith('/account/passkeys') ? answerPasskey(accounts, method, path, sent) : null;
  }
}

function answerPasskey(accounts: FakeAccounts, method: string, path: string, sent: Sent): FakeAnswer {
  if (method === 'POST') {
    const passkey: Passkey = {
      id: `pk-${accounts.passkeys.length + 1}`,
      name: sent.name ?? '',
      created: new Date().toISOString(),
      last_used: null,
      synced: false,
    };
    accounts.passkeys = [...accounts.passkeys, passkey];
    return good({ passkey, recovery_codes: null }, 201);
  }
  const at = accounts.passkeys.findIndex(({ id }) => path.endsWith(id));
  const passkey = accounts.passkeys[at];
  if (passkey === undefined) return refuse(404, 'unknown-passkey', 'there is no such passkey');
  if (method === 'DELETE') {
    accounts.passkeys = accounts.passkeys.toSpliced(at, 1);
    return done;
  }
  accounts.passkeys = accounts.passkeys.with(at, { ...passkey, name: sent.name ?? '' });
  return good({ ...passkey, name: sent.name ?? '' });
}
