-- tables
TABLE api_keys ROW SECURITY FORCED
TABLE audit_log ROW SECURITY FORCED
TABLE challenges ROW SECURITY FORCED
TABLE consent_choices ROW SECURITY FORCED
TABLE consent_texts ROW SECURITY FORCED
TABLE day_keys
TABLE domains ROW SECURITY FORCED
TABLE email_changes ROW SECURITY FORCED
TABLE erased_ids ROW SECURITY FORCED
TABLE erasures ROW SECURITY FORCED
TABLE guesses ROW SECURITY FORCED
TABLE idempotency_keys ROW SECURITY FORCED
TABLE import_files ROW SECURITY FORCED
TABLE import_ranges ROW SECURITY FORCED
TABLE integration_calls ROW SECURITY FORCED
TABLE integration_figures ROW SECURITY FORCED
TABLE integration_outbox ROW SECURITY FORCED
TABLE integration_secrets ROW SECURITY FORCED
TABLE integration_visits ROW SECURITY FORCED
TABLE integrations ROW SECURITY FORCED
TABLE invitations ROW SECURITY FORCED
TABLE known_devices ROW SECURITY FORCED
TABLE login_links ROW SECURITY FORCED
TABLE mails ROW SECURITY FORCED
TABLE master_keys
TABLE memberships ROW SECURITY FORCED
TABLE migrations
TABLE oidc_identities ROW SECURITY FORCED
TABLE passkeys ROW SECURITY FORCED
TABLE password_resets ROW SECURITY FORCED
TABLE privacy_scans
TABLE recovery_codes ROW SECURITY FORCED
TABLE saved_views ROW SECURITY FORCED
TABLE sealed_secrets
TABLE settings
TABLE sources ROW SECURITY FORCED
TABLE tenant_deletions ROW SECURITY FORCED
TABLE tenant_usage ROW SECURITY FORCED
TABLE tenants ROW SECURITY FORCED
TABLE totp ROW SECURITY FORCED
TABLE ui_sessions ROW SECURITY FORCED
TABLE user_sessions ROW SECURITY FORCED
TABLE users ROW SECURITY FORCED

