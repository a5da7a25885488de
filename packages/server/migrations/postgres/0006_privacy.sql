-- Versions of the master key, which itself is in a file outside the databases; what was erased; what scans found.

-- sealing: what is sealed now is sealed under it. opening: being replaced, so that it only opens. retired: destroyed.
CREATE TABLE master_keys (
  version integer PRIMARY KEY CHECK (version > 0),
  -- Tells whether a process has the same key under that number; the key cannot be made of it.
  fingerprint bytea NOT NULL CHECK (length(fingerprint) = 16),
  state text NOT NULL CHECK (state IN ('sealing', 'opening', 'retired')),
  made_at timestamptz NOT NULL DEFAULT now(),
  retired_at timestamptz,
  CHECK ((state = 'retired') = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX master_keys_one_sealing ON master_keys (state) WHERE state = 'sealing';
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON master_keys
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_master_keys');

-- Secrets of the installation itself, by name.
CREATE TABLE sealed_secrets (
  name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 100),
  sealed bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- The version of the master key that a value is sealed under; 0 for what has no known layout.
CREATE FUNCTION sealed_under(sealed bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN length(sealed) > 0 AND get_byte(sealed, 0) = 1 THEN 1
    WHEN length(sealed) > 4 AND get_byte(sealed, 0) = 2 THEN
      (get_byte(sealed, 1)::bigint << 24) + (get_byte(sealed, 2) << 16) + (get_byte(sealed, 3) << 8) + get_byte(sealed, 4)
    ELSE 0
  END;

-- A process that has not heard of a rotation yet would seal under a key that is about to be destroyed. Reading
-- master_keys also holds up a rotation until the statement's transaction has ended.
CREATE FUNCTION refuse_old_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  value bytea;
  least integer;
BEGIN
  EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO value USING NEW;
  SELECT version INTO least FROM master_keys WHERE state = 'sealing';
  IF value IS NOT NULL AND least IS NOT NULL AND sealed_under(value) < least THEN
    RAISE EXCEPTION 'a value is sealed under an older version of the master key than %', least USING ERRCODE = 'VD001';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON day_keys
  FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed');
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON sealed_secrets
  FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed');
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON integration_secrets
  FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed');

-- Erasures of a person's data. They name nobody.
CREATE TABLE erasures (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  asked_at timestamptz NOT NULL,
  -- Rows by place, as they were erased and as they were found when every store was searched again.
  erased jsonb NOT NULL,
  searched jsonb NOT NULL,
  complete boolean NOT NULL,
  UNIQUE (id, tenant_id)
);
CREATE INDEX erasures_recent ON erasures (tenant_id, asked_at DESC);

-- Keyed hashes of ids that were erased, so that a repeated question is known again and late rows are turned away.
CREATE TABLE erased_ids (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  id_hash bytea NOT NULL CHECK (length(id_hash) = 16),
  erasure_id uuid NOT NULL,
  erased_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id_hash)
);
CREATE TRIGGER announce AFTER INSERT OR UPDATE OR DELETE ON erased_ids
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_erasures');

-- Privacy scans of the installation; what was found is masked.
CREATE TABLE privacy_scans (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  result jsonb NOT NULL DEFAULT '{}'
);

ALTER TABLE erasures ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE erased_ids ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON erasures USING (tenant_id = current_tenant());
CREATE POLICY tenant ON erased_ids USING (tenant_id = current_tenant());
CREATE POLICY platform ON erasures USING (current_access() = 'platform');
CREATE POLICY platform ON erased_ids USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE ON erasures, erased_ids, sealed_secrets, privacy_scans TO vedette_app;
GRANT SELECT, INSERT, UPDATE ON master_keys TO vedette_app;
