-- Tenants as operators run them: quotas, suspension, deletion with its proof, domains whose ownership was checked, keys
-- that follow others.

-- The migrations run as the owner, whom row security holds too.
SELECT set_config('vedette.access', 'platform', true);

-- {requests_per_day, users, retention_days}; what is absent or null has no bound.
ALTER TABLE tenants
  ADD COLUMN quota jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(quota) = 'object'),
  -- Its deletion has begun: nothing of it is let in any more, and there is no way back.
  ADD COLUMN deleting_at timestamptz,
  ADD CONSTRAINT tenants_deleting_suspended CHECK (deleting_at IS NULL OR suspended_at IS NOT NULL);

-- Every process keeps what may be done with each tenant in memory.
CREATE TRIGGER announce_standing AFTER INSERT OR UPDATE OF slug, suspended_at, deleting_at, quota OR DELETE ON tenants
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_tenants');

-- Requests that were taken, by UTC day of their arrival. Several processes add to the same row, and take back what came
-- to nothing.
CREATE TABLE tenant_usage (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  day date NOT NULL,
  requests bigint NOT NULL,
  PRIMARY KEY (tenant_id, day)
);
CREATE INDEX tenant_usage_day ON tenant_usage (day);

-- Whoever adds a person, by whatever way, is held to the tenant's quota. The tenant's row is locked, so that two who add
-- at once do not both find room.
CREATE FUNCTION refuse_user_over_quota() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  access text := coalesce(current_setting('vedette.access', true), '');
  most integer;
  there integer;
BEGIN
  PERFORM set_config('vedette.access', 'platform', true);
  SELECT (quota ->> 'users')::integer INTO most FROM tenants WHERE id = NEW.tenant_id;
  IF most IS NOT NULL THEN
    PERFORM FROM tenants WHERE id = NEW.tenant_id FOR NO KEY UPDATE;
    SELECT count(*) INTO there FROM memberships WHERE tenant_id = NEW.tenant_id;
    IF there >= most THEN
      RAISE EXCEPTION 'the tenant may have % people', most USING ERRCODE = 'VD003';
    END IF;
  END IF;
  PERFORM set_config('vedette.access', access, true);
  RETURN NEW;
END
$$;
CREATE TRIGGER refuse_user_over_quota BEFORE INSERT ON memberships
  FOR EACH ROW EXECUTE FUNCTION refuse_user_over_quota();

-- A claim that is not verified is nobody's hindrance: several tenants may have one, a verified one there is once.
ALTER TABLE domains
  DROP CONSTRAINT domains_pattern_key,
  ADD COLUMN token text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', '') CHECK (token ~ '^[0-9a-f]{32}$'),
  ADD COLUMN verified_at timestamptz,
  ADD COLUMN verified_by text CHECK (verified_by IN ('operator', 'dns', 'file')),
  ADD COLUMN checked_at timestamptz,
  ADD COLUMN check_error text CHECK (length(check_error) <= 500),
  ADD CONSTRAINT domains_verified_by CHECK ((verified_at IS NULL) = (verified_by IS NULL)),
  ADD CONSTRAINT domains_tenant_pattern UNIQUE (tenant_id, pattern);
-- Whoever had a domain before had it from the operator.
UPDATE domains SET verified_at = created_at, verified_by = 'operator';
CREATE UNIQUE INDEX domains_verified ON domains (pattern) WHERE verified_at IS NOT NULL;

-- The key that this one follows.
ALTER TABLE api_keys ADD COLUMN rotated_from uuid REFERENCES api_keys ON DELETE SET NULL;
CREATE INDEX api_keys_rotated_from ON api_keys (rotated_from) WHERE rotated_from IS NOT NULL;

-- Deletions of whole tenants, as proof; the installation's own, which outlives the tenant, so its id has another name
-- than tenant_id: whatever has a tenant_id goes with the tenant.
CREATE TABLE tenant_deletions (
  id uuid PRIMARY KEY,
  deleted_id uuid NOT NULL UNIQUE,
  slug text NOT NULL,
  name text NOT NULL,
  asked_by text NOT NULL CHECK (length(asked_by) <= 300),
  asked_at timestamptz NOT NULL,
  -- Rows by place, as they were deleted; and as they were found when every place was searched again.
  deleted jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(deleted) = 'array'),
  found jsonb CHECK (jsonb_typeof(found) = 'array'),
  complete boolean,
  finished_at timestamptz,
  -- Why the last attempt ended, while it is not finished.
  error text CHECK (length(error) <= 500),
  CHECK ((finished_at IS NULL) = (complete IS NULL) AND (finished_at IS NULL) = (found IS NULL))
);
CREATE INDEX tenant_deletions_recent ON tenant_deletions (asked_at DESC);
CREATE TRIGGER announce AFTER INSERT ON tenant_deletions
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_tenants');

ALTER TABLE tenant_usage ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE tenant_deletions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenant_usage FOR SELECT USING (tenant_id = current_tenant());
CREATE POLICY platform ON tenant_usage USING (current_access() = 'platform');
CREATE POLICY platform ON tenant_deletions USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_usage TO vedette_app;
GRANT SELECT, INSERT, UPDATE ON tenant_deletions TO vedette_app;
