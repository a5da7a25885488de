-- tables
TABLE api_keys ROW SECURITY FORCED
TABLE consent_choices ROW SECURITY FORCED
TABLE consent_texts ROW SECURITY FORCED
TABLE day_keys
TABLE domains ROW SECURITY FORCED
TABLE erased_ids ROW SECURITY FORCED
TABLE erasures ROW SECURITY FORCED
TABLE idempotency_keys ROW SECURITY FORCED
TABLE import_files ROW SECURITY FORCED
TABLE import_ranges ROW SECURITY FORCED
TABLE integration_calls ROW SECURITY FORCED
TABLE integration_figures ROW SECURITY FORCED
TABLE integration_outbox ROW SECURITY FORCED
TABLE integration_secrets ROW SECURITY FORCED
TABLE integration_visits ROW SECURITY FORCED
TABLE integrations ROW SECURITY FORCED
TABLE login_links ROW SECURITY FORCED
TABLE master_keys
TABLE migrations
TABLE privacy_scans
TABLE sealed_secrets
TABLE settings
TABLE sources ROW SECURITY FORCED
TABLE tenants ROW SECURITY FORCED
TABLE ui_sessions ROW SECURITY FORCED

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
COLUMN login_links.id uuid NOT NULL
COLUMN login_links.tenant_id uuid NOT NULL
COLUMN login_links.token_hash bytea NOT NULL
COLUMN login_links.scope text NOT NULL
COLUMN login_links.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN login_links.expires_at timestamp with time zone NOT NULL
COLUMN login_links.used_at timestamp with time zone
COLUMN master_keys.version integer NOT NULL
COLUMN master_keys.fingerprint bytea NOT NULL
COLUMN master_keys.state text NOT NULL
COLUMN master_keys.made_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN master_keys.retired_at timestamp with time zone
COLUMN migrations.version integer NOT NULL
COLUMN migrations.name text NOT NULL
COLUMN migrations.checksum text NOT NULL
COLUMN migrations.run_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN privacy_scans.id uuid NOT NULL
COLUMN privacy_scans.state text NOT NULL
COLUMN privacy_scans.started_at timestamp with time zone NOT NULL
COLUMN privacy_scans.finished_at timestamp with time zone
COLUMN privacy_scans.result jsonb NOT NULL DEFAULT '{}'::jsonb
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
COLUMN tenants.id uuid NOT NULL
COLUMN tenants.slug text NOT NULL
COLUMN tenants.name text NOT NULL
COLUMN tenants.is_installation boolean NOT NULL DEFAULT false
COLUMN tenants.policy jsonb NOT NULL DEFAULT '{}'::jsonb
COLUMN tenants.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN tenants.suspended_at timestamp with time zone
COLUMN ui_sessions.id uuid NOT NULL
COLUMN ui_sessions.tenant_id uuid NOT NULL
COLUMN ui_sessions.token_hash bytea NOT NULL
COLUMN ui_sessions.scope text NOT NULL
COLUMN ui_sessions.created_at timestamp with time zone NOT NULL DEFAULT now()
COLUMN ui_sessions.expires_at timestamp with time zone NOT NULL
COLUMN ui_sessions.revoked_at timestamp with time zone

