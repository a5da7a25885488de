-- How people come into tenants and back into their accounts: invitations, resets of passwords, and the mails about them.
-- A new purpose looks across tenants:
--   invitation  finding an invitation by its token, and making its reader a member

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254 AND position('@' IN email) > 1),
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'analyst', 'viewer')),
  -- A new one each time it is sent again, so that the former link is void.
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  -- null: an operator who came by a one-time link or the control socket.
  invited_by uuid REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  CHECK (accepted_at IS NULL OR revoked_at IS NULL)
);
CREATE UNIQUE INDEX invitations_open ON invitations (tenant_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE INDEX invitations_by ON invitations (invited_by);

CREATE TABLE password_resets (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- Used, or void because another one was.
  closed_at timestamptz
);
CREATE INDEX password_resets_user ON password_resets (user_id);

-- Mails on their way. To whom and what they say, their links above all, is sealed, and gone once they are sent.
CREATE TABLE mails (
  id uuid PRIMARY KEY,
  -- null: about an account, which belongs to no tenant.
  tenant_id uuid REFERENCES tenants ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('invitation', 'password-reset', 'password-changed')),
  -- The invitation.
  subject_id uuid,
  sealed bytea,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dropped', 'failed')),
  -- Why the last attempt failed.
  error text CHECK (length(error) <= 500),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  finished_at timestamptz,
  CHECK ((state = 'waiting') = (sealed IS NOT NULL)),
  CHECK ((state = 'waiting') = (finished_at IS NULL))
);
CREATE INDEX mails_subject ON mails (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX mails_waiting ON mails (created_at) WHERE state = 'waiting';
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON mails
  FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed');

ALTER TABLE invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE password_resets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE mails ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON invitations USING (tenant_id = current_tenant());
CREATE POLICY tenant ON mails FOR SELECT USING (tenant_id = current_tenant());

CREATE POLICY platform ON invitations USING (current_access() = 'platform');
CREATE POLICY platform ON password_resets USING (current_access() = 'platform');
CREATE POLICY platform ON mails USING (current_access() = 'platform');

CREATE POLICY log_in ON password_resets USING (current_access() = 'log-in');

CREATE POLICY invitation ON invitations FOR SELECT USING (current_access() = 'invitation');
CREATE POLICY invitation_use ON invitations FOR UPDATE USING (current_access() = 'invitation');
CREATE POLICY invitation ON tenants FOR SELECT USING (current_access() = 'invitation');
CREATE POLICY invitation_hold ON tenants FOR UPDATE USING (current_access() = 'invitation') WITH CHECK (false);
CREATE POLICY invitation ON users FOR SELECT USING (current_access() = 'invitation');
CREATE POLICY invitation_join ON users FOR INSERT WITH CHECK (current_access() = 'invitation');
CREATE POLICY invitation ON memberships FOR SELECT USING (current_access() = 'invitation');
CREATE POLICY invitation_join ON memberships FOR INSERT WITH CHECK (current_access() = 'invitation');

GRANT SELECT, INSERT, UPDATE, DELETE ON invitations, password_resets, mails TO vedette_app;