-- columns
COLUMN api_keys.id uuid NOT NULL
COLUMN api_keys.tenant_id uuid NOT NULL
COLUMN api_keys.name text NOT NULL DEFAULT ''::text
COLUMN api_keys.prefix text NOT NULL
COLUMN api_keys.secret_hash bytea NOT NULL
COLUMN api_keys.scope text NOT NULL
COLUMN api_keys.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN api_keys.last_used_at timestamp with time zone
COLUMN api_keys.expires_at timestamp with time zone
COLUMN api_keys.revoked_at timestamp with time zone
COLUMN api_keys.rotated_from uuid
COLUMN audit_log.tenant_id uuid NOT NULL
COLUMN audit_log.number bigint NOT NULL
COLUMN audit_log.id uuid NOT NULL
COLUMN audit_log.time timestamp with time zone NOT NULL
COLUMN audit_log.actor_kind text NOT NULL
COLUMN audit_log.actor_id text
COLUMN audit_log.actor_name text NOT NULL
COLUMN audit_log.action text NOT NULL
COLUMN audit_log.target text
COLUMN audit_log.detail jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN audit_log.outcome text NOT NULL
COLUMN audit_log.address text
COLUMN audit_log.agent text
COLUMN audit_log.previous bytea NOT NULL
COLUMN audit_log.hash bytea NOT NULL
COLUMN challenges.token_hash bytea NOT NULL
COLUMN challenges.purpose text NOT NULL
COLUMN challenges.user_id uuid
COLUMN challenges.expires_at timestamp with time zone NOT NULL
COLUMN consent_choices.id uuid NOT NULL
COLUMN consent_choices.tenant_id uuid NOT NULL
COLUMN consent_choices.made_at timestamp with time zone NOT NULL
COLUMN consent_choices.domain text NOT NULL
COLUMN consent_choices.proof_id text NOT NULL
COLUMN consent_choices.visitor_id text
COLUMN consent_choices.analytical boolean NOT NULL
COLUMN consent_choices.marketing boolean NOT NULL
COLUMN consent_choices.asked text[] NOT NULL
COLUMN consent_choices.change text NOT NULL
COLUMN consent_choices.text_version text NOT NULL
COLUMN consent_choices.language text NOT NULL
COLUMN consent_choices.surface text NOT NULL
COLUMN consent_choices.gpc boolean NOT NULL
COLUMN consent_texts.tenant_id uuid NOT NULL
COLUMN consent_texts.version text NOT NULL
COLUMN consent_texts.language text NOT NULL
COLUMN consent_texts.words jsonb NOT NULL
COLUMN consent_texts.first_shown timestamp with time zone NOT NULL DEFAULT now()
COLUMN day_keys.day date NOT NULL
COLUMN day_keys.sealed bytea
COLUMN day_keys.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN day_keys.destroyed_at timestamp with time zone
COLUMN domains.id uuid NOT NULL
COLUMN domains.tenant_id uuid NOT NULL
COLUMN domains.pattern text NOT NULL
COLUMN domains.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN domains.token text NOT NULL DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text)
COLUMN domains.verified_at timestamp with time zone
COLUMN domains.verified_by text
COLUMN domains.checked_at timestamp with time zone
COLUMN domains.check_error text
COLUMN email_changes.id uuid NOT NULL
COLUMN email_changes.user_id uuid NOT NULL
COLUMN email_changes.email text NOT NULL
COLUMN email_changes.token_hash bytea NOT NULL
COLUMN email_changes.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN email_changes.expires_at timestamp with time zone NOT NULL
COLUMN email_changes.closed_at timestamp with time zone
COLUMN erased_ids.tenant_id uuid NOT NULL
COLUMN erased_ids.id_hash bytea NOT NULL
COLUMN erased_ids.erasure_id uuid NOT NULL
COLUMN erased_ids.erased_at timestamp with time zone NOT NULL
COLUMN erasures.id uuid NOT NULL
COLUMN erasures.tenant_id uuid NOT NULL
COLUMN erasures.asked_at timestamp with time zone NOT NULL
COLUMN erasures.erased jsonb NOT NULL
COLUMN erasures.searched jsonb NOT NULL
COLUMN erasures.complete boolean NOT NULL
COLUMN guesses.name_hash bytea NOT NULL
COLUMN guesses.left_over double precision NOT NULL
COLUMN guesses.at timestamp with time zone NOT NULL
COLUMN idempotency_keys.tenant_id uuid NOT NULL
COLUMN idempotency_keys.key text NOT NULL
COLUMN idempotency_keys.batch_token text NOT NULL
COLUMN idempotency_keys.answer jsonb
COLUMN idempotency_keys.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN idempotency_keys.expires_at timestamp with time zone NOT NULL
COLUMN import_files.id uuid NOT NULL
COLUMN import_files.tenant_id uuid NOT NULL
COLUMN import_files.head_bytes integer NOT NULL
COLUMN import_files.head_hash bytea NOT NULL
COLUMN import_files.generation integer NOT NULL
COLUMN import_files.name text NOT NULL
COLUMN import_files.format text NOT NULL
COLUMN import_files.parser_state jsonb NOT NULL DEFAULT 'null'::jsonb
COLUMN import_files.offset_done bigint NOT NULL DEFAULT 0
COLUMN import_files.lines_read bigint NOT NULL DEFAULT 0
COLUMN import_files.lines_accepted bigint NOT NULL DEFAULT 0
COLUMN import_files.lines_rejected bigint NOT NULL DEFAULT 0
COLUMN import_files.first_event_at timestamp with time zone
COLUMN import_files.last_event_at timestamp with time zone
COLUMN import_files.tail_hash bytea
COLUMN import_files.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN import_files.updated_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN import_ranges.file_id uuid NOT NULL
COLUMN import_ranges.tenant_id uuid NOT NULL
COLUMN import_ranges.range_start bigint NOT NULL
COLUMN import_ranges.range_end bigint NOT NULL
COLUMN import_ranges.token text NOT NULL
COLUMN import_ranges.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN integration_calls.tenant_id uuid NOT NULL
COLUMN integration_calls.kind text NOT NULL
COLUMN integration_calls.project text NOT NULL
COLUMN integration_calls.day date NOT NULL
COLUMN integration_calls.calls integer NOT NULL
COLUMN integration_figures.tenant_id uuid NOT NULL
COLUMN integration_figures.kind text NOT NULL
COLUMN integration_figures.fetched_at timestamp with time zone NOT NULL
COLUMN integration_figures.window_from timestamp with time zone NOT NULL
COLUMN integration_figures.window_to timestamp with time zone NOT NULL
COLUMN integration_figures.figures jsonb NOT NULL
COLUMN integration_outbox.tenant_id uuid NOT NULL
COLUMN integration_outbox.kind text NOT NULL
COLUMN integration_outbox.id uuid NOT NULL
COLUMN integration_outbox.visitor_id text NOT NULL
COLUMN integration_outbox.happened_at timestamp with time zone NOT NULL
COLUMN integration_outbox.event jsonb NOT NULL
COLUMN integration_outbox.attempts integer NOT NULL DEFAULT 0
COLUMN integration_secrets.id uuid NOT NULL
COLUMN integration_secrets.tenant_id uuid NOT NULL
COLUMN integration_secrets.kind text NOT NULL
COLUMN integration_secrets.name text NOT NULL
COLUMN integration_secrets.sealed bytea NOT NULL
COLUMN integration_secrets.changed_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN integration_visits.tenant_id uuid NOT NULL
COLUMN integration_visits.kind text NOT NULL
COLUMN integration_visits.visitor_id text NOT NULL
COLUMN integration_visits.session bigint NOT NULL
COLUMN integration_visits.last_at timestamp with time zone NOT NULL
COLUMN integrations.tenant_id uuid NOT NULL
COLUMN integrations.kind text NOT NULL
COLUMN integrations.enabled boolean NOT NULL
COLUMN integrations.settings jsonb NOT NULL
COLUMN integrations.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN integrations.changed_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN integrations.last_success timestamp with time zone
COLUMN integrations.last_error text
COLUMN integrations.last_error_at timestamp with time zone
COLUMN integrations.sent bigint NOT NULL DEFAULT 0
COLUMN integrations.failures integer NOT NULL DEFAULT 0
COLUMN integrations.retry_at timestamp with time zone
COLUMN integrations.held_until timestamp with time zone
COLUMN integrations.held_by uuid
COLUMN invitations.id uuid NOT NULL
COLUMN invitations.tenant_id uuid NOT NULL
COLUMN invitations.email text NOT NULL
COLUMN invitations.role text NOT NULL
COLUMN invitations.token_hash bytea NOT NULL
COLUMN invitations.invited_by uuid
COLUMN invitations.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN invitations.sent_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN invitations.expires_at timestamp with time zone NOT NULL
COLUMN invitations.accepted_at timestamp with time zone
COLUMN invitations.revoked_at timestamp with time zone
COLUMN known_devices.token_hash bytea NOT NULL
COLUMN known_devices.user_id uuid NOT NULL
COLUMN known_devices.last_used_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN login_links.id uuid NOT NULL
COLUMN login_links.tenant_id uuid NOT NULL
COLUMN login_links.token_hash bytea NOT NULL
COLUMN login_links.scope text NOT NULL
COLUMN login_links.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN login_links.expires_at timestamp with time zone NOT NULL
COLUMN login_links.used_at timestamp with time zone
COLUMN mails.id uuid NOT NULL
COLUMN mails.tenant_id uuid
COLUMN mails.kind text NOT NULL
COLUMN mails.subject_id uuid
COLUMN mails.sealed bytea
COLUMN mails.state text NOT NULL DEFAULT 'waiting'::text
COLUMN mails.error text
COLUMN mails.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN mails.expires_at timestamp with time zone NOT NULL
COLUMN mails.finished_at timestamp with time zone
COLUMN master_keys.version integer NOT NULL
COLUMN master_keys.fingerprint bytea NOT NULL
COLUMN master_keys.state text NOT NULL
COLUMN master_keys.made_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN master_keys.retired_at timestamp with time zone
COLUMN memberships.user_id uuid NOT NULL
COLUMN memberships.tenant_id uuid NOT NULL
COLUMN memberships.role text NOT NULL
COLUMN memberships.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN migrations.version integer NOT NULL
COLUMN migrations.name text NOT NULL
COLUMN migrations.checksum text NOT NULL
COLUMN migrations.run_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN oidc_identities.issuer text NOT NULL
COLUMN oidc_identities.subject text NOT NULL
COLUMN oidc_identities.user_id uuid NOT NULL
COLUMN oidc_identities.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN passkeys.id uuid NOT NULL
COLUMN passkeys.user_id uuid NOT NULL
COLUMN passkeys.name text NOT NULL
COLUMN passkeys.credential_id text NOT NULL
COLUMN passkeys.public_key text NOT NULL
COLUMN passkeys.counter bigint NOT NULL
COLUMN passkeys.transports text[] NOT NULL
COLUMN passkeys.synced boolean NOT NULL
COLUMN passkeys.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN passkeys.last_used_at timestamp with time zone
COLUMN password_resets.id uuid NOT NULL
COLUMN password_resets.user_id uuid NOT NULL
COLUMN password_resets.token_hash bytea NOT NULL
COLUMN password_resets.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN password_resets.expires_at timestamp with time zone NOT NULL
COLUMN password_resets.closed_at timestamp with time zone
COLUMN privacy_scans.id uuid NOT NULL
COLUMN privacy_scans.state text NOT NULL
COLUMN privacy_scans.started_at timestamp with time zone NOT NULL
COLUMN privacy_scans.finished_at timestamp with time zone
COLUMN privacy_scans.result jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN recovery_codes.user_id uuid NOT NULL
COLUMN recovery_codes.code_hash bytea NOT NULL
COLUMN recovery_codes.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN saved_views.id uuid NOT NULL
COLUMN saved_views.tenant_id uuid NOT NULL
COLUMN saved_views.private_to uuid
COLUMN saved_views.shared_by uuid
COLUMN saved_views.name text NOT NULL
COLUMN saved_views.screen text NOT NULL
COLUMN saved_views.query text NOT NULL
COLUMN saved_views.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN saved_views.changed_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN sealed_secrets.name text NOT NULL
COLUMN sealed_secrets.sealed bytea NOT NULL
COLUMN sealed_secrets.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN settings.key text NOT NULL
COLUMN settings.value jsonb NOT NULL
COLUMN settings.updated_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN sources.id uuid NOT NULL
COLUMN sources.tenant_id uuid NOT NULL
COLUMN sources.kind text NOT NULL
COLUMN sources.name text NOT NULL
COLUMN sources.software text NOT NULL
COLUMN sources.agent text NOT NULL
COLUMN sources.first_seen timestamp with time zone NOT NULL
COLUMN sources.last_seen timestamp with time zone NOT NULL
COLUMN sources.first_request timestamp with time zone
COLUMN sources.requests bigint NOT NULL
COLUMN sources.refused bigint NOT NULL
COLUMN sources.dropped bigint NOT NULL DEFAULT 0
COLUMN sources.counters jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN sources.lag_ms bigint
COLUMN sources.skew_ms bigint
COLUMN sources.error text
COLUMN sources.error_at timestamp with time zone
COLUMN sources.minute bigint NOT NULL
COLUMN sources.minute_requests bigint NOT NULL
COLUMN sources.minute_before bigint NOT NULL DEFAULT 0
COLUMN tenant_deletions.id uuid NOT NULL
COLUMN tenant_deletions.deleted_id uuid NOT NULL
COLUMN tenant_deletions.slug text NOT NULL
COLUMN tenant_deletions.name text NOT NULL
COLUMN tenant_deletions.asked_by text NOT NULL
COLUMN tenant_deletions.asked_at timestamp with time zone NOT NULL
COLUMN tenant_deletions.deleted jsonb NOT NULL DEFAULT '[]'::jsonb
COLUMN tenant_deletions.found jsonb
COLUMN tenant_deletions.complete boolean
COLUMN tenant_deletions.finished_at timestamp with time zone
COLUMN tenant_deletions.error text
COLUMN tenant_usage.tenant_id uuid NOT NULL
COLUMN tenant_usage.day date NOT NULL
COLUMN tenant_usage.requests bigint NOT NULL
COLUMN tenants.id uuid NOT NULL
COLUMN tenants.slug text NOT NULL
COLUMN tenants.name text NOT NULL
COLUMN tenants.is_installation boolean NOT NULL DEFAULT false
COLUMN tenants.policy jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN tenants.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN tenants.suspended_at timestamp with time zone
COLUMN tenants.quota jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN tenants.deleting_at timestamp with time zone
COLUMN tenants.second_factor_required boolean NOT NULL DEFAULT false
COLUMN totp.user_id uuid NOT NULL
COLUMN totp.sealed bytea NOT NULL
COLUMN totp.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN totp.confirmed_at timestamp with time zone
COLUMN totp.last_step bigint
COLUMN ui_sessions.id uuid NOT NULL
COLUMN ui_sessions.tenant_id uuid NOT NULL
COLUMN ui_sessions.token_hash bytea NOT NULL
COLUMN ui_sessions.scope text NOT NULL
COLUMN ui_sessions.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN ui_sessions.expires_at timestamp with time zone NOT NULL
COLUMN ui_sessions.revoked_at timestamp with time zone
COLUMN user_sessions.id uuid NOT NULL
COLUMN user_sessions.user_id uuid NOT NULL
COLUMN user_sessions.token_hash bytea NOT NULL
COLUMN user_sessions.previous_hash bytea
COLUMN user_sessions.state text NOT NULL
COLUMN user_sessions.factors text[] NOT NULL
COLUMN user_sessions.agent text NOT NULL DEFAULT ''::text
COLUMN user_sessions.place text NOT NULL DEFAULT ''::text
COLUMN user_sessions.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN user_sessions.rotated_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN user_sessions.last_used_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN user_sessions.expires_at timestamp with time zone NOT NULL
COLUMN user_sessions.revoked_at timestamp with time zone
COLUMN users.id uuid NOT NULL
COLUMN users.email text NOT NULL
COLUMN users.name text NOT NULL
COLUMN users.password_hash text
COLUMN users.password_changed_at timestamp with time zone
COLUMN users.locale text
COLUMN users.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN users.disabled_at timestamp with time zone
COLUMN users.last_log_in_at timestamp with time zone

