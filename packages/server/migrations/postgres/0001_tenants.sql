-- The application works as vedette_app, which owns nothing and may not bypass row security. Every table with a
-- tenant_id shows a statement only the rows of the tenant it has named in vedette.tenant. What must look across
-- tenants names its purpose in vedette.access and is let in by a policy of that name:
--   platform    work of the installation itself (records.unscoped)
--   domain-map  reading which host belongs to whom
--   key-lookup  finding an API key by its hash, noting its use
--   log-in      redeeming a log-in link, finding a session by its hash

CREATE TABLE tenants (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  is_installation boolean NOT NULL DEFAULT false,
  policy jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(policy) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  suspended_at timestamptz
);
CREATE UNIQUE INDEX tenants_one_installation ON tenants (is_installation) WHERE is_installation;

CREATE TABLE domains (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  pattern text NOT NULL UNIQUE CHECK (pattern = lower(pattern) AND length(pattern) BETWEEN 1 AND 255),
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX domains_tenant ON domains (tenant_id);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  name text NOT NULL DEFAULT '',
  prefix text NOT NULL,
  secret_hash bytea NOT NULL UNIQUE CHECK (length(secret_hash) = 32),
  scope text NOT NULL CHECK (scope IN ('ingest', 'read', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_tenant ON api_keys (tenant_id);

CREATE TABLE login_links (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  scope text NOT NULL CHECK (scope IN ('read', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE ui_sessions (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  scope text NOT NULL CHECK (scope IN ('read', 'admin')),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);

CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('vedette.tenant', true), '')::uuid;

CREATE FUNCTION current_access() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_setting('vedette.access', true);

CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  channel text;
BEGIN
  FOREACH channel IN ARRAY TG_ARGV LOOP
    PERFORM pg_notify(channel, '');
  END LOOP;
  RETURN NULL;
END
$$;

-- Row by row, so that a statement that touches nothing announces nothing; equal messages of a transaction are one.
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON domains
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains');
CREATE TRIGGER announce AFTER UPDATE OF suspended_at OR DELETE ON tenants
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains', 'vedette_keys');
CREATE TRIGGER announce AFTER INSERT OR UPDATE OF scope, expires_at, revoked_at OR DELETE ON api_keys
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_keys');

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE domains ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE login_links ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE ui_sessions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON tenants FOR SELECT USING (id = current_tenant());
CREATE POLICY tenant_change ON tenants FOR UPDATE USING (id = current_tenant());
CREATE POLICY tenant ON domains USING (tenant_id = current_tenant());
CREATE POLICY tenant ON api_keys USING (tenant_id = current_tenant());
CREATE POLICY tenant ON login_links USING (tenant_id = current_tenant());
CREATE POLICY tenant ON ui_sessions USING (tenant_id = current_tenant());

CREATE POLICY platform ON tenants USING (current_access() = 'platform');
CREATE POLICY platform ON domains USING (current_access() = 'platform');
CREATE POLICY platform ON api_keys USING (current_access() = 'platform');
CREATE POLICY platform ON login_links USING (current_access() = 'platform');
CREATE POLICY platform ON ui_sessions USING (current_access() = 'platform');

CREATE POLICY domain_map ON domains FOR SELECT USING (current_access() = 'domain-map');
CREATE POLICY domain_map ON tenants FOR SELECT USING (current_access() = 'domain-map');
CREATE POLICY key_lookup ON api_keys FOR SELECT USING (current_access() = 'key-lookup');
CREATE POLICY key_use ON api_keys FOR UPDATE USING (current_access() = 'key-lookup');
CREATE POLICY key_lookup ON tenants FOR SELECT USING (current_access() = 'key-lookup');
CREATE POLICY log_in ON login_links FOR SELECT USING (current_access() = 'log-in');
CREATE POLICY log_in_use ON login_links FOR UPDATE USING (current_access() = 'log-in');
CREATE POLICY log_in ON ui_sessions USING (current_access() = 'log-in');
CREATE POLICY log_in ON tenants FOR SELECT USING (current_access() = 'log-in');

GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, domains, api_keys, login_links, ui_sessions TO vedette_app;
