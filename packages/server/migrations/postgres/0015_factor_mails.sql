-- A person is told by mail that what they log in with has changed: factors, besides the password and the address.
ALTER TABLE mails DROP CONSTRAINT mails_kind_check, ADD CONSTRAINT mails_kind_check
  CHECK (kind IN ('invitation', 'password-reset', 'password-changed', 'email-change', 'email-asked', 'email-changed', 'factor-changed'));
