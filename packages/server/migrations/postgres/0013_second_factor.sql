-- Whether everybody in a tenant has to show a second factor.
ALTER TABLE tenants ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;

-- What a session may do hangs on it, in every process.
CREATE TRIGGER announce_second_factor AFTER UPDATE OF second_factor_required ON tenants
  FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions');
