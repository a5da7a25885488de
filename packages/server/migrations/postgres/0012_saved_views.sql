-- Views of the traffic that people keep under a name: for themselves, or shared with everybody in the tenant. Of a person
-- who goes, the private ones go too, and the shared ones stay without owner.

CREATE TABLE saved_views (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- Whose alone it is; null: it is shared.
  private_to uuid REFERENCES users ON DELETE CASCADE,
  -- Who shares it; null beside a null above: somebody who is gone, or who came by a one-time link.
  shared_by uuid REFERENCES users ON DELETE SET NULL,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  screen text NOT NULL CHECK (screen IN ('explore')),
  -- The query of the screen's address.
  query text NOT NULL CHECK (length(query) <= 4096),
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  CHECK (private_to IS NULL OR shared_by IS NULL)
);
CREATE UNIQUE INDEX saved_views_names ON saved_views (tenant_id, coalesce(private_to, shared_by), name)
  WHERE coalesce(private_to, shared_by) IS NOT NULL;
CREATE INDEX saved_views_shared ON saved_views (tenant_id, id) WHERE private_to IS NULL;
CREATE INDEX saved_views_private_to ON saved_views (private_to) WHERE private_to IS NOT NULL;
CREATE INDEX saved_views_shared_by ON saved_views (shared_by) WHERE shared_by IS NOT NULL;

-- Whoever is no longer in a tenant, and does not operate the installation, has no views there. A membership of Tenant0
-- that ends may be what let its person into all tenants, so this looks at those, too.
CREATE FUNCTION let_go_of_views() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  access text := coalesce(current_access(), '');
  gone uuid[];
BEGIN
  PERFORM set_config('vedette.access', 'platform', true);
  SELECT array_agg(id) INTO gone FROM saved_views v
    WHERE OLD.user_id IN (v.private_to, v.shared_by) AND NOT EXISTS (
      SELECT FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = OLD.user_id
        AND (m.tenant_id = v.tenant_id OR (t.is_installation AND m.role IN ('owner', 'admin'))));
  DELETE FROM saved_views WHERE id = ANY (gone) AND private_to IS NOT NULL;
  UPDATE saved_views SET shared_by = NULL WHERE id = ANY (gone);
  PERFORM set_config('vedette.access', access, true);
  RETURN NULL;
END
$$;
CREATE TRIGGER let_go_of_views AFTER UPDATE OF role OR DELETE ON memberships
  FOR EACH ROW EXECUTE FUNCTION let_go_of_views();

ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON saved_views USING (tenant_id = current_tenant());
CREATE POLICY platform ON saved_views USING (current_access() = 'platform');

GRANT SELECT, INSERT, UPDATE, DELETE ON saved_views TO vedette_app;
