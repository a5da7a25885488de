import { type Static, Type } from 'typebox';
import { Role } from './account.ts';
import { NEXT } from './paging.ts';
import { User } from './user.ts';

const time = () => Type.String({ format: 'date-time' });
const maybeTime = (description: string) => Type.Union([time(), Type.Null()], { description });
const Email = Type.String({
  minLength: 3,
  maxLength: 254,
  description: 'E-mail address.',
  examples: ['ada@acme.example'],
});
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S', examples: ['Ada'] });
const Password = Type.String({
  minLength: 1,
  maxLength: 1024,
  description: 'At least 12 characters.',
  examples: ['seven wet otters dance'],
});
const Locale = Type.Union([Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$', maxLength: 35 }), Type.Null()], {
  description: 'BCP 47; null: as the browser asks.',
  examples: ['en'],
});
const TOKEN = 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQ';
const Token = (what: string) =>
  Type.String({
    minLength: 1,
    maxLength: 100,
    description: `From the link ${what}; it stands behind its #.`,
    examples: [TOKEN],
  });

/** A person of a tenant. */
export const Person = Type.Object(
  {
    user_id: Type.String({ format: 'uuid' }),
    email: Type.String({ examples: ['ada@acme.example'] }),
    name: Type.String({ examples: ['Ada'] }),
    role: Role,
    joined: time(),
    last_log_in: maybeTime('null: never.'),
    two_factor: Type.Boolean({ description: 'Whether more than a password is asked for.' }),
    disabled: Type.Boolean({ description: 'Whether an operator has disabled the account.' }),
  },
  { title: 'Person' },
);
export type Person = Static<typeof Person>;

/** The answer of GET /api/v1/people. */
export const PeopleAnswer = Type.Object(
  {
    people: Type.Array(Person),
    next: NEXT,
  },
  { title: 'People' },
);
export type PeopleAnswer = Static<typeof PeopleAnswer>;

export const RoleChange = Type.Object({ role: Role }, { title: 'RoleChange', additionalProperties: false });
export type RoleChange = Static<typeof RoleChange>;

export const Invitation = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    email: Type.String({ examples: ['ada@acme.example'] }),
    role: Role,
    invited_by: Type.Union([Type.String(), Type.Null()], {
      description: 'Name; null: an operator without an account.',
      examples: ['Grace'],
    }),
    created: time(),
    sent: time(),
    expires: time(),
    expired: Type.Boolean(),
    mail: Type.Union(
      [
        Type.Object({
          state: Type.Union([
            Type.Literal('waiting'),
            Type.Literal('sent'),
            Type.Literal('dropped'),
            Type.Literal('failed'),
          ]),
          error: Type.Union([Type.String(), Type.Null()], {
            description: 'What the mail server said last.',
            examples: [null],
          }),
        }),
        Type.Null(),
      ],
      { description: 'How its last mail fares; null: there was none, the link was passed on.' },
    ),
  },
  { title: 'Invitation' },
);
export type Invitation = Static<typeof Invitation>;

export const InvitationsAnswer = Type.Object(
  {
    invitations: Type.Array(Invitation),
    next: NEXT,
  },
  { title: 'Invitations' },
);
export type InvitationsAnswer = Static<typeof InvitationsAnswer>;

/** The body of POST /api/v1/invitations. */
export const NewInvitation = Type.Object(
  {
    email: Email,
    role: Role,
    locale: Type.Optional(Locale),
  },
  { title: 'NewInvitation', additionalProperties: false },
);
export type NewInvitation = Static<typeof NewInvitation>;

/** An invitation that was made or sent again. */
export const SentInvitation = Type.Object(
  {
    ...Invitation.properties,
    link: Type.Union([Type.String(), Type.Null()], {
      description: 'To pass on, where the hub sends no mail; it is shown this once. null: it goes out by mail.',
      examples: [`https://hub.example/invitation#${TOKEN}`],
    }),
  },
  { title: 'SentInvitation' },
);
export type SentInvitation = Static<typeof SentInvitation>;

export const InvitationToken = Type.Object(
  { token: Token('of the invitation') },
  { title: 'InvitationToken', additionalProperties: false },
);
export type InvitationToken = Static<typeof InvitationToken>;

