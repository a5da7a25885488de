import type { ColumnType, Generated } from 'kysely';
import type { IntegrationKind, IntegrationSettings } from '../../../model/integration.ts';
import type { MailOrder } from '../../../model/mail-order.ts';
import type { Role } from '../../../model/permission.ts';
import type { SourceKind } from '../../../model/source.ts';
import type { Factor, UserSession } from '../../accounts.ts';
import type { ChallengePurpose } from '../../factors.ts';
import type { OutboxEvent, ProviderFigure } from '../../integrations.ts';
import type { MailEnd } from '../../mails.ts';
import type { Domain, ImportParserState, KeyScope, PlaceCount, SessionScope, TenantPolicy } from '../../records.ts';
import type { Choice } from '../../records-consent.ts';
import type { ViewScreen } from '../../saved-views.ts';

// Times leave the database as ms since the epoch and enter it as Date; see `database.ts`.
type Time = ColumnType<number, Date, Date>;
type TimeByDefault = ColumnType<number, Date | undefined, Date>;
type MaybeTime = ColumnType<number | null, Date | null | undefined, Date | null>;
type Json<T> = ColumnType<T, string, string>;

/** The tables as Kysely sees them; the truth is in migrations/postgres. */
export interface Tables {
  tenants: {
    id: string;
    slug: string;
    name: string;
    is_installation: Generated<boolean>;
    policy: ColumnType<TenantPolicy, string | undefined, string>;
    quota: ColumnType<Record<string, unknown>, string | undefined, string>;
    second_factor_required: Generated<boolean>;
    created_at: TimeByDefault;
    suspended_at: MaybeTime;
    deleting_at: MaybeTime;
  };
  domains: {
    id: string;
    tenant_id: string;
    pattern: string;
    created_at: TimeByDefault;
    token: Generated<string>;
    verified_at: MaybeTime;
    verified_by: Domain['verifiedBy'];
    checked_at: MaybeTime;
    check_error: string | null;
  };
  api_keys: {
    id: string;
    tenant_id: string;
    name: string;
    prefix: string;
    secret_hash: Buffer;
    scope: KeyScope;
    created_at: TimeByDefault;
    last_used_at: MaybeTime;
    expires_at: MaybeTime;
    revoked_at: MaybeTime;
    rotated_from: string | null;
  };
  login_links: {
    id: string;
    tenant_id: string;
    token_hash: Buffer;
    scope: SessionScope;
    created_at: TimeByDefault;
    expires_at: Time;
    used_at: MaybeTime;
  };
  ui_sessions: {
    id: string;
    tenant_id: string;
    token_hash: Buffer;
    scope: SessionScope;
    created_at: TimeByDefault;
    expires_at: Time;
    revoked_at: MaybeTime;
  };
  users: {
    id: string;
    email: string;
    name: string;
    password_hash: string | null;
    password_changed_at: MaybeTime;
    locale: string | null;
    created_at: TimeByDefault;
    disabled_at: MaybeTime;
    last_log_in_at: MaybeTime;
  };
  memberships: { user_id: string; tenant_id: string; role: Role; created_at: TimeByDefault };
  user_sessions: {
    id: string;
    user_id: string;
    token_hash: Buffer;
    previous_hash: Buffer | null;
    state: UserSession['state'];
    factors: Factor[];
    agent: Generated<string>;
    place: Generated<string>;
    created_at: TimeByDefault;
    rotated_at: TimeByDefault;
    last_used_at: TimeByDefault;
    expires_at: Time;
    revoked_at: MaybeTime;
  };
  known_devices: { token_hash: Buffer; user_id: string; last_used_at: TimeByDefault };
  invitations: {
    id: string;
    tenant_id: string;
    email: string;
    role: Role;
    token_hash: Buffer;
    invited_by: string | null;
    created_at: TimeByDefault;
    sent_at: TimeByDefault;
    expires_at: Time;
    accepted_at: MaybeTime;
    revoked_at: MaybeTime;
  };
  saved_views: {
    id: string;
    tenant_id: string;
    private_to: string | null;
    shared_by: string | null;
    name: string;
    screen: ViewScreen;
    query: string;
    created_at: TimeByDefault;
    changed_at: TimeByDefault;
  };
  password_resets: {
    id: string;
    user_id: string;
    token_hash: Buffer;
    created_at: TimeByDefault;
    expires_at: Time;
    closed_at: MaybeTime;
  };
  email_changes: {
    id: string;
    user_id: string;
    email: string;
    token_hash: Buffer;
    created_at: TimeByDefault;
    expires_at: Time;
    closed_at: MaybeTime;
  };
  mails: {
    id: string;
    tenant_id: string | null;
    kind: MailOrder['kind'];
    subject_id: string | null;
    sealed: Buffer | null;
    state: Generated<'waiting' | MailEnd>;
    error: string | null;
    created_at: TimeByDefault;
    expires_at: Time;
    finished_at: MaybeTime;
  };
  guesses: { name_hash: Buffer; left_over: number; at: Time };
  totp: {
    user_id: string;
    sealed: Buffer;
    created_at: TimeByDefault;
    confirmed_at: MaybeTime;
    last_step: number | null;
  };
  recovery_codes: { user_id: string; code_hash: Buffer; created_at: TimeByDefault };
  passkeys: {
    id: string;
    user_id: string;
    name: string;
    credential_id: string;
    public_key: string;
    counter: number;
    transports: string[];
    synced: boolean;
    created_at: TimeByDefault;
    last_used_at: MaybeTime;
  };
  oidc_identities: { issuer: string; subject: string; user_id: string; created_at: TimeByDefault };
  challenges: { token_hash: Buffer; purpose: ChallengePurpose; user_id: string | null; expires_at: Time };
  import_files: {
    id: string;
    tenant_id: string;
    head_bytes: number;
    head_hash: Buffer;
    generation: number;
    name: string;
    format: string;
    parser_state: Json<ImportParserState>;
    offset_done: Generated<number>;
    lines_read: Generated<number>;
    lines_accepted: Generated<number>;
    lines_rejected: Generated<number>;
    first_event_at: MaybeTime;
    last_event_at: MaybeTime;
    tail_hash: Buffer | null;
    created_at: TimeByDefault;
    updated_at: TimeByDefault;
  };
  import_ranges: {
    file_id: string;
    tenant_id: string;
    range_start: number;
    range_end: number;
    token: string;
    created_at: TimeByDefault;
  };
  idempotency_keys: {
    tenant_id: string;
    key: string;
    batch_token: string;
    answer: ColumnType<unknown, string | null | undefined, string>;
    created_at: TimeByDefault;
    expires_at: Time;
  };
  sources: {
    id: string;
    tenant_id: string;
    kind: Exclude<SourceKind, 'file'>;
    name: string;
    software: string;
    agent: string;
    first_seen: Time;
    last_seen: Time;
    first_request: MaybeTime;
    requests: number;
    refused: number;
    dropped: Generated<number>;
    counters: Json<unknown>;
    lag_ms: number | null;
    skew_ms: number | null;
    error: string | null;
    error_at: MaybeTime;
    minute: number;
    minute_requests: number;
    minute_before: Generated<number>;
  };
  consent_texts: {
    tenant_id: string;
    version: string;
    language: string;
    words: ColumnType<Record<string, string>, string, never>;
    first_shown: TimeByDefault;
  };
  consent_choices: {
    id: string;
    tenant_id: string;
    made_at: Time;
    domain: string;
    proof_id: string;
    visitor_id: string | null;
    analytical: boolean;
    marketing: boolean;
    asked: Choice['asked'];
    change: Choice['change'];
    text_version: string;
    language: string;
    surface: Choice['surface'];
    gpc: boolean;
  };
  integrations: {
    tenant_id: string;
    kind: IntegrationKind;
    enabled: boolean;
    settings: Json<IntegrationSettings>;
    created_at: TimeByDefault;
    changed_at: TimeByDefault;
    last_success: MaybeTime;
    last_error: string | null;
    last_error_at: MaybeTime;
    sent: Generated<number>;
    failures: Generated<number>;
    retry_at: MaybeTime;
    held_until: MaybeTime;
    held_by: string | null;
  };
  integration_secrets: {
    id: string;
    tenant_id: string;
    kind: IntegrationKind;
    name: string;
    sealed: Buffer;
    changed_at: TimeByDefault;
  };
  integration_figures: {
    tenant_id: string;
    kind: IntegrationKind;
    fetched_at: Time;
    window_from: Time;
    window_to: Time;
    figures: Json<ProviderFigure[]>;
  };
  integration_calls: { tenant_id: string; kind: IntegrationKind; project: string; day: string; calls: number };
  integration_outbox: {
    tenant_id: string;
    kind: IntegrationKind;
    id: string;
    visitor_id: string;
    happened_at: Time;
    event: Json<OutboxEvent['event']>;
    attempts: Generated<number>;
  };
  integration_visits: {
    tenant_id: string;
    kind: IntegrationKind;
    visitor_id: string;
    session: number;
    last_at: Time;
  };
  tenant_deletions: {
    id: string;
    deleted_id: string;
    slug: string;
    name: string;
    asked_by: string;
    asked_at: Time;
    deleted: ColumnType<PlaceCount[], string | undefined, string>;
    found: ColumnType<PlaceCount[] | null, string | undefined, string>;
    complete: boolean | null;
    finished_at: MaybeTime;
    error: string | null;
  };
  day_keys: { day: string; sealed: Buffer | null; created_at: TimeByDefault; destroyed_at: MaybeTime };
  sealed_secrets: { name: string; sealed: Buffer; created_at: TimeByDefault };
  settings: { key: string; value: Json<unknown>; updated_at: TimeByDefault };
}
