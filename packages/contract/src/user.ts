import { type Static, Type } from 'typebox';
import { SecondFactorKind, TwoFactor } from './factors.ts';

const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@]{1,64}@[^\\s@]{1,190}$',
  description: 'E-mail address; upper and lower case are the same.',
  examples: ['ada@acme.example'],
});
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['Ada'] });
const Locale = Type.Union([Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 }), Type.Null()], {
  description: 'BCP 47; null: as the browser asks.',
  examples: ['en'],
});
const Password = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'At least 12 characters.',
  examples: ['seven wet otters dance'],
});

/** A person. */
export const User = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String({ examples: ['ada@acme.example'] }),
    name: Type.String({ examples: ['Ada'] }),
    locale: Locale,
  },
  { title: 'User' },
);
export type User = Static<typeof User>;

/** The body of POST /api/v1/set-up. */
export const NewAccount = Type.Object(
  { email: Email, name: Name, password: Password, locale: Type.Optional(Locale) },
  { title: 'NewAccount', additionalProperties: false },
);
export type NewAccount = Static<typeof NewAccount>;

/** The body of POST /api/v1/log-in. */
export const LogIn = Type.Object(
  { email: Type.String({ minLength: 1, maxLength: 254, examples: ['ada@acme.example'] }), password: Password },
  { title: 'LogIn', additionalProperties: false },
);
export type LogIn = Static<typeof LogIn>;

/** What is to be done after a step of a log-in. */
export const LogInAnswer = Type.Union(
  [
    Type.Object({ next: Type.Literal('done') }),
    Type.Object({
      next: Type.Literal('second-factor'),
      factors: Type.Array(SecondFactorKind, { description: 'One of these is still to be shown, within ten minutes.' }),
    }),
  ],
  { title: 'LogInAnswer' },
);
export type LogInAnswer = Static<typeof LogInAnswer>;

/** The answer of GET /api/v1/log-in. */
export const LogInWays = Type.Object(
  {
    set_up: Type.Boolean({ description: 'Whether the installation has an owner yet.' }),
    sso: Type.Union(
      [
        Type.Object({
          name: Type.String({ description: 'What the provider is called.', examples: ['Example login'] }),
        }),
        Type.Null(),
      ],
      { description: 'Single sign-on, where it is set up: GET /api/v1/log-in/sso.' },
    ),
    passkeys: Type.Boolean({ description: 'Whether passkeys work at the address that was asked.' }),
    mail: Type.Boolean({ description: 'Whether a new password can be had by mail.' }),
    password: Type.Object({
      min_length: Type.Integer({ examples: [12] }),
      max_length: Type.Integer({ examples: [256] }),
    }),
  },
  { title: 'LogInWays' },
);
export type LogInWays = Static<typeof LogInWays>;

/** An e-mail address that an account has once the link that was sent there is opened. */
export const EmailChange = Type.Object(
  { email: Type.String({ examples: ['ada@example.org'] }), expires: Type.String({ format: 'date-time' }) },
  { title: 'EmailChange' },
);
export type EmailChange = Static<typeof EmailChange>;

/** The body of POST /api/v1/account/email-change. */
export const NewEmail = Type.Object(
  {
    email: Type.String({ ...Email, examples: ['ada@example.org'] }),
    password: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 1024,
        description: 'The present password, where the account has one.',
        examples: ['seven wet otters dance'],
      }),
    ),
  },
  { title: 'NewEmail', additionalProperties: false },
);
export type NewEmail = Static<typeof NewEmail>;

export const EmailChangeToken = Type.Object(
  {
    token: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'From the link for another e-mail address; it stands behind its #.',
      examples: ['vde_q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ'],
    }),
  },
  { title: 'EmailChangeToken', additionalProperties: false },
);
export type EmailChangeToken = Static<typeof EmailChangeToken>;

/** The answer of GET /api/v1/account. */
export const Account = Type.Object(
  {
    user: User,
    password_changed: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
      description: 'null: there is no password.',
    }),
    two_factor: TwoFactor,
    email_change: Type.Union([EmailChange, Type.Null()], {
      description: 'Another e-mail address that waits for its link to be opened; null: none does.',
    }),
  },
  { title: 'Account' },
);
export type Account = Static<typeof Account>;

export const AccountChange = Type.Object(
  { name: Type.Optional(Name), locale: Type.Optional(Locale) },
  { title: 'AccountChange', additionalProperties: false, minProperties: 1 },
);
export type AccountChange = Static<typeof AccountChange>;

export const PasswordChange = Type.Object(
  { current: Type.String({ minLength: 1, maxLength: 1024, examples: ['the one before'] }), password: Password },
  { title: 'PasswordChange', additionalProperties: false },
);
export type PasswordChange = Static<typeof PasswordChange>;

/** One of a person's sessions. */
export const Session = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    current: Type.Boolean({ description: 'Whether it is the one that asks.' }),
    created: Type.String({ format: 'date-time' }),
    last_used: Type.String({ format: 'date-time' }),
    expires: Type.String({ format: 'date-time' }),
    agent: Type.String({ description: 'Browser and system; empty for unknown.', examples: ['Firefox, Linux'] }),
    place: Type.String({ description: 'City and country; empty for unknown.', examples: ['Berlin, DE'] }),
    factors: Type.Array(Type.String({ examples: ['password'] }), { description: 'By what it was opened.' }),
  },
  { title: 'Session' },
);
export type Session = Static<typeof Session>;

export const SessionList = Type.Object({ sessions: Type.Array(Session) }, { title: 'SessionList' });
export type SessionList = Static<typeof SessionList>;
