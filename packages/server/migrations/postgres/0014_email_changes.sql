-- Another e-mail address for an account, on its way: it holds once the link that was sent there is opened.
CREATE TABLE email_changes (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Whether it is anybody's already is not looked at before the link is opened: who asks is not to learn it.
  email text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254 AND position('@' IN email) > 1),
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  -- Used, withdrawn, or void because another one was asked for.
  closed_at timestamptz
);
CREATE UNIQUE INDEX email_changes_open ON email_changes (user_id) WHERE closed_at IS NULL;

ALTER TABLE email_changes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON email_changes USING (current_access() = 'platform');
CREATE POLICY log_in ON email_changes USING (current_access() = 'log-in');
GRANT SELECT, INSERT, UPDATE, DELETE ON email_changes TO vedette_app;

ALTER TABLE mails DROP CONSTRAINT mails_kind_check, ADD CONSTRAINT mails_kind_check
  CHECK (kind IN ('invitation', 'password-reset', 'password-changed', 'email-change', 'email-asked', 'email-changed'));
