-- What was done, by whom: one chain of entries a tenant. Entries are added and nothing else. The application's role has
-- no right to do more; a trigger refuses the owner's mistakes; and who rewrites entries as the owner leaves a chain that
-- does not hold, because the hashes are keyed with a secret that is sealed under the master key (docs/security.md).

CREATE TABLE audit_log (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- Place in the tenant's chain, from 1 without gaps.
  number bigint NOT NULL CHECK (number > 0),
  id uuid NOT NULL UNIQUE,
  time timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'key', 'link', 'socket', 'hub', 'nobody')),
  actor_id text CHECK (length(actor_id) <= 100),
  actor_name text NOT NULL CHECK (length(actor_name) <= 300),
  action text NOT NULL CHECK (action ~ '^[a-z][a-z-]*(\.[a-z][a-z-]*)+$' AND length(action) <= 100),
  target text CHECK (length(target) <= 300),
  detail jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object' AND length(detail::text) <= 20000),
  outcome text NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  -- Of log-ins only.
  address text CHECK (length(address) <= 64),
  agent text CHECK (length(agent) <= 200),
  -- HMAC-SHA-256 over the entry and the hash of the one before it.
  previous bytea NOT NULL CHECK (length(previous) = 32),
  hash bytea NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (tenant_id, number)
);
CREATE INDEX audit_log_recent ON audit_log (tenant_id, id DESC);
CREATE INDEX audit_log_actions ON audit_log (tenant_id, action text_pattern_ops, id DESC);

-- Removes the entries of a tenant from before a time, from the first on without gaps; the newest stays, because the chain
-- goes on from it. Whoever calls this adds an entry that says up to where, in the same transaction. Where all that could
-- go are such entries, nothing is done, or there would be one a day for ever.
CREATE FUNCTION cut_audit_log(of_tenant uuid, before timestamptz) RETURNS TABLE (removed bigint, through bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = vedette, pg_temp AS $$
BEGIN
  IF current_access() IS DISTINCT FROM 'platform' THEN
    RAISE EXCEPTION 'the audit log is cut by the installation only' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF before > now() - interval '30 days' THEN
    RAISE EXCEPTION 'the audit log is kept for 30 days at least' USING ERRCODE = 'VD002';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('audit' || of_tenant::text, 0));
  SELECT max(number) INTO through FROM audit_log
    WHERE tenant_id = of_tenant AND time < before
      AND number < (SELECT max(number) FROM audit_log WHERE tenant_id = of_tenant);
  removed := 0;
  IF EXISTS (SELECT FROM audit_log WHERE tenant_id = of_tenant AND number <= through AND action <> 'audit.retention') THEN
    DELETE FROM audit_log WHERE tenant_id = of_tenant AND number <= through;
    GET DIAGNOSTICS removed = ROW_COUNT;
  END IF;
  RETURN NEXT;
END
$$;
REVOKE ALL ON FUNCTION cut_audit_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cut_audit_log TO vedette_app;

-- Lets through the function above, and what goes with its tenant.
CREATE FUNCTION keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  stack text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    IF position('cut_audit_log(uuid,timestamp with time zone)' IN stack) > 0 THEN
      RETURN OLD;
    END IF;
    IF pg_trigger_depth() > 1 AND NOT EXISTS (SELECT FROM tenants WHERE id = OLD.tenant_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit log is only added to; % is refused', TG_OP USING ERRCODE = 'VD002';
END
$$;
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION keep_audit_log();
CREATE TRIGGER keep_audit_log_whole BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log();

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log USING (tenant_id = current_tenant());
CREATE POLICY platform ON audit_log USING (current_access() = 'platform');

GRANT SELECT, INSERT ON audit_log TO vedette_app;
