import type { ColumnType, Generated } from 'kysely';
import type { SourceKind } from '../../../model/source.ts';
import type { ImportParserState, KeyScope, SessionScope, TenantPolicy } from '../../records.ts';
import type { Choice } from '../../records-consent.ts';

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
    created_at: TimeByDefault;
    suspended_at: MaybeTime;
  };
  domains: { id: string; tenant_id: string; pattern: string; created_at: TimeByDefault };
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
  day_keys: { day: string; sealed: Buffer | null; created_at: TimeByDefault; destroyed_at: MaybeTime };
  settings: { key: string; value: Json<unknown>; updated_at: TimeByDefault };
}