-- constraints
CONSTRAINT api_keys.api_keys_pkey PRIMARY KEY (id)
CONSTRAINT api_keys.api_keys_rotated_from_fkey FOREIGN KEY (rotated_from) REFERENCES api_keys(id) ON DELETE SET NULL
CONSTRAINT api_keys.api_keys_scope_check CHECK ((scope = ANY (ARRAY['ingest'::text, 'read'::text, 'admin'::text])))
CONSTRAINT api_keys.api_keys_secret_hash_check CHECK ((length(secret_hash) = 32))
CONSTRAINT api_keys.api_keys_secret_hash_key UNIQUE (secret_hash)
CONSTRAINT api_keys.api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT audit_log.audit_log_action_check CHECK (((action ~ '^[a-z][a-z-]*(\.[a-z][a-z-]*)+$'::text) AND (length(action) <= 100)))
CONSTRAINT audit_log.audit_log_actor_id_check CHECK ((length(actor_id) <= 100))
CONSTRAINT audit_log.audit_log_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'key'::text, 'link'::text, 'socket'::text, 'hub'::text, 'nobody'::text])))
CONSTRAINT audit_log.audit_log_actor_name_check CHECK ((length(actor_name) <= 300))
CONSTRAINT audit_log.audit_log_address_check CHECK ((length(address) <= 64))
CONSTRAINT audit_log.audit_log_agent_check CHECK ((length(agent) <= 200))
CONSTRAINT audit_log.audit_log_detail_check CHECK (((jsonb_typeof(detail) = 'object'::text) AND (length((detail)::text) <= 20000)))
CONSTRAINT audit_log.audit_log_hash_check CHECK ((length(hash) = 32))
CONSTRAINT audit_log.audit_log_id_key UNIQUE (id)
CONSTRAINT audit_log.audit_log_number_check CHECK ((number > 0))
CONSTRAINT audit_log.audit_log_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'refused'::text, 'failed'::text])))
CONSTRAINT audit_log.audit_log_pkey PRIMARY KEY (tenant_id, number)
CONSTRAINT audit_log.audit_log_previous_check CHECK ((length(previous) = 32))
CONSTRAINT audit_log.audit_log_target_check CHECK ((length(target) <= 300))
CONSTRAINT audit_log.audit_log_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT challenges.challenges_pkey PRIMARY KEY (token_hash)
CONSTRAINT challenges.challenges_purpose_check CHECK ((purpose = ANY (ARRAY['passkey'::text, 'new-passkey'::text, 'sso'::text])))
CONSTRAINT challenges.challenges_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT challenges.challenges_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT consent_choices.consent_choices_asked_check CHECK ((asked <@ '{analytical,marketing}'::text[]))
CONSTRAINT consent_choices.consent_choices_change_check CHECK ((change = ANY (ARRAY['first'::text, 'changed'::text, 'withdrawn'::text, 'same'::text])))
CONSTRAINT consent_choices.consent_choices_check CHECK (((visitor_id IS NULL) OR analytical))
CONSTRAINT consent_choices.consent_choices_domain_check CHECK (((length(domain) >= 1) AND (length(domain) <= 255)))
CONSTRAINT consent_choices.consent_choices_language_check CHECK (((length(language) >= 2) AND (length(language) <= 35)))
CONSTRAINT consent_choices.consent_choices_pkey PRIMARY KEY (id)
CONSTRAINT consent_choices.consent_choices_proof_id_check CHECK ((proof_id ~ '^[0-9a-f]{32}$'::text))
CONSTRAINT consent_choices.consent_choices_surface_check CHECK ((surface = ANY (ARRAY['banner'::text, 'settings'::text, 'api'::text])))
CONSTRAINT consent_choices.consent_choices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT consent_choices.consent_choices_tenant_id_text_version_fkey FOREIGN KEY (tenant_id, text_version) REFERENCES consent_texts(tenant_id, version)
CONSTRAINT consent_choices.consent_choices_visitor_id_check CHECK ((visitor_id ~ '^[0-9a-f]{32}$'::text))
CONSTRAINT consent_texts.consent_texts_language_check CHECK (((length(language) >= 2) AND (length(language) <= 35)))
CONSTRAINT consent_texts.consent_texts_pkey PRIMARY KEY (tenant_id, version)
CONSTRAINT consent_texts.consent_texts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT consent_texts.consent_texts_version_check CHECK ((version ~ '^[0-9a-f]{16}$'::text))
CONSTRAINT consent_texts.consent_texts_words_check CHECK ((jsonb_typeof(words) = 'object'::text))
CONSTRAINT day_keys.day_keys_check CHECK (((sealed IS NULL) = (destroyed_at IS NOT NULL)))
CONSTRAINT day_keys.day_keys_pkey PRIMARY KEY (day)
CONSTRAINT domains.domains_check_error_check CHECK ((length(check_error) <= 500))
CONSTRAINT domains.domains_pattern_check CHECK (((pattern = lower(pattern)) AND ((length(pattern) >= 1) AND (length(pattern) <= 255))))
CONSTRAINT domains.domains_pkey PRIMARY KEY (id)
CONSTRAINT domains.domains_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT domains.domains_tenant_pattern UNIQUE (tenant_id, pattern)
CONSTRAINT domains.domains_token_check CHECK ((token ~ '^[0-9a-f]{32}$'::text))
CONSTRAINT domains.domains_verified_by CHECK (((verified_at IS NULL) = (verified_by IS NULL)))
CONSTRAINT domains.domains_verified_by_check CHECK ((verified_by = ANY (ARRAY['operator'::text, 'dns'::text, 'file'::text])))
CONSTRAINT email_changes.email_changes_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)) AND (POSITION(('@'::text) IN (email)) > 1)))
CONSTRAINT email_changes.email_changes_pkey PRIMARY KEY (id)
CONSTRAINT email_changes.email_changes_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT email_changes.email_changes_token_hash_key UNIQUE (token_hash)
CONSTRAINT email_changes.email_changes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT erased_ids.erased_ids_id_hash_check CHECK ((length(id_hash) = 16))
CONSTRAINT erased_ids.erased_ids_pkey PRIMARY KEY (tenant_id, id_hash)
CONSTRAINT erased_ids.erased_ids_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT erasures.erasures_id_tenant_id_key UNIQUE (id, tenant_id)
CONSTRAINT erasures.erasures_pkey PRIMARY KEY (id)
CONSTRAINT erasures.erasures_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT guesses.guesses_name_hash_check CHECK ((length(name_hash) = 32))
CONSTRAINT guesses.guesses_pkey PRIMARY KEY (name_hash)
CONSTRAINT idempotency_keys.idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
CONSTRAINT idempotency_keys.idempotency_keys_pkey PRIMARY KEY (tenant_id, key)
CONSTRAINT idempotency_keys.idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT import_files.import_files_generation_check CHECK ((generation >= 0))
CONSTRAINT import_files.import_files_head_bytes_check CHECK ((head_bytes > 0))
CONSTRAINT import_files.import_files_id_tenant_id_key UNIQUE (id, tenant_id)
CONSTRAINT import_files.import_files_offset_done_check CHECK ((offset_done >= 0))
CONSTRAINT import_files.import_files_pkey PRIMARY KEY (id)
CONSTRAINT import_files.import_files_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT import_files.import_files_tenant_id_head_hash_head_bytes_generation_key UNIQUE (tenant_id, head_hash, head_bytes, generation)
CONSTRAINT import_ranges.import_ranges_check CHECK ((range_end > range_start))
CONSTRAINT import_ranges.import_ranges_file_id_tenant_id_fkey FOREIGN KEY (file_id, tenant_id) REFERENCES import_files(id, tenant_id) ON DELETE CASCADE
CONSTRAINT import_ranges.import_ranges_pkey PRIMARY KEY (file_id, range_start)
CONSTRAINT import_ranges.import_ranges_range_start_check CHECK ((range_start >= 0))
CONSTRAINT integration_calls.integration_calls_calls_check CHECK ((calls >= 0))
CONSTRAINT integration_calls.integration_calls_pkey PRIMARY KEY (tenant_id, kind, project, day)
CONSTRAINT integration_calls.integration_calls_project_check CHECK ((length(project) <= 64))
CONSTRAINT integration_calls.integration_calls_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT integration_figures.integration_figures_figures_check CHECK ((jsonb_typeof(figures) = 'array'::text))
CONSTRAINT integration_figures.integration_figures_pkey PRIMARY KEY (tenant_id, kind)
CONSTRAINT integration_figures.integration_figures_tenant_id_kind_fkey FOREIGN KEY (tenant_id, kind) REFERENCES integrations(tenant_id, kind) ON DELETE CASCADE
CONSTRAINT integration_outbox.integration_outbox_pkey PRIMARY KEY (tenant_id, kind, id)
CONSTRAINT integration_outbox.integration_outbox_tenant_id_kind_fkey FOREIGN KEY (tenant_id, kind) REFERENCES integrations(tenant_id, kind) ON DELETE CASCADE
CONSTRAINT integration_outbox.integration_outbox_visitor_id_check CHECK ((length(visitor_id) <= 64))
CONSTRAINT integration_secrets.integration_secrets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40)))
CONSTRAINT integration_secrets.integration_secrets_pkey PRIMARY KEY (id)
CONSTRAINT integration_secrets.integration_secrets_tenant_id_kind_fkey FOREIGN KEY (tenant_id, kind) REFERENCES integrations(tenant_id, kind) ON DELETE CASCADE
CONSTRAINT integration_secrets.integration_secrets_tenant_id_kind_name_key UNIQUE (tenant_id, kind, name)
CONSTRAINT integration_visits.integration_visits_pkey PRIMARY KEY (tenant_id, kind, visitor_id)
CONSTRAINT integration_visits.integration_visits_tenant_id_kind_fkey FOREIGN KEY (tenant_id, kind) REFERENCES integrations(tenant_id, kind) ON DELETE CASCADE
CONSTRAINT integration_visits.integration_visits_visitor_id_check CHECK ((length(visitor_id) <= 64))
CONSTRAINT integrations.integrations_check CHECK (((last_error IS NULL) = (last_error_at IS NULL)))
CONSTRAINT integrations.integrations_kind_check CHECK ((kind = ANY (ARRAY['ga4'::text, 'clarity'::text])))
CONSTRAINT integrations.integrations_last_error_check CHECK ((length(last_error) <= 500))
CONSTRAINT integrations.integrations_pkey PRIMARY KEY (tenant_id, kind)
CONSTRAINT integrations.integrations_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
CONSTRAINT integrations.integrations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT invitations.invitations_check CHECK (((accepted_at IS NULL) OR (revoked_at IS NULL)))
CONSTRAINT invitations.invitations_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)) AND (POSITION(('@'::text) IN (email)) > 1)))
CONSTRAINT invitations.invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT invitations.invitations_pkey PRIMARY KEY (id)
CONSTRAINT invitations.invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'analyst'::text, 'viewer'::text])))
CONSTRAINT invitations.invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT invitations.invitations_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT invitations.invitations_token_hash_key UNIQUE (token_hash)
CONSTRAINT known_devices.known_devices_pkey PRIMARY KEY (token_hash)
CONSTRAINT known_devices.known_devices_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT known_devices.known_devices_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT login_links.login_links_pkey PRIMARY KEY (id)
CONSTRAINT login_links.login_links_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'admin'::text])))
CONSTRAINT login_links.login_links_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT login_links.login_links_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT login_links.login_links_token_hash_key UNIQUE (token_hash)
CONSTRAINT mails.mails_check CHECK (((state = 'waiting'::text) = (sealed IS NOT NULL)))
CONSTRAINT mails.mails_check1 CHECK (((state = 'waiting'::text) = (finished_at IS NULL)))
CONSTRAINT mails.mails_error_check CHECK ((length(error) <= 500))
CONSTRAINT mails.mails_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'password-reset'::text, 'password-changed'::text, 'email-change'::text, 'email-asked'::text, 'email-changed'::text, 'factor-changed'::text])))
CONSTRAINT mails.mails_pkey PRIMARY KEY (id)
CONSTRAINT mails.mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dropped'::text, 'failed'::text])))
CONSTRAINT mails.mails_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT master_keys.master_keys_check CHECK (((state = 'retired'::text) = (retired_at IS NOT NULL)))
CONSTRAINT master_keys.master_keys_fingerprint_check CHECK ((length(fingerprint) = 16))
CONSTRAINT master_keys.master_keys_pkey PRIMARY KEY (version)
CONSTRAINT master_keys.master_keys_state_check CHECK ((state = ANY (ARRAY['sealing'::text, 'opening'::text, 'retired'::text])))
CONSTRAINT master_keys.master_keys_version_check CHECK ((version > 0))
CONSTRAINT memberships.memberships_pkey PRIMARY KEY (user_id, tenant_id)
CONSTRAINT memberships.memberships_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'analyst'::text, 'viewer'::text])))
CONSTRAINT memberships.memberships_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT memberships.memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT migrations.migrations_pkey PRIMARY KEY (version)
CONSTRAINT oidc_identities.oidc_identities_issuer_check CHECK ((length(issuer) <= 500))
CONSTRAINT oidc_identities.oidc_identities_pkey PRIMARY KEY (issuer, subject)
CONSTRAINT oidc_identities.oidc_identities_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
CONSTRAINT oidc_identities.oidc_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT oidc_identities.oidc_identities_user_id_issuer_key UNIQUE (user_id, issuer)
CONSTRAINT passkeys.passkeys_counter_check CHECK ((counter >= 0))
CONSTRAINT passkeys.passkeys_credential_id_check CHECK (((length(credential_id) >= 1) AND (length(credential_id) <= 1400)))
CONSTRAINT passkeys.passkeys_credential_id_key UNIQUE (credential_id)
CONSTRAINT passkeys.passkeys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
CONSTRAINT passkeys.passkeys_pkey PRIMARY KEY (id)
CONSTRAINT passkeys.passkeys_public_key_check CHECK ((length(public_key) <= 8192))
CONSTRAINT passkeys.passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT password_resets.password_resets_pkey PRIMARY KEY (id)
CONSTRAINT password_resets.password_resets_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT password_resets.password_resets_token_hash_key UNIQUE (token_hash)
CONSTRAINT password_resets.password_resets_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT privacy_scans.privacy_scans_pkey PRIMARY KEY (id)
CONSTRAINT privacy_scans.privacy_scans_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
CONSTRAINT recovery_codes.recovery_codes_code_hash_check CHECK ((length(code_hash) = 32))
CONSTRAINT recovery_codes.recovery_codes_pkey PRIMARY KEY (user_id, code_hash)
CONSTRAINT recovery_codes.recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT saved_views.saved_views_check CHECK (((private_to IS NULL) OR (shared_by IS NULL)))
CONSTRAINT saved_views.saved_views_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
CONSTRAINT saved_views.saved_views_pkey PRIMARY KEY (id)
CONSTRAINT saved_views.saved_views_private_to_fkey FOREIGN KEY (private_to) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT saved_views.saved_views_query_check CHECK ((length(query) <= 4096))
CONSTRAINT saved_views.saved_views_screen_check CHECK ((screen = 'explore'::text))
CONSTRAINT saved_views.saved_views_shared_by_fkey FOREIGN KEY (shared_by) REFERENCES users(id) ON DELETE SET NULL
CONSTRAINT saved_views.saved_views_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT sealed_secrets.sealed_secrets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
CONSTRAINT sealed_secrets.sealed_secrets_pkey PRIMARY KEY (name)
CONSTRAINT settings.settings_pkey PRIMARY KEY (key)
CONSTRAINT sources.sources_agent_check CHECK ((length(agent) <= 200))
CONSTRAINT sources.sources_kind_check CHECK ((kind = ANY (ARRAY['edge'::text, 'api'::text, 'otlp'::text, 'bulk'::text, 'syslog'::text])))
CONSTRAINT sources.sources_name_check CHECK ((length(name) <= 200))
CONSTRAINT sources.sources_pkey PRIMARY KEY (id)
CONSTRAINT sources.sources_software_check CHECK ((length(software) <= 200))
CONSTRAINT sources.sources_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT sources.sources_tenant_id_kind_name_software_key UNIQUE (tenant_id, kind, name, software)
CONSTRAINT tenant_deletions.tenant_deletions_asked_by_check CHECK ((length(asked_by) <= 300))
CONSTRAINT tenant_deletions.tenant_deletions_check CHECK ((((finished_at IS NULL) = (complete IS NULL)) AND ((finished_at IS NULL) = (found IS NULL))))
CONSTRAINT tenant_deletions.tenant_deletions_deleted_check CHECK ((jsonb_typeof(deleted) = 'array'::text))
CONSTRAINT tenant_deletions.tenant_deletions_deleted_id_key UNIQUE (deleted_id)
CONSTRAINT tenant_deletions.tenant_deletions_error_check CHECK ((length(error) <= 500))
CONSTRAINT tenant_deletions.tenant_deletions_found_check CHECK ((jsonb_typeof(found) = 'array'::text))
CONSTRAINT tenant_deletions.tenant_deletions_pkey PRIMARY KEY (id)
CONSTRAINT tenant_usage.tenant_usage_pkey PRIMARY KEY (tenant_id, day)
CONSTRAINT tenant_usage.tenant_usage_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT tenants.tenants_deleting_suspended CHECK (((deleting_at IS NULL) OR (suspended_at IS NOT NULL)))
CONSTRAINT tenants.tenants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
CONSTRAINT tenants.tenants_pkey PRIMARY KEY (id)
CONSTRAINT tenants.tenants_policy_check CHECK ((jsonb_typeof(policy) = 'object'::text))
CONSTRAINT tenants.tenants_quota_check CHECK ((jsonb_typeof(quota) = 'object'::text))
CONSTRAINT tenants.tenants_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
CONSTRAINT tenants.tenants_slug_key UNIQUE (slug)
CONSTRAINT totp.totp_pkey PRIMARY KEY (user_id)
CONSTRAINT totp.totp_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT ui_sessions.ui_sessions_pkey PRIMARY KEY (id)
CONSTRAINT ui_sessions.ui_sessions_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'admin'::text])))
CONSTRAINT ui_sessions.ui_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT ui_sessions.ui_sessions_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT ui_sessions.ui_sessions_token_hash_key UNIQUE (token_hash)
CONSTRAINT user_sessions.user_sessions_agent_check CHECK ((length(agent) <= 200))
CONSTRAINT user_sessions.user_sessions_pkey PRIMARY KEY (id)
CONSTRAINT user_sessions.user_sessions_place_check CHECK ((length(place) <= 200))
CONSTRAINT user_sessions.user_sessions_previous_hash_check CHECK ((length(previous_hash) = 32))
CONSTRAINT user_sessions.user_sessions_previous_hash_key UNIQUE (previous_hash)
CONSTRAINT user_sessions.user_sessions_state_check CHECK ((state = ANY (ARRAY['full'::text, 'second-factor'::text])))
CONSTRAINT user_sessions.user_sessions_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT user_sessions.user_sessions_token_hash_key UNIQUE (token_hash)
CONSTRAINT user_sessions.user_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
CONSTRAINT users.users_check CHECK (((password_hash IS NULL) = (password_changed_at IS NULL)))
CONSTRAINT users.users_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 254)) AND (POSITION(('@'::text) IN (email)) > 1)))
CONSTRAINT users.users_email_key UNIQUE (email)
CONSTRAINT users.users_locale_check CHECK ((locale ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'::text))
CONSTRAINT users.users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
CONSTRAINT users.users_password_hash_check CHECK ((password_hash ~~ '$argon2id$%'::text))
CONSTRAINT users.users_pkey PRIMARY KEY (id)

-- indexes
INDEX CREATE UNIQUE INDEX api_keys_pkey ON vedette.api_keys USING btree (id)
INDEX CREATE INDEX api_keys_rotated_from ON vedette.api_keys USING btree (rotated_from) WHERE (rotated_from IS NOT NULL)
INDEX CREATE UNIQUE INDEX api_keys_secret_hash_key ON vedette.api_keys USING btree (secret_hash)
INDEX CREATE INDEX api_keys_tenant ON vedette.api_keys USING btree (tenant_id)
INDEX CREATE INDEX audit_log_actions ON vedette.audit_log USING btree (tenant_id, action text_pattern_ops, id DESC)
INDEX CREATE UNIQUE INDEX audit_log_id_key ON vedette.audit_log USING btree (id)
INDEX CREATE UNIQUE INDEX audit_log_pkey ON vedette.audit_log USING btree (tenant_id, number)
INDEX CREATE INDEX audit_log_recent ON vedette.audit_log USING btree (tenant_id, id DESC)
INDEX CREATE INDEX challenges_expiry ON vedette.challenges USING btree (expires_at)
INDEX CREATE UNIQUE INDEX challenges_pkey ON vedette.challenges USING btree (token_hash)
INDEX CREATE UNIQUE INDEX consent_choices_pkey ON vedette.consent_choices USING btree (id)
INDEX CREATE INDEX consent_choices_proof ON vedette.consent_choices USING btree (tenant_id, proof_id, made_at DESC)
INDEX CREATE INDEX consent_choices_text ON vedette.consent_choices USING btree (tenant_id, text_version)
INDEX CREATE INDEX consent_choices_time ON vedette.consent_choices USING btree (tenant_id, made_at, id)
INDEX CREATE INDEX consent_choices_visitor ON vedette.consent_choices USING btree (tenant_id, visitor_id) WHERE (visitor_id IS NOT NULL)
INDEX CREATE UNIQUE INDEX consent_texts_pkey ON vedette.consent_texts USING btree (tenant_id, version)
INDEX CREATE UNIQUE INDEX day_keys_pkey ON vedette.day_keys USING btree (day)
INDEX CREATE UNIQUE INDEX domains_pkey ON vedette.domains USING btree (id)
INDEX CREATE INDEX domains_tenant ON vedette.domains USING btree (tenant_id)
INDEX CREATE UNIQUE INDEX domains_tenant_pattern ON vedette.domains USING btree (tenant_id, pattern)
INDEX CREATE UNIQUE INDEX domains_verified ON vedette.domains USING btree (pattern) WHERE (verified_at IS NOT NULL)
INDEX CREATE UNIQUE INDEX email_changes_open ON vedette.email_changes USING btree (user_id) WHERE (closed_at IS NULL)
INDEX CREATE UNIQUE INDEX email_changes_pkey ON vedette.email_changes USING btree (id)
INDEX CREATE UNIQUE INDEX email_changes_token_hash_key ON vedette.email_changes USING btree (token_hash)
INDEX CREATE UNIQUE INDEX erased_ids_pkey ON vedette.erased_ids USING btree (tenant_id, id_hash)
INDEX CREATE UNIQUE INDEX erasures_id_tenant_id_key ON vedette.erasures USING btree (id, tenant_id)
INDEX CREATE UNIQUE INDEX erasures_pkey ON vedette.erasures USING btree (id)
INDEX CREATE INDEX erasures_recent ON vedette.erasures USING btree (tenant_id, asked_at DESC)
INDEX CREATE UNIQUE INDEX guesses_pkey ON vedette.guesses USING btree (name_hash)
INDEX CREATE INDEX idempotency_keys_expiry ON vedette.idempotency_keys USING btree (expires_at)
INDEX CREATE UNIQUE INDEX idempotency_keys_pkey ON vedette.idempotency_keys USING btree (tenant_id, key)
INDEX CREATE UNIQUE INDEX import_files_id_tenant_id_key ON vedette.import_files USING btree (id, tenant_id)
INDEX CREATE UNIQUE INDEX import_files_pkey ON vedette.import_files USING btree (id)
INDEX CREATE INDEX import_files_recent ON vedette.import_files USING btree (tenant_id, updated_at DESC)
INDEX CREATE UNIQUE INDEX import_files_tenant_id_head_hash_head_bytes_generation_key ON vedette.import_files USING btree (tenant_id, head_hash, head_bytes, generation)
INDEX CREATE UNIQUE INDEX import_ranges_pkey ON vedette.import_ranges USING btree (file_id, range_start)
INDEX CREATE UNIQUE INDEX integration_calls_pkey ON vedette.integration_calls USING btree (tenant_id, kind, project, day)
INDEX CREATE UNIQUE INDEX integration_figures_pkey ON vedette.integration_figures USING btree (tenant_id, kind)
INDEX CREATE INDEX integration_outbox_order ON vedette.integration_outbox USING btree (tenant_id, kind, happened_at, id)
INDEX CREATE UNIQUE INDEX integration_outbox_pkey ON vedette.integration_outbox USING btree (tenant_id, kind, id)
INDEX CREATE INDEX integration_outbox_visitor ON vedette.integration_outbox USING btree (tenant_id, visitor_id)
INDEX CREATE UNIQUE INDEX integration_secrets_pkey ON vedette.integration_secrets USING btree (id)
INDEX CREATE UNIQUE INDEX integration_secrets_tenant_id_kind_name_key ON vedette.integration_secrets USING btree (tenant_id, kind, name)
INDEX CREATE INDEX integration_visits_age ON vedette.integration_visits USING btree (last_at)
INDEX CREATE UNIQUE INDEX integration_visits_pkey ON vedette.integration_visits USING btree (tenant_id, kind, visitor_id)
INDEX CREATE UNIQUE INDEX integrations_pkey ON vedette.integrations USING btree (tenant_id, kind)
INDEX CREATE INDEX invitations_by ON vedette.invitations USING btree (invited_by)
INDEX CREATE UNIQUE INDEX invitations_open ON vedette.invitations USING btree (tenant_id, email) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL))
INDEX CREATE UNIQUE INDEX invitations_pkey ON vedette.invitations USING btree (id)
INDEX CREATE UNIQUE INDEX invitations_token_hash_key ON vedette.invitations USING btree (token_hash)
INDEX CREATE UNIQUE INDEX known_devices_pkey ON vedette.known_devices USING btree (token_hash)
INDEX CREATE INDEX known_devices_user ON vedette.known_devices USING btree (user_id)
INDEX CREATE UNIQUE INDEX login_links_pkey ON vedette.login_links USING btree (id)
INDEX CREATE UNIQUE INDEX login_links_token_hash_key ON vedette.login_links USING btree (token_hash)
INDEX CREATE UNIQUE INDEX mails_pkey ON vedette.mails USING btree (id)
INDEX CREATE INDEX mails_subject ON vedette.mails USING btree (subject_id, id) WHERE (subject_id IS NOT NULL)
INDEX CREATE INDEX mails_waiting ON vedette.mails USING btree (created_at) WHERE (state = 'waiting'::text)
INDEX CREATE UNIQUE INDEX master_keys_one_sealing ON vedette.master_keys USING btree (state) WHERE (state = 'sealing'::text)
INDEX CREATE UNIQUE INDEX master_keys_pkey ON vedette.master_keys USING btree (version)
INDEX CREATE UNIQUE INDEX memberships_pkey ON vedette.memberships USING btree (user_id, tenant_id)
INDEX CREATE INDEX memberships_tenant ON vedette.memberships USING btree (tenant_id)
INDEX CREATE UNIQUE INDEX migrations_pkey ON vedette.migrations USING btree (version)
INDEX CREATE UNIQUE INDEX oidc_identities_pkey ON vedette.oidc_identities USING btree (issuer, subject)
INDEX CREATE UNIQUE INDEX oidc_identities_user_id_issuer_key ON vedette.oidc_identities USING btree (user_id, issuer)
INDEX CREATE UNIQUE INDEX passkeys_credential_id_key ON vedette.passkeys USING btree (credential_id)
INDEX CREATE UNIQUE INDEX passkeys_pkey ON vedette.passkeys USING btree (id)
INDEX CREATE INDEX passkeys_user ON vedette.passkeys USING btree (user_id)
INDEX CREATE UNIQUE INDEX password_resets_pkey ON vedette.password_resets USING btree (id)
INDEX CREATE UNIQUE INDEX password_resets_token_hash_key ON vedette.password_resets USING btree (token_hash)
INDEX CREATE INDEX password_resets_user ON vedette.password_resets USING btree (user_id)
INDEX CREATE UNIQUE INDEX privacy_scans_pkey ON vedette.privacy_scans USING btree (id)
INDEX CREATE UNIQUE INDEX recovery_codes_pkey ON vedette.recovery_codes USING btree (user_id, code_hash)
INDEX CREATE UNIQUE INDEX saved_views_names ON vedette.saved_views USING btree (tenant_id, COALESCE(private_to, shared_by), name) WHERE (COALESCE(private_to, shared_by) IS NOT NULL)
INDEX CREATE UNIQUE INDEX saved_views_pkey ON vedette.saved_views USING btree (id)
INDEX CREATE INDEX saved_views_private_to ON vedette.saved_views USING btree (private_to) WHERE (private_to IS NOT NULL)
INDEX CREATE INDEX saved_views_shared ON vedette.saved_views USING btree (tenant_id, id) WHERE (private_to IS NULL)
INDEX CREATE INDEX saved_views_shared_by ON vedette.saved_views USING btree (shared_by) WHERE (shared_by IS NOT NULL)
INDEX CREATE UNIQUE INDEX sealed_secrets_pkey ON vedette.sealed_secrets USING btree (name)
INDEX CREATE UNIQUE INDEX settings_pkey ON vedette.settings USING btree (key)
INDEX CREATE UNIQUE INDEX sources_pkey ON vedette.sources USING btree (id)
INDEX CREATE INDEX sources_recent ON vedette.sources USING btree (tenant_id, last_seen DESC)
INDEX CREATE UNIQUE INDEX sources_tenant_id_kind_name_software_key ON vedette.sources USING btree (tenant_id, kind, name, software)
INDEX CREATE UNIQUE INDEX tenant_deletions_deleted_id_key ON vedette.tenant_deletions USING btree (deleted_id)
INDEX CREATE UNIQUE INDEX tenant_deletions_pkey ON vedette.tenant_deletions USING btree (id)
INDEX CREATE INDEX tenant_deletions_recent ON vedette.tenant_deletions USING btree (asked_at DESC)
INDEX CREATE INDEX tenant_usage_day ON vedette.tenant_usage USING btree (day)
INDEX CREATE UNIQUE INDEX tenant_usage_pkey ON vedette.tenant_usage USING btree (tenant_id, day)
INDEX CREATE UNIQUE INDEX tenants_one_installation ON vedette.tenants USING btree (is_installation) WHERE is_installation
INDEX CREATE UNIQUE INDEX tenants_pkey ON vedette.tenants USING btree (id)
INDEX CREATE UNIQUE INDEX tenants_slug_key ON vedette.tenants USING btree (slug)
INDEX CREATE UNIQUE INDEX totp_pkey ON vedette.totp USING btree (user_id)
INDEX CREATE UNIQUE INDEX ui_sessions_pkey ON vedette.ui_sessions USING btree (id)
INDEX CREATE UNIQUE INDEX ui_sessions_token_hash_key ON vedette.ui_sessions USING btree (token_hash)
INDEX CREATE UNIQUE INDEX user_sessions_pkey ON vedette.user_sessions USING btree (id)
INDEX CREATE UNIQUE INDEX user_sessions_previous_hash_key ON vedette.user_sessions USING btree (previous_hash)
INDEX CREATE UNIQUE INDEX user_sessions_token_hash_key ON vedette.user_sessions USING btree (token_hash)
INDEX CREATE INDEX user_sessions_user ON vedette.user_sessions USING btree (user_id)
INDEX CREATE UNIQUE INDEX users_email_key ON vedette.users USING btree (email)
INDEX CREATE UNIQUE INDEX users_pkey ON vedette.users USING btree (id)

