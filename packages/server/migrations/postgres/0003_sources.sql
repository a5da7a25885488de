-- Who sends requests. Several hubs add to the same row, so that counters are added up and never written over.
CREATE TABLE sources (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('edge', 'api', 'otlp', 'bulk', 'syslog')),
  name text NOT NULL CHECK (length(name) <= 200),
  -- Without its version: an update of the sender's software is no other source.
  software text NOT NULL CHECK (length(software) <= 200),
  agent text NOT NULL CHECK (length(agent) <= 200),
  first_seen timestamptz NOT NULL,
  last_seen timestamptz NOT NULL,
  first_request timestamptz,
  requests bigint NOT NULL,
  refused bigint NOT NULL,
  dropped bigint NOT NULL DEFAULT 0,
  -- The counters of the sender's processes as they were last told: {process: {count, at}}, at in ms since the epoch.
  counters jsonb NOT NULL DEFAULT '{}',
  lag_ms bigint,
  skew_ms bigint,
  error text,
  error_at timestamptz,
  -- Requests taken in this minute since the epoch and in the one before.
  minute bigint NOT NULL,
  minute_requests bigint NOT NULL,
  minute_before bigint NOT NULL DEFAULT 0,
  UNIQUE (tenant_id, kind, name, software)
);
CREATE INDEX sources_recent ON sources (tenant_id, last_seen DESC);

ALTER TABLE sources ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sources USING (tenant_id = current_tenant());
CREATE POLICY platform ON sources USING (current_access() = 'platform');
GRANT SELECT, INSERT, UPDATE, DELETE ON sources TO vedette_app;
