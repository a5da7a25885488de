-- What people show besides a password, or instead of one. All of it is a person's own: no tenant sees any.

-- Codes of an authenticator app (RFC 6238). The secret is sealed under the master key, which is kept elsewhere. It asks
-- for nothing until a code of it was confirmed; the last step that was used is never taken again.
CREATE TABLE totp (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz,
  last_step bigint
);
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON totp
  FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed');

-- Each is good once, and goes when it was used.
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  code_hash bytea NOT NULL CHECK (length(code_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, code_hash)
);

-- Public keys of passkeys (WebAuthn); nothing here is secret.
CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- base64url, as WebAuthn's JSON has it.
  credential_id text NOT NULL UNIQUE CHECK (length(credential_id) BETWEEN 1 AND 1400),
  -- COSE, base64url.
  public_key text NOT NULL CHECK (length(public_key) <= 8192),
  -- As the authenticator told it last; one that is not above it hints at a copy.
  counter bigint NOT NULL CHECK (counter >= 0),
  transports text[] NOT NULL,
  synced boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);

-- Who somebody is at an OpenID provider: linked by e-mail address once, known by these two from then on.
CREATE TABLE oidc_identities (
  issuer text NOT NULL CHECK (length(issuer) <= 500),
  subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject),
  UNIQUE (user_id, issuer)
);

-- Attempts that wait for an authenticator or a provider to answer, by the hash of what the browser has. Each is good once.
CREATE TABLE challenges (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  purpose text NOT NULL CHECK (purpose IN ('passkey', 'new-passkey', 'sso')),
  -- Whose account it is about, where that is known.
  user_id uuid REFERENCES users ON DELETE CASCADE,
  expires_at timestamptz NOT NULL
);
CREATE INDEX challenges_expiry ON challenges (expires_at);

ALTER TABLE totp ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE passkeys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE oidc_identities ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE challenges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY log_in ON totp USING (current_access() = 'log-in');
CREATE POLICY log_in ON recovery_codes USING (current_access() = 'log-in');
CREATE POLICY log_in ON passkeys USING (current_access() = 'log-in');
CREATE POLICY log_in ON oidc_identities USING (current_access() = 'log-in');
CREATE POLICY log_in ON challenges USING (current_access() = 'log-in');
-- A rotation of the master key seals these anew; what is past its time is removed.
CREATE POLICY platform ON totp USING (current_access() = 'platform');
CREATE POLICY platform ON challenges USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE ON totp, recovery_codes, passkeys, oidc_identities, challenges TO vedette_app;