-- policies
POLICY key_lookup ON api_keys FOR SELECT USING (current_access() = 'key-lookup'::text)
POLICY key_use ON api_keys FOR UPDATE USING (current_access() = 'key-lookup'::text)
POLICY platform ON api_keys FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON api_keys FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON audit_log FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON audit_log FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON challenges FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON challenges FOR ALL USING (current_access() = 'platform'::text)
POLICY platform ON consent_choices FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON consent_choices FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON consent_texts FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON consent_texts FOR ALL USING (tenant_id = current_tenant())
POLICY domain_map ON domains FOR SELECT USING (current_access() = 'domain-map'::text)
POLICY platform ON domains FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON domains FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON email_changes FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON email_changes FOR ALL USING (current_access() = 'platform'::text)
POLICY platform ON erased_ids FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON erased_ids FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON erasures FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON erasures FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON guesses FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON guesses FOR ALL USING (current_access() = 'platform'::text)
POLICY platform ON idempotency_keys FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON idempotency_keys FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON import_files FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON import_files FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON import_ranges FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON import_ranges FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integration_calls FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integration_calls FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integration_figures FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integration_figures FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integration_outbox FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integration_outbox FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integration_secrets FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integration_secrets FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integration_visits FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integration_visits FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON integrations FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON integrations FOR ALL USING (tenant_id = current_tenant())
POLICY invitation ON invitations FOR SELECT USING (current_access() = 'invitation'::text)
POLICY invitation_use ON invitations FOR UPDATE USING (current_access() = 'invitation'::text)
POLICY platform ON invitations FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON invitations FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON known_devices FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON known_devices FOR ALL USING (current_access() = 'platform'::text)
POLICY log_in ON login_links FOR SELECT USING (current_access() = 'log-in'::text)
POLICY log_in_use ON login_links FOR UPDATE USING (current_access() = 'log-in'::text)
POLICY platform ON login_links FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON login_links FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON mails FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON mails FOR SELECT USING (tenant_id = current_tenant())
POLICY invitation ON memberships FOR SELECT USING (current_access() = 'invitation'::text)
POLICY invitation_join ON memberships FOR INSERT CHECK (current_access() = 'invitation'::text)
POLICY log_in ON memberships FOR SELECT USING (current_access() = 'log-in'::text)
POLICY platform ON memberships FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON memberships FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON oidc_identities FOR ALL USING (current_access() = 'log-in'::text)
POLICY log_in ON passkeys FOR ALL USING (current_access() = 'log-in'::text)
POLICY log_in ON password_resets FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON password_resets FOR ALL USING (current_access() = 'platform'::text)
POLICY log_in ON recovery_codes FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON saved_views FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON saved_views FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON sources FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON sources FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON tenant_deletions FOR ALL USING (current_access() = 'platform'::text)
POLICY platform ON tenant_usage FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON tenant_usage FOR SELECT USING (tenant_id = current_tenant())
POLICY domain_map ON tenants FOR SELECT USING (current_access() = 'domain-map'::text)
POLICY invitation ON tenants FOR SELECT USING (current_access() = 'invitation'::text)
POLICY invitation_hold ON tenants FOR UPDATE USING (current_access() = 'invitation'::text) CHECK false
POLICY key_lookup ON tenants FOR SELECT USING (current_access() = 'key-lookup'::text)
POLICY log_in ON tenants FOR SELECT USING (current_access() = 'log-in'::text)
POLICY platform ON tenants FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON tenants FOR SELECT USING (id = current_tenant())
POLICY tenant_change ON tenants FOR UPDATE USING (id = current_tenant())
POLICY log_in ON totp FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON totp FOR ALL USING (current_access() = 'platform'::text)
POLICY log_in ON ui_sessions FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON ui_sessions FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON ui_sessions FOR ALL USING (tenant_id = current_tenant())
POLICY log_in ON user_sessions FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON user_sessions FOR ALL USING (current_access() = 'platform'::text)
POLICY invitation ON users FOR SELECT USING (current_access() = 'invitation'::text)
POLICY invitation_join ON users FOR INSERT CHECK (current_access() = 'invitation'::text)
POLICY log_in ON users FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON users FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON users FOR SELECT USING (EXISTS ( SELECT
   FROM memberships m
  WHERE ((m.user_id = users.id) AND (m.tenant_id = current_tenant()))))

