-- People, what they are in each tenant, and their sessions. A person belongs to no tenant alone, so users and their
-- sessions have no tenant_id: a tenant sees the users that are its members, and nobody sees a session but
--   log-in      looking a session up, logging in and out, a person's own account
-- Guesses are bounded by what all processes share.

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254 AND position('@' IN email) > 1),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- A PHC string; null for who logs in without a password.
  password_hash text CHECK (password_hash LIKE '$argon2id$%'),
  password_changed_at timestamptz,
  locale text CHECK (locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  disabled_at timestamptz,
  last_log_in_at timestamptz,
  CHECK ((password_hash IS NULL) = (password_changed_at IS NULL))
);

CREATE TABLE memberships (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, tenant_id)
);
CREATE INDEX memberships_tenant ON memberships (tenant_id);

-- second-factor: the password was right, and something else is still to be shown; it is good for that only.
CREATE TABLE user_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  -- The token before the last rotation, good for a minute more: two calls may be on their way at once.
  previous_hash bytea UNIQUE CHECK (length(previous_hash) = 32),
  state text NOT NULL CHECK (state IN ('full', 'second-factor')),
  factors text[] NOT NULL,
  agent text NOT NULL DEFAULT '' CHECK (length(agent) <= 200),
  place text NOT NULL DEFAULT '' CHECK (length(place) <= 200),
  created_at timestamptz NOT NULL DEFAULT now(),
  rotated_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX user_sessions_user ON user_sessions (user_id);

-- Browsers from which a person has logged in before: they have a bound on guesses of their own, so that nobody else can
-- use it up (device cookies).
CREATE TABLE known_devices (
  token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  last_used_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX known_devices_user ON known_devices (user_id);

-- Buckets of attempts. The name is a keyed hash of what is bounded: no address stands here.
CREATE TABLE guesses (
  name_hash bytea PRIMARY KEY CHECK (length(name_hash) = 32),
  left_over double precision NOT NULL,
  at timestamptz NOT NULL
);

CREATE TRIGGER announce AFTER UPDATE OF revoked_at, state OR DELETE ON user_sessions
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');
CREATE TRIGGER announce AFTER UPDATE OF revoked_at OR DELETE ON ui_sessions
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON memberships
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');
CREATE TRIGGER announce AFTER UPDATE OF email, name, locale, disabled_at OR DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');
CREATE TRIGGER announce_sessions AFTER UPDATE OF name, suspended_at ON tenants
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');

ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE known_devices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE guesses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON memberships USING (tenant_id = current_tenant());
CREATE POLICY tenant ON users FOR SELECT
  USING (EXISTS (SELECT FROM memberships m WHERE m.user_id = users.id AND m.tenant_id = current_tenant()));

CREATE POLICY platform ON users USING (current_access() = 'platform');
CREATE POLICY platform ON memberships USING (current_access() = 'platform');
CREATE POLICY platform ON user_sessions USING (current_access() = 'platform');
CREATE POLICY platform ON known_devices USING (current_access() = 'platform');
CREATE POLICY platform ON guesses USING (current_access() = 'platform');

CREATE POLICY log_in ON users USING (current_access() = 'log-in');
CREATE POLICY log_in ON memberships FOR SELECT USING (current_access() = 'log-in');
CREATE POLICY log_in ON user_sessions USING (current_access() = 'log-in');
CREATE POLICY log_in ON known_devices USING (current_access() = 'log-in');
CREATE POLICY log_in ON guesses USING (current_access() = 'log-in');

GRANT SELECT, INSERT, UPDATE, DELETE ON users, memberships, user_sessions, known_devices, guesses TO vedette_app;