/** An invitation as whoever has its link sees it. */
export const OpenInvitation = Type.Object(
  {
    tenant: Type.String({ description: 'Name of the tenant.', examples: ['Acme'] }),
    email: Type.String({ examples: ['ada@acme.example'] }),
    role: Role,
    expires: time(),
    account: Type.Boolean({ description: 'Whether the address has an account, whose password is wanted then.' }),
  },
  { title: 'OpenInvitation' },
);
export type OpenInvitation = Static<typeof OpenInvitation>;

/** The body of POST /api/v1/invitations/accept. */
export const Acceptance = Type.Object(
  {
    token: Token('of the invitation'),
    name: Type.Optional(Name),
    password: Type.Optional(Password),
    locale: Type.Optional(Locale),
  },
  { title: 'Acceptance', additionalProperties: false },
);
export type Acceptance = Static<typeof Acceptance>;

/** What came of it. */
export const Accepted = Type.Object(
  {
    next: Type.Union([Type.Literal('done'), Type.Literal('log-in')], {
      description: 'done: this browser is logged in as that person. log-in: it is not yet.',
    }),
    tenant: Type.Object({ slug: Type.String({ examples: ['acme'] }), name: Type.String({ examples: ['Acme'] }) }),
    role: Role,
    user: User,
  },
  { title: 'Accepted' },
);
export type Accepted = Static<typeof Accepted>;

export const ResetRequest = Type.Object({ email: Email }, { title: 'ResetRequest', additionalProperties: false });
export type ResetRequest = Static<typeof ResetRequest>;

export const ResetToken = Type.Object(
  { token: Token('for a new password') },
  { title: 'ResetToken', additionalProperties: false },
);
export type ResetToken = Static<typeof ResetToken>;

export const OpenReset = Type.Object(
  { email: Type.String({ examples: ['ada@acme.example'] }), expires: time() },
  { title: 'OpenReset' },
);
export type OpenReset = Static<typeof OpenReset>;

export const ResetRedemption = Type.Object(
  { token: Token('for a new password'), password: Password },
  { title: 'ResetRedemption', additionalProperties: false },
);
export type ResetRedemption = Static<typeof ResetRedemption>;

/** An account as operators see one. */
export const UserAccount = Type.Object(
  {
    ...User.properties,
    created: time(),
    last_log_in: maybeTime('null: never.'),
    disabled: Type.Union([time(), Type.Null()], { description: 'Since when; null: it is not.', examples: [null] }),
    tenants: Type.Array(Type.Object({ slug: Type.String({ examples: ['acme'] }), role: Role })),
  },
  { title: 'UserAccount' },
);
export type UserAccount = Static<typeof UserAccount>;

/** The answer of GET /api/v1/users. */
export const UsersAnswer = Type.Object(
  {
    users: Type.Array(UserAccount),
    next: NEXT,
  },
  { title: 'Users' },
);
export type UsersAnswer = Static<typeof UsersAnswer>;

/** The body of POST /api/v1/users. */
export const NewUserAccount = Type.Object(
  {
    email: Email,
    name: Name,
    role: Type.Optional(Role),
    locale: Type.Optional(Locale),
  },
  { title: 'NewUserAccount', additionalProperties: false },
);
export type NewUserAccount = Static<typeof NewUserAccount>;

/** The body of POST /api/v1/users/{email}/email. */
export const UserEmail = Type.Object({ email: Email }, { title: 'UserEmail', additionalProperties: false });
export type UserEmail = Static<typeof UserEmail>;

/** How many sessions were ended. */
export const EndedSessions = Type.Object({ ended: Type.Integer({ examples: [3] }) }, { title: 'EndedSessions' });
export type EndedSessions = Static<typeof EndedSessions>;

/** A link by which a person chooses a password. */
export const PasswordLink = Type.Object(
  {
    user: UserAccount,
    url: Type.String({ examples: [`https://hub.example/password-reset#${TOKEN}`] }),
    expires: time(),
  },
  { title: 'PasswordLink' },
);
export type PasswordLink = Static<typeof PasswordLink>;
