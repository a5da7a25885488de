-- What the pipeline of requests must not forget.

-- A file is known by the hash of its first head_bytes; generation tells apart files that begin alike.
CREATE TABLE import_files (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  head_bytes integer NOT NULL CHECK (head_bytes > 0),
  head_hash bytea NOT NULL,
  generation integer NOT NULL CHECK (generation >= 0),
  name text NOT NULL,
  format text NOT NULL,
  parser_state jsonb NOT NULL DEFAULT 'null',
  offset_done bigint NOT NULL DEFAULT 0 CHECK (offset_done >= 0),
  lines_read bigint NOT NULL DEFAULT 0,
  lines_accepted bigint NOT NULL DEFAULT 0,
  lines_rejected bigint NOT NULL DEFAULT 0,
  first_event_at timestamptz,
  last_event_at timestamptz,
  tail_hash bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tenant_id, head_hash, head_bytes, generation),
  UNIQUE (id, tenant_id)
);
CREATE INDEX import_files_recent ON import_files (tenant_id, updated_at DESC);

-- A range that is being stored. It outlives a crash, so that it is stored again under the same token.
CREATE TABLE import_ranges (
  file_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  range_start bigint NOT NULL CHECK (range_start >= 0),
  range_end bigint NOT NULL CHECK (range_end > range_start),
  token text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (file_id, range_start),
  FOREIGN KEY (file_id, tenant_id) REFERENCES import_files (id, tenant_id) ON DELETE CASCADE
);

CREATE TABLE idempotency_keys (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  batch_token text NOT NULL,
  answer jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Sealed under the master key, which is kept elsewhere. A destroyed day keeps its row, without the key.
CREATE TABLE day_keys (
  day date PRIMARY KEY,
  sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL))
);

CREATE TABLE settings (
  key text PRIMARY KEY,
  value jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
);

ALTER TABLE import_files ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE import_ranges ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant ON import_files USING (tenant_id = current_tenant());
CREATE POLICY tenant ON import_ranges USING (tenant_id = current_tenant());
CREATE POLICY tenant ON idempotency_keys USING (tenant_id = current_tenant());
CREATE POLICY platform ON import_files USING (current_access() = 'platform');
CREATE POLICY platform ON import_ranges USING (current_access() = 'platform');
CREATE POLICY platform ON idempotency_keys USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE ON import_files, import_ranges, idempotency_keys, settings TO vedette_app;
-- Destroying keys rewrites the table (TRUNCATE), because an updated row leaves its old bytes on disk.
GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON day_keys TO vedette_app;