-- constraints
CONSTRAINT api_keys.api_keys_pkey PRIMARY KEY (id)
CONSTRAINT api_keys.api_keys_scope_check CHECK ((scope = ANY (ARRAY['ingest'::text, 'read'::text, 'admin'::text])))
CONSTRAINT api_keys.api_keys_secret_hash_check CHECK ((length(secret_hash) = 32))
CONSTRAINT api_keys.api_keys_secret_hash_key UNIQUE (secret_hash)
CONSTRAINT api_keys.api_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
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
CONSTRAINT domains.domains_pattern_check CHECK (((pattern = lower(pattern)) AND ((length(pattern) >= 1) AND (length(pattern) <= 255))))
CONSTRAINT domains.domains_pattern_key UNIQUE (pattern)
CONSTRAINT domains.domains_pkey PRIMARY KEY (id)
CONSTRAINT domains.domains_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT erased_ids.erased_ids_id_hash_check CHECK ((length(id_hash) = 16))
CONSTRAINT erased_ids.erased_ids_pkey PRIMARY KEY (tenant_id, id_hash)
CONSTRAINT erased_ids.erased_ids_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT erasures.erasures_id_tenant_id_key UNIQUE (id, tenant_id)
CONSTRAINT erasures.erasures_pkey PRIMARY KEY (id)
CONSTRAINT erasures.erasures_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
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
CONSTRAINT login_links.login_links_pkey PRIMARY KEY (id)
CONSTRAINT login_links.login_links_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'admin'::text])))
CONSTRAINT login_links.login_links_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT login_links.login_links_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT login_links.login_links_token_hash_key UNIQUE (token_hash)
CONSTRAINT master_keys.master_keys_check CHECK (((state = 'retired'::text) = (retired_at IS NOT NULL)))
CONSTRAINT master_keys.master_keys_fingerprint_check CHECK ((length(fingerprint) = 16))
CONSTRAINT master_keys.master_keys_pkey PRIMARY KEY (version)
CONSTRAINT master_keys.master_keys_state_check CHECK ((state = ANY (ARRAY['sealing'::text, 'opening'::text, 'retired'::text])))
CONSTRAINT master_keys.master_keys_version_check CHECK ((version > 0))
CONSTRAINT migrations.migrations_pkey PRIMARY KEY (version)
CONSTRAINT privacy_scans.privacy_scans_pkey PRIMARY KEY (id)
CONSTRAINT privacy_scans.privacy_scans_state_check CHECK ((state = ANY (ARRAY['running'::text, 'done'::text, 'failed'::text])))
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
CONSTRAINT tenants.tenants_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
CONSTRAINT tenants.tenants_pkey PRIMARY KEY (id)
CONSTRAINT tenants.tenants_policy_check CHECK ((jsonb_typeof(policy) = 'object'::text))
CONSTRAINT tenants.tenants_slug_check CHECK ((slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'::text))
CONSTRAINT tenants.tenants_slug_key UNIQUE (slug)
CONSTRAINT ui_sessions.ui_sessions_pkey PRIMARY KEY (id)
CONSTRAINT ui_sessions.ui_sessions_scope_check CHECK ((scope = ANY (ARRAY['read'::text, 'admin'::text])))
CONSTRAINT ui_sessions.ui_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants(id) ON DELETE CASCADE
CONSTRAINT ui_sessions.ui_sessions_token_hash_check CHECK ((length(token_hash) = 32))
CONSTRAINT ui_sessions.ui_sessions_token_hash_key UNIQUE (token_hash)

-- indexes
INDEX CREATE UNIQUE INDEX api_keys_pkey ON vedette.api_keys USING btree (id)
INDEX CREATE UNIQUE INDEX api_keys_secret_hash_key ON vedette.api_keys USING btree (secret_hash)
INDEX CREATE INDEX api_keys_tenant ON vedette.api_keys USING btree (tenant_id)
INDEX CREATE UNIQUE INDEX consent_choices_pkey ON vedette.consent_choices USING btree (id)
INDEX CREATE INDEX consent_choices_proof ON vedette.consent_choices USING btree (tenant_id, proof_id, made_at DESC)
INDEX CREATE INDEX consent_choices_text ON vedette.consent_choices USING btree (tenant_id, text_version)
INDEX CREATE INDEX consent_choices_time ON vedette.consent_choices USING btree (tenant_id, made_at, id)
INDEX CREATE INDEX consent_choices_visitor ON vedette.consent_choices USING btree (tenant_id, visitor_id) WHERE (visitor_id IS NOT NULL)
INDEX CREATE UNIQUE INDEX consent_texts_pkey ON vedette.consent_texts USING btree (tenant_id, version)
INDEX CREATE UNIQUE INDEX day_keys_pkey ON vedette.day_keys USING btree (day)
INDEX CREATE UNIQUE INDEX domains_pattern_key ON vedette.domains USING btree (pattern)
INDEX CREATE UNIQUE INDEX domains_pkey ON vedette.domains USING btree (id)
INDEX CREATE INDEX domains_tenant ON vedette.domains USING btree (tenant_id)
INDEX CREATE UNIQUE INDEX erased_ids_pkey ON vedette.erased_ids USING btree (tenant_id, id_hash)
INDEX CREATE UNIQUE INDEX erasures_id_tenant_id_key ON vedette.erasures USING btree (id, tenant_id)
INDEX CREATE UNIQUE INDEX erasures_pkey ON vedette.erasures USING btree (id)
INDEX CREATE INDEX erasures_recent ON vedette.erasures USING btree (tenant_id, asked_at DESC)
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
INDEX CREATE UNIQUE INDEX login_links_pkey ON vedette.login_links USING btree (id)
INDEX CREATE UNIQUE INDEX login_links_token_hash_key ON vedette.login_links USING btree (token_hash)
INDEX CREATE UNIQUE INDEX master_keys_one_sealing ON vedette.master_keys USING btree (state) WHERE (state = 'sealing'::text)
INDEX CREATE UNIQUE INDEX master_keys_pkey ON vedette.master_keys USING btree (version)
INDEX CREATE UNIQUE INDEX migrations_pkey ON vedette.migrations USING btree (version)
INDEX CREATE UNIQUE INDEX privacy_scans_pkey ON vedette.privacy_scans USING btree (id)
INDEX CREATE UNIQUE INDEX sealed_secrets_pkey ON vedette.sealed_secrets USING btree (name)
INDEX CREATE UNIQUE INDEX settings_pkey ON vedette.settings USING btree (key)
INDEX CREATE UNIQUE INDEX sources_pkey ON vedette.sources USING btree (id)
INDEX CREATE INDEX sources_recent ON vedette.sources USING btree (tenant_id, last_seen DESC)
INDEX CREATE UNIQUE INDEX sources_tenant_id_kind_name_software_key ON vedette.sources USING btree (tenant_id, kind, name, software)
INDEX CREATE UNIQUE INDEX tenants_one_installation ON vedette.tenants USING btree (is_installation) WHERE is_installation
INDEX CREATE UNIQUE INDEX tenants_pkey ON vedette.tenants USING btree (id)
INDEX CREATE UNIQUE INDEX tenants_slug_key ON vedette.tenants USING btree (slug)
INDEX CREATE UNIQUE INDEX ui_sessions_pkey ON vedette.ui_sessions USING btree (id)
INDEX CREATE UNIQUE INDEX ui_sessions_token_hash_key ON vedette.ui_sessions USING btree (token_hash)

-- policies
POLICY key_lookup ON api_keys FOR SELECT USING (current_access() = 'key-lookup'::text)
POLICY key_use ON api_keys FOR UPDATE USING (current_access() = 'key-lookup'::text)
POLICY platform ON api_keys FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON api_keys FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON consent_choices FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON consent_choices FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON consent_texts FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON consent_texts FOR ALL USING (tenant_id = current_tenant())
POLICY domain_map ON domains FOR SELECT USING (current_access() = 'domain-map'::text)
POLICY platform ON domains FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON domains FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON erased_ids FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON erased_ids FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON erasures FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON erasures FOR ALL USING (tenant_id = current_tenant())
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
POLICY log_in ON login_links FOR SELECT USING (current_access() = 'log-in'::text)
POLICY log_in_use ON login_links FOR UPDATE USING (current_access() = 'log-in'::text)
POLICY platform ON login_links FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON login_links FOR ALL USING (tenant_id = current_tenant())
POLICY platform ON sources FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON sources FOR ALL USING (tenant_id = current_tenant())
POLICY domain_map ON tenants FOR SELECT USING (current_access() = 'domain-map'::text)
POLICY key_lookup ON tenants FOR SELECT USING (current_access() = 'key-lookup'::text)
POLICY log_in ON tenants FOR SELECT USING (current_access() = 'log-in'::text)
POLICY platform ON tenants FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON tenants FOR SELECT USING (id = current_tenant())
POLICY tenant_change ON tenants FOR UPDATE USING (id = current_tenant())
POLICY log_in ON ui_sessions FOR ALL USING (current_access() = 'log-in'::text)
POLICY platform ON ui_sessions FOR ALL USING (current_access() = 'platform'::text)
POLICY tenant ON ui_sessions FOR ALL USING (tenant_id = current_tenant())

-- functions
CREATE OR REPLACE FUNCTION vedette.announce() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE channel text; BEGIN FOREACH channel IN ARRAY TG_ARGV LOOP PERFORM pg_notify(channel, ''); END LOOP; RETURN NULL; END $function$
CREATE OR REPLACE FUNCTION vedette.current_access() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE RETURN current_setting('vedette.access'::text, true)
CREATE OR REPLACE FUNCTION vedette.current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE RETURN (NULLIF(current_setting('vedette.tenant'::text, true), ''::text))::uuid
CREATE OR REPLACE FUNCTION vedette.refuse_old_seal() RETURNS trigger LANGUAGE plpgsql AS $function$ DECLARE value bytea; least integer; BEGIN EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) INTO value USING NEW; SELECT version INTO least FROM master_keys WHERE state = 'sealing'; IF value IS NOT NULL AND least IS NOT NULL AND sealed_under(value) < least THEN RAISE EXCEPTION 'a value is sealed under an older version of the master key than %', least USING ERRCODE = 'VD001'; END IF; RETURN NEW; END $function$
CREATE OR REPLACE FUNCTION vedette.sealed_under(sealed bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN CASE WHEN ((length(sealed) > 0) AND (get_byte(sealed, 0) = 1)) THEN (1)::bigint WHEN ((length(sealed) > 4) AND (get_byte(sealed, 0) = 2)) THEN (((((get_byte(sealed, 1))::bigint << 24) + (get_byte(sealed, 2) << 16)) + (get_byte(sealed, 3) << 8)) + get_byte(sealed, 4)) ELSE (0)::bigint END

-- triggers
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE OF scope, expires_at, revoked_at ON vedette.api_keys FOR EACH ROW EXECUTE FUNCTION announce('vedette_keys')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.day_keys FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON vedette.domains FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE ON vedette.erased_ids FOR EACH ROW EXECUTE FUNCTION announce('vedette_erasures')
CREATE TRIGGER announce AFTER INSERT OR DELETE ON vedette.integration_secrets FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.integration_secrets FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER INSERT OR DELETE OR UPDATE OF enabled, settings ON vedette.integrations FOR EACH ROW EXECUTE FUNCTION announce('vedette_integrations')
CREATE TRIGGER announce AFTER INSERT OR UPDATE ON vedette.master_keys FOR EACH ROW EXECUTE FUNCTION announce('vedette_master_keys')
CREATE TRIGGER refuse_old_seal BEFORE INSERT OR UPDATE OF sealed ON vedette.sealed_secrets FOR EACH ROW EXECUTE FUNCTION refuse_old_seal('sealed')
CREATE TRIGGER announce AFTER DELETE OR UPDATE OF suspended_at ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_domains', 'vedette_keys')
CREATE TRIGGER announce_policy AFTER INSERT OR DELETE OR UPDATE OF policy ON vedette.tenants FOR EACH ROW EXECUTE FUNCTION announce('vedette_policies')

-- grants
GRANT DELETE, INSERT, SELECT, UPDATE ON api_keys TO vedette_app
GRANT DELETE, INSERT, SELECT ON consent_choices TO vedette_app
GRANT INSERT, SELECT ON consent_texts TO vedette_app
GRANT DELETE, INSERT, SELECT, TRUNCATE, UPDATE ON day_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON domains TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON erased_ids TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON erasures TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON import_files TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON import_ranges TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_calls TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_figures TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_outbox TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_secrets TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integration_visits TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON integrations TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON login_links TO vedette_app
GRANT INSERT, SELECT, UPDATE ON master_keys TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON privacy_scans TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON sealed_secrets TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON settings TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON sources TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON tenants TO vedette_app
GRANT DELETE, INSERT, SELECT, UPDATE ON ui_sessions TO vedette_app