-- functions
CREATE OR REPLACE FUNCTION vedette.announce() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE channel text; BEGIN FOREACH channel IN ARRAY TG_ARGV LOOP PERFORM pg_notify(channel, ''); END LOOP; RETURN NULL; END $function$
CREATE OR REPLACE FUNCTION vedette.current_access() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('vedette.access'::text, true)
CREATE OR REPLACE FUNCTION vedette.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE RETURN (NULLIF(current_setting('vedette.tenant'::text, true), ''::text))::uuid
CREATE OR REPLACE FUNCTION vedette.cut_audit_log(of_tenant uuid, before timestamp with time zone) RETURNS TABLE(removed bigint, through bigint) LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'vedette', 'pg_temp' AS $function$ BEGIN IF current_access() IS DISTINCT FROM 'platform' THEN RAISE EXCEPTION 'the audit log is cut by the installation only' USING ERRCODE = 'insufficient_privilege'; END IF; IF before > now() - interval '30 days' THEN RAISE EXCEPTION 'the audit log is kept for 30 days at least' USING ERRCODE = 'VD002'; END IF; PERFORM pg_advisory_xact_lock(hashtextextended('audit' || of_tenant::text, 0)); SELECT max(number) INTO through FROM audit_log WHERE tenant_id = of_tenant AND time < before AND number < (SELECT max(number) FROM audit_log WHERE tenant_id = of_tenant); removed := 0; IF EXISTS (SELECT FROM audit_log WHERE tenant_id = of_tenant AND number <= through AND action <> 'audit.retention') THEN DELETE FROM audit_log WHERE tenant_id = of_tenant AND number <= through; GET DIAGNOSTICS removed = ROW_COUNT; END IF; RETURN NEXT; END $function$
CREATE OR REPLACE FUNCTION vedette.keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE stack text; BEGIN IF TG_OP = 'DELETE' THEN GET DIAGNOSTICS stack = PG_CONTEXT; IF position('cut_audit_log(uuid,timestamp with time zone)' IN stack) > 0 THEN RETURN OLD; END IF; IF pg_trigger_depth() > 1 AND NOT EXISTS (SELECT FROM tenants WHERE id = OLD.tenant_id) THEN RETURN OLD; END IF; END IF; RAISE EXCEPTION 'the audit log is only added to; % is refused', TG_OP USING ERRCODE = 'VD002'; END $function$
CREATE OR REPLACE FUNCTION vedette.let_go_of_views() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE access text := coalesce(current_access(), ''); gone uuid[]; BEGIN PERFORM set_config('vedette.access', 'platform', true); SELECT array_agg(id) INTO gone FROM saved_views v WHERE OLD.user_id IN (v.private_to, v.shared_by) AND NOT EXISTS ( SELECT FROM memberships m JOIN tenants t ON t.id = m.tenant_id WHERE m.user_id = OLD.user_id AND (m.tenant_id = v.tenant_id OR (t.is_installation AND m.role IN ('owner', 'admin')))); DELETE FROM saved_views WHERE id = ANY (gone) AND private_to IS NOT NULL; UPDATE saved_views SET shared_by = NULL WHERE id = ANY (gone); PERFORM set_config('vedette.access', access, true); RETURN NULL; END $function$
CREATE OR REPLACE FUNCTION vedette.refuse_old_seal() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE value bytea; least integer; BEGIN EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO value USING NEW; SELECT version INTO least FROM master_keys WHERE state = 'sealing'; IF value IS NOT NULL AND least IS NOT NULL AND sealed_under(value) < least THEN RAISE EXCEPTION 'a value is sealed under an older version of the master key than %', least USING ERRCODE = 'VD001'; END IF; RETURN NEW; END $function$
CREATE OR REPLACE FUNCTION vedette.refuse_user_over_quota() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE access text := coalesce(current_setting('vedette.access', true), ''); most integer; there integer; BEGIN PERFORM set_config('vedette.access', 'platform', true); SELECT (quota ->> 'users')::integer INTO most FROM tenants WHERE id = NEW.tenant_id; IF most IS NOT NULL THEN PERFORM FROM tenants WHERE id = NEW.tenant_id FOR NO KEY UPDATE; SELECT count(*) INTO there FROM memberships WHERE tenant_id = NEW.tenant_id; IF there >= most THEN RAISE EXCEPTION 'the tenant may have % people', most USING ERRCODE = 'VD003'; END IF; END IF; PERFORM set_config('vedette.access', access, true); RETURN NEW; END $function$
CREATE OR REPLACE FUNCTION vedette.sealed_under(sealed bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN ((length(sealed) > 0) AND (get_byte(sealed, 0) = 1)) THEN (1)::bigint WHEN ((length(sealed) > 4) AND (get_byte(sealed, 0) = 2)) THEN (((((get_byte(sealed, 1))::bigint << 24) + (get_byte(sealed, 2) << 16)) + (get_byte(sealed, 3) << 8)) + get_byte(sealed, 4)) ELSE (0)::bigint END

-- triggers
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE OF scope, expires_at, revoked_at ON vedette.api_keys FOR EACH ROW EXECUTE FUNCTION announce('vedette_keys')
CREATE TRIGGER keep_audit_log BEFORE DELETE OR UPDATE ON vedette.audit_log FOR EACH ROW EXECUTE FUNCTION keep_audit_log()
CREATE TRIGGER keep_audit_log_whole BEFORE TRUNCATE ON vedette.audit_log FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_log()
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.day_keys FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON vedette.domains FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON vedette.erased_ids FOR EACH ROW EXECUTE FUNCTION announce('vedette_erasures')
CREATE TRIGGER announce AFTER INSERT OR DELETE ON vedette.integration_secrets FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.integration_secrets FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE OF enabled, settings ON vedette.integrations FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.mails FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON vedette.master_keys FOR EACH ROW EXECUTE FUNCTION announce('vedette_master_keys')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON vedette.memberships FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')
CREATE TRIGGER let_go_of_views AFTER DELETE OR UPDATE OF role ON vedette.memberships FOR EACH ROW EXECUTE FUNCTION let_go_of_views()
CREATE TRIGGER refuse_user_over_quota BEFORE INSERT ON vedette.memberships FOR EACH ROW EXECUTE FUNCTION refuse_user_over_quota()
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.sealed_secrets FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT ON vedette.tenant_deletions FOR EACH ROW EXECUTE FUNCTION announce('vedette_tenants')
CREATE TRIGGER announce AFTER DELETE OR UPDATE OF suspended_at ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains', 'vedette_keys')
CREATE TRIGGER announce_policy AFTER INSERT OR DELETE OR UPDATE OF policy ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_policies')
CREATE TRIGGER announce_second_factor AFTER UPDATE OF second_factor_required ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')
CREATE TRIGGER announce_sessions AFTER UPDATE OF name, suspended_at ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')
CREATE TRIGGER announce_standing AFTER INSERT OR DELETE OR UPDATE OF slug, suspended_at, deleting_at, quota ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_tenants')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.totp FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER DELETE OR UPDATE OF revoked_at ON vedette.ui_sessions FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')
CREATE TRIGGER announce AFTER DELETE OR UPDATE OF revoked_at, state ON vedette.user_sessions FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')
CREATE TRIGGER announce AFTER DELETE OR UPDATE OF email, name, locale, disabled_at ON vedette.users FOR EACH ROW EXECUTE FUNCTION announce('vedette_sessions')

-- grants
GRANT DELETE, INSERT, SELECT, UPDATE ON api_keys TO vedette_app
GRANT INSERT, SELECT ON audit_log TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON challenges TO vedette_app
GRANT DELETE, INSERT, SELECT ON consent_choices TO vedette_app
GRANT INSERT, SELECT ON consent_texts TO vedette_app
GRANT DELETE, INSERT, SELECT, TRUNCATE, UPDATE ON day_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON domains TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON email_changes TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON erased_ids TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON erasures TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON guesses TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON import_files TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON import_ranges TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_calls TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_figures TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_outbox TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_secrets TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_visits TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integrations TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON invitations TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON known_devices TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON login_links TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON mails TO vedette_app
GRANT INSERT, SELECT, UPDATE ON master_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON memberships TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON oidc_identities TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON passkeys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON password_resets TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON privacy_scans TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON recovery_codes TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON saved_views TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON sealed_secrets TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON settings TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON sources TO vedette_app
GRANT INSERT, SELECT, UPDATE ON tenant_deletions TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON tenant_usage TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON tenants TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON totp TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON ui_sessions TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON user_sessions TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON users TO vedette_app
