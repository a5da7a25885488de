import type { Role } from '../model/permission.ts';
import type { Refusal } from '../model/request.ts';
import type { Membership, NewUser, User } from './accounts.ts';
import type { MailEnd } from './mails.ts';

/** A person as a tenant sees one of its own. */
export interface Member {
  user: User;
  role: Role;
  joinedAt: number;
  /** Whether a log-in asks for more than a password, or is by passkey. */
  twoFactor: boolean;
}

/** A page of a list in the order of accounts: at most so many, behind the person of this id. */
export interface PeoplePage {
  after: string | null;
  limit: number;
}

/**
 * The people of one tenant. What would leave it without an owner who can log in is refused as `last-owner`, also when
 * several ask at once.
 */
export interface TenantMembers {
  /** In the order in which their accounts were made. */
  list(page: PeoplePage): Promise<Member[]>;
  find(userId: string): Promise<Member | null>;
  /** Refusals: `unknown-person`, `last-owner`, `owners-only` for whoever has a role that is not among `takes`. */
  setRole(userId: string, role: Role, takes: readonly Role[]): Promise<Member | Refusal>;
  /** Refusals: as of `setRole`. */
  remove(userId: string, takes: readonly Role[]): Promise<Refusal | null>;
}

export interface Invitation {
  id: string;
  tenantId: string;
  email: string;
  role: Role;
  /** Name of who sent it; null: an operator, or somebody whose account is gone. */
  inviter: string | null;
  createdAt: number;
  sentAt: number;
  expiresAt: number;
  /** How its last mail fares; null: there was none. */
  mail: { state: 'waiting' | MailEnd; error: string | null } | null;
}

export interface NewInvitation {
  email: string;
  role: Role;
  invitedBy: string | null;
  validMs: number;
}

/** What a token that is worth something leads to. It is kept nowhere. */
export interface SentInvitation {
  invitation: Invitation;
  token: string;
}

/** The invitations of one tenant. */
export interface TenantInvitations {
  /** Those that are open, also past their time; the oldest first. */
  list(): Promise<Invitation[]>;
  find(id: string): Promise<Invitation | null>;
  /** Refusals: `already-member`, `already-invited`, `quota-exceeded`. */
  create(invitation: NewInvitation): Promise<SentInvitation | Refusal>;
  /** A new sender, token and term; the former token is void. Refusals: `unknown-invitation`. */
  renew(id: string, sender: { invitedBy: string | null; validMs: number }): Promise<SentInvitation | Refusal>;
  /** False when there is no such open invitation. */
  withdraw(id: string): Promise<boolean>;
}

/** An invitation as whoever has its token sees it. */
export interface OpenInvitation {
  id: string;
  email: string;
  role: Role;
  expiresAt: number;
  tenant: { id: string; slug: string; name: string };
  /** Whether the address has an account. */
  account: boolean;
}

/** Why a token leads nowhere, or not any more. */
export type InvitationRefusal = Refusal & {
  refused:
    | 'unknown-invitation'
    | 'invitation-accepted'
    | 'invitation-withdrawn'
    | 'invitation-expired'
    | 'tenant-suspended'
    | 'account-disabled'
    | 'account-exists'
    | 'other-account'
    | 'quota-exceeded';
};

/** What somebody became where an invitation was accepted. */
export interface Joined {
  tenant: OpenInvitation['tenant'];
  role: Role;
}

/**
 * Invitations by their token. One stands only while whoever sent it could still send it: not disabled, and in a role that
 * gives the invitation's, or an operator.
 */
export interface InvitationDesk {
  look(token: string): Promise<OpenInvitation | InvitationRefusal>;
  /**
   * Makes the person a member and uses the invitation up, in one transaction. `who`: an account that is there, or the
   * one that is made for the invitation's address. Somebody who is a member already stays what they are.
   */
  accept(
    token: string,
    who: { userId: string } | Omit<NewUser, 'email'>,
  ): Promise<{ user: User; tenant: OpenInvitation['tenant']; role: Role } | InvitationRefusal>;
  /**
   * Accepts every open invitation for an e-mail address that somebody has shown to be theirs, in one transaction; the
   * account is made where there is none, without a password. null: none is open for it.
   */
  acceptVerified(person: { email: string; name: string }): Promise<{ user: User; joined: Joined[] } | null>;
}

/** Resets of passwords. */
export interface PasswordResets {
  /** A token that is worth nothing until a reset is opened under it. */
  mint(): string;
  /** Opens a reset for an account; opening it again under the same id does nothing. False: no such user. */
  open(reset: { id: string; userId: string; token: string; validMs: number }): Promise<boolean>;
  /** Whose reset it is, while it can be used. Refusals: `unknown-reset`, `reset-expired`, `reset-used`, `account-disabled`. */
  look(token: string): Promise<{ user: User; expiresAt: number } | Refusal>;
  /**
   * Sets the password, ends all sessions, forgets known browsers, and closes this and all other resets of the person, in
   * one transaction. Refusals: those of `look`.
   */
  redeem(token: string, passwordHash: string): Promise<User | Refusal>;
}

/** An e-mail address that an account is to have. Times are ms since the epoch. */
export interface EmailChange {
  userId: string;
  /** Lower case. */
  email: string;
  expiresAt: number;
}

/** Changes of e-mail addresses, by the link that is sent to the new one. */
export interface EmailChanges {
  /** Whether the address is taken is not looked at: who asks is not to learn it. One that was asked for before is void. */
  ask(change: { userId: string; email: string; validMs: number }): Promise<{ change: EmailChange; token: string }>;
  /** What waits for its link to be opened. */
  pending(userId: string): Promise<EmailChange | null>;
  /** False when nothing was waiting. */
  withdraw(userId: string): Promise<boolean>;
  /** Refusals: `unknown-email-change`, `email-change-used`, `email-change-expired`. */
  look(token: string): Promise<EmailChange | Refusal>;
  /**
   * The account has the address from now on, its links for a new password are void, in one transaction; `former`: the
   * address before. Refusals: those of `look`, `other-account`, `account-exists` for an address that is taken.
   */
  confirm(token: string, userId: string): Promise<{ user: User; former: string } | Refusal>;
}

/** A person as operators see one. */
export interface PlatformUser extends User {
  memberships: Membership[];
}

/** People of the whole installation. */
export interface PlatformUsers {
  /** Sessions of people that are good now: ms since the epoch. */
  sessions(now: number): Promise<number>;
  /** In the order in which their accounts were made. */
  list(page: PeoplePage): Promise<PlatformUser[]>;
  byEmail(email: string): Promise<PlatformUser | null>;
  byId(userId: string): Promise<PlatformUser | null>;
  /** Refusals: `account-exists`, `quota-exceeded`. */
  create(user: NewUser, membership: { tenantId: string; role: Role } | null): Promise<PlatformUser | Refusal>;
  /**
   * Disabling ends all sessions and closes all resets of that person, in one transaction.
   * Refusals: `unknown-person`, `last-owner` for the last owner of Tenant0 who can log in.
   */
  setDisabled(userId: string, disabled: boolean): Promise<PlatformUser | Refusal>;
  /** Another e-mail address at once. Refusals: `unknown-person`, `account-exists`. */
  setEmail(userId: string, email: string): Promise<PlatformUser | Refusal>;
  /**
   * Ends the sessions of everybody but one, those that one-time links opened too, in one transaction; returns how many.
   */
  endAllSessions(keepSessionId: string | null): Promise<number>;
}
