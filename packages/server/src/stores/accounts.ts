import type { Role } from '../model/permission.ts';
import type { Refusal } from '../model/request.ts';

/** A person. All times are ms since the epoch. */
export interface User {
  id: string;
  /** Lower case; unique in the installation. */
  email: string;
  name: string;
  /** BCP 47; null: as the browser asks. */
  locale: string | null;
  createdAt: number;
  /** null: logs in without a password. */
  passwordChangedAt: number | null;
  disabledAt: number | null;
  lastLogInAt: number | null;
}

/** What a person is in one tenant. */
export interface Membership {
  tenantId: string;
  slug: string;
  name: string;
  isInstallation: boolean;
  suspendedAt: number | null;
  secondFactorRequired: boolean;
  role: Role;
}

/** By what a session was opened. */
export type Factor = 'password' | 'totp' | 'recovery-code' | 'passkey' | 'sso' | 'link';

export interface UserSession {
  id: string;
  userId: string;
  /** `second-factor`: something else than the password is still to be shown. */
  state: 'full' | 'second-factor';
  factors: Factor[];
  /** Browser and system, and country and city, as they were at log-in; '' for unknown. */
  agent: string;
  place: string;
  createdAt: number;
  rotatedAt: number;
  lastUsedAt: number;
  expiresAt: number;
}

export interface NewSession {
  userId: string;
  state: UserSession['state'];
  factors: readonly Factor[];
  agent: string;
  place: string;
  validMs: number;
}

/** A session that is in force, and who it is. */
export interface FoundSession {
  session: UserSession;
  user: User;
  /** By slug. */
  memberships: Membership[];
  /** Whether it was found by the token before the last rotation. */
  former: boolean;
}

/** A bound on attempts: so many at once, and one more each `refillMs` / `most`. */
export interface GuessBound {
  most: number;
  /** Ms in which an empty bucket fills. */
  refillMs: number;
}

/** People, their sessions, and the bounds on guessing. Nothing here belongs to one tenant. */
export interface Accounts {
  /** Whether the installation has an owner: people of tenants alone cannot operate it. */
  hasOwner(): Promise<boolean>;
  /** The first owner of Tenant0. Refusals: `set-up-done` when there is one, `account-exists` for an address that is taken. */
  createFirst(user: NewUser): Promise<User | Refusal>;
  byEmail(email: string): Promise<{ user: User; passwordHash: string | null } | null>;
  byId(userId: string): Promise<{ user: User; passwordHash: string | null } | null>;
  /** By slug. */
  membershipsOf(userId: string): Promise<Membership[]>;
  change(userId: string, set: { name?: string; locale?: string | null }): Promise<User>;
  /** Sets the password and ends all sessions but one, in one transaction. `rehash`: the same password at new costs; ends none. */
  setPassword(userId: string, hash: string, keepSessionId: string | null): Promise<void>;
  rehash(userId: string, hash: string): Promise<void>;
  readonly sessions: {
    /** The token is kept nowhere. */
    open(session: NewSession): Promise<{ session: UserSession; token: string }>;
    /** null: unknown, ended, idle for longer than `idleMs`, or its user is disabled. */
    find(token: string, idleMs: number): Promise<FoundSession | null>;
    /** Notes that it is used. */
    touch(sessionId: string): Promise<void>;
    /** A new token; the former stays good for `graceMs`. null when another call has rotated it meanwhile. */
    rotate(sessionId: string, olderThanMs: number): Promise<string | null>;
    /** The second factor was shown: the session is full, under a new token. null: it is not waiting for one any more. */
    complete(sessionId: string, factor: Factor, validMs: number): Promise<string | null>;
    /** Notes a factor that was set up, and so shown, in the session. */
    strengthen(sessionId: string, factor: Factor): Promise<void>;
    /** Those in force, the last used first. */
    list(userId: string, idleMs: number): Promise<UserSession[]>;
    /** False when the person has no such session. */
    end(userId: string, sessionId: string): Promise<boolean>;
    /** Returns how many were ended. */
    endAll(userId: string, keepSessionId: string | null): Promise<number>;
  };
  readonly devices: {
    /** Remembers a browser; the token goes into a cookie of its own. */
    remember(userId: string): Promise<string>;
    /** Whether the browser is known as that person's; notes that it was seen. */
    knows(userId: string, token: string): Promise<boolean>;
  };
  readonly guesses: {
    /** Takes one attempt from the bucket; ms until there is another when it is empty, 0 when it was taken. */
    take(name: Buffer, bound: GuessBound): Promise<number>;
    /** Gives one back, as after a right password. */
    giveBack(name: Buffer, bound: GuessBound): Promise<void>;
  };
}

export interface NewUser {
  email: string;
  name: string;
  passwordHash: string | null;
  locale: string | null;
}

/** Ms for which the token before a rotation is still taken. */
export const ROTATION_GRACE_MS = 60_000;
