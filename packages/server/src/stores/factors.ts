/** What a person has besides a password, or instead of one. All times are ms since the epoch. */
export interface FactorSummary {
  totp: boolean;
  passkeys: number;
  recoveryCodesLeft: number;
}

export interface StoredTotp {
  /** Opens by `totpPurpose` of the user. */
  sealed: Buffer;
  /** null: set up, and waiting for its first code. */
  confirmedAt: number | null;
  /** The last step of which a code was used. */
  lastStep: number | null;
}

export interface Passkey {
  id: string;
  userId: string;
  name: string;
  /** base64url. */
  credentialId: string;
  /** COSE, base64url. */
  publicKey: string;
  counter: number;
  transports: string[];
  /** Whether its provider keeps it on several devices. */
  synced: boolean;
  createdAt: number;
  lastUsedAt: number | null;
}

export type NewPasskey = Omit<Passkey, 'id' | 'createdAt' | 'lastUsedAt'>;

/** What an attempt that waits for an answer is for. */
export type ChallengePurpose = 'passkey' | 'new-passkey' | 'sso';

/** How people show who they are, besides passwords. Nothing here belongs to a tenant. */
export interface Factors {
  summary(userId: string): Promise<FactorSummary>;
  /** Takes away all second factors of somebody who has lost them; false when there were none. */
  reset(userId: string): Promise<boolean>;
  readonly totp: {
    find(userId: string): Promise<StoredTotp | null>;
    /** Takes the place of one that was not confirmed; false when one is in force. */
    begin(userId: string, sealed: Buffer): Promise<boolean>;
    /** Puts the one that waits in force, with the step of its first code; false when none waits. */
    confirm(userId: string, sealed: Buffer, step: number): Promise<boolean>;
    /** Uses a step up; false when it, or a later one, was used. */
    use(userId: string, step: number): Promise<boolean>;
    /** Recovery codes go with the last second factor. False when there was none. */
    remove(userId: string): Promise<boolean>;
  };
  readonly recoveryCodes: {
    replace(userId: string, hashes: readonly Buffer[]): Promise<void>;
    /** The same, where there are none. */
    addFirst(userId: string, hashes: readonly Buffer[]): Promise<boolean>;
    /** Uses one up; false when there is no such. */
    use(userId: string, hash: Buffer): Promise<boolean>;
  };
  readonly passkeys: {
    /** The oldest first. */
    list(userId: string): Promise<Passkey[]>;
    find(credentialId: string): Promise<Passkey | null>;
    /** null: the credential is known already, or the person has `most`. */
    add(passkey: NewPasskey, most: number): Promise<Passkey | null>;
    /** null when the person has no such passkey. */
    rename(userId: string, id: string, name: string): Promise<Passkey | null>;
    /** Recovery codes go with the last second factor. False when the person has no such passkey. */
    /** What is gone; null: there is none of that id. */
    remove(userId: string, id: string): Promise<Passkey | null>;
    /** Notes a use; false when another use has counted as far meanwhile. */
    use(id: string, counter: number, synced: boolean): Promise<boolean>;
  };
  readonly identities: {
    /** The user whom these stand for. */
    find(issuer: string, subject: string): Promise<string | null>;
    /** False when the user is linked to another subject of that issuer, or the subject to another user. */
    link(issuer: string, subject: string, userId: string): Promise<boolean>;
  };
  readonly challenges: {
    /** A new token for the browser, kept nowhere. */
    begin(purpose: ChallengePurpose, userId: string | null, validMs: number): Promise<string>;
    /** Uses it up; false when it is unknown, past its time, for something else, or about somebody else. */
    take(token: string, purpose: ChallengePurpose, userId: string | null): Promise<boolean>;
  };
}

/** What the secret of somebody's authenticator app is sealed for. */
export function totpPurpose(userId: string): string {
  return `totp ${userId}`;
}
