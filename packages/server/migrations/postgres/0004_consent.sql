-- What people chose on a site, as evidence. Nothing here is ever changed: a person who chooses anew adds a row.

-- The words that were shown. A version is made of the words: other words are another version.
CREATE TABLE consent_texts (
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  version text NOT NULL CHECK (version ~ '^[0-9a-f]{16}$'),
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
  words jsonb NOT NULL CHECK (jsonb_typeof(words) = 'object'),
  first_shown timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, version)
);

CREATE TABLE consent_choices (
  id uuid PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES tenants ON DELETE CASCADE,
  -- When the hub heard of it; of two under one proof id the later one is later here, too.
  made_at timestamptz NOT NULL,
  domain text NOT NULL CHECK (length(domain) BETWEEN 1 AND 255),
  proof_id text NOT NULL CHECK (proof_id ~ '^[0-9a-f]{32}$'),
  visitor_id text CHECK (visitor_id ~ '^[0-9a-f]{32}$'),
  analytical boolean NOT NULL,
  marketing boolean NOT NULL,
  -- What the site asked for at the time.
  asked text[] NOT NULL CHECK (asked <@ '{analytical,marketing}'),
  change text NOT NULL CHECK (change IN ('first', 'changed', 'withdrawn', 'same')),
  text_version text NOT NULL,
  language text NOT NULL CHECK (length(language) BETWEEN 2 AND 35),
  surface text NOT NULL CHECK (surface IN ('banner', 'settings', 'api')),
  gpc boolean NOT NULL,
  CHECK (visitor_id IS NULL OR analytical),
  FOREIGN KEY (tenant_id, text_version) REFERENCES consent_texts
);
CREATE INDEX consent_choices_time ON consent_choices (tenant_id, made_at, id);
CREATE INDEX consent_choices_proof ON consent_choices (tenant_id, proof_id, made_at DESC);
CREATE INDEX consent_choices_visitor ON consent_choices (tenant_id, visitor_id) WHERE visitor_id IS NOT NULL;
CREATE INDEX consent_choices_text ON consent_choices (tenant_id, text_version);

ALTER TABLE consent_texts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE consent_choices ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON consent_texts USING (tenant_id = current_tenant());
CREATE POLICY tenant ON consent_choices USING (tenant_id = current_tenant());
CREATE POLICY platform ON consent_texts USING (current_access() = 'platform');
CREATE POLICY platform ON consent_choices USING (current_access() = 'platform');

-- Rows go by retention and erasure alone.
GRANT SELECT, INSERT ON consent_texts TO vedette_app;
GRANT SELECT, INSERT, DELETE ON consent_choices TO vedette_app;

-- Every process keeps the policies of all tenants in memory.
CREATE TRIGGER announce_policy AFTER INSERT OR UPDATE OF policy OR DELETE ON tenants
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_policies');
