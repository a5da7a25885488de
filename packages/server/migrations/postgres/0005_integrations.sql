-- What tenants connect to: off until somebody sets it up.

CREATE TABLE integrations (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('ga4', 'clarity')),
  enabled boolean NOT NULL,
  settings jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  last_success timestamptz,
  last_error text CHECK (length(last_error) <= 500),
  last_error_at timestamptz,
  -- Events handed to the provider.
  sent bigint NOT NULL DEFAULT 0,
  -- Failures of sending in a row, and when it is worth trying again.
  failures integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  -- One process sends at a time; it says until when.
  held_until timestamptz,
  held_by uuid,
  PRIMARY KEY (tenant_id, kind),
  CHECK ((last_error IS NULL) = (last_error_at IS NULL))
);

-- Sealed under the master key, which is kept elsewhere; what it opens for is the tenant, the kind and the name.
CREATE TABLE integration_secrets (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
  sealed bytea NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, kind, name),
  FOREIGN KEY (tenant_id, kind) REFERENCES integrations (tenant_id, kind) ON DELETE CASCADE
);

-- The figures that were fetched last, with the window they are about.
CREATE TABLE integration_figures (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  fetched_at timestamptz NOT NULL,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  figures jsonb NOT NULL CHECK (jsonb_typeof(figures) = 'array'),
  PRIMARY KEY (tenant_id, kind),
  FOREIGN KEY (tenant_id, kind) REFERENCES integrations (tenant_id, kind) ON DELETE CASCADE
);

-- Calls made of a provider that allows so many a day (UTC). It outlives the integration: taking that away and setting it
-- up again gives no more calls.
CREATE TABLE integration_calls (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  kind text NOT NULL,
  project text NOT NULL CHECK (length(project) <= 64),
  day date NOT NULL,
  calls integer NOT NULL CHECK (calls >= 0),
  PRIMARY KEY (tenant_id, kind, project, day)
);

-- Page views of people who granted that wait for a provider: for minutes, or while it is away, 72 hours at most.
CREATE TABLE integration_outbox (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  id uuid NOT NULL,
  visitor_id text NOT NULL CHECK (length(visitor_id) <= 64),
  happened_at timestamptz NOT NULL,
  event jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, kind, id),
  FOREIGN KEY (tenant_id, kind) REFERENCES integrations (tenant_id, kind) ON DELETE CASCADE
);
CREATE INDEX integration_outbox_order ON integration_outbox (tenant_id, kind, happened_at, id);
CREATE INDEX integration_outbox_visitor ON integration_outbox (tenant_id, visitor_id);

-- The session that a provider was last told of, so that page views half an hour apart are one session there too.
CREATE TABLE integration_visits (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  visitor_id text NOT NULL CHECK (length(visitor_id) <= 64),
  session bigint NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, kind, visitor_id),
  FOREIGN KEY (tenant_id, kind) REFERENCES integrations (tenant_id, kind) ON DELETE CASCADE
);
CREATE INDEX integration_visits_age ON integration_visits (last_at);

CREATE TRIGGER announce AFTER INSERT OR UPDATE OF enabled, settings OR DELETE ON integrations
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations');
CREATE TRIGGER announce AFTER INSERT OR DELETE ON integration_secrets
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations');

ALTER TABLE integrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_figures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_calls ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_outbox ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE integration_visits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON integrations USING (tenant_id = current_tenant());
CREATE POLICY tenant ON integration_secrets USING (tenant_id = current_tenant());
CREATE POLICY tenant ON integration_figures USING (tenant_id = current_tenant());
CREATE POLICY tenant ON integration_calls USING (tenant_id = current_tenant());
CREATE POLICY tenant ON integration_outbox USING (tenant_id = current_tenant());
CREATE POLICY tenant ON integration_visits USING (tenant_id = current_tenant());
CREATE POLICY platform ON integrations USING (current_access() = 'platform');
CREATE POLICY platform ON integration_secrets USING (current_access() = 'platform');
CREATE POLICY platform ON integration_figures USING (current_access() = 'platform');
CREATE POLICY platform ON integration_calls USING (current_access() = 'platform');
CREATE POLICY platform ON integration_outbox USING (current_access() = 'platform');
CREATE POLICY platform ON integration_visits USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE
  ON integrations, integration_secrets, integration_figures, integration_calls, integration_outbox, integration_visits
  TO vedette_app;
