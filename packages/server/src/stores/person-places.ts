/** A person, by the ids that stand for one. */
export interface PersonIds {
  /** Of the evidence. */
  proofs: readonly string[];
  /** Of the consent cookie. */
  visitors: readonly string[];
}

/** A table that holds data of people under ids of theirs. */
export interface PersonTable {
  engine: 'ClickHouse' | 'PostgreSQL';
  table: string;
  /** For people to read. */
  what: string;
  /** SQL of what holds a visitor id, and of what holds a proof id. */
  visitors: readonly string[];
  proofs: readonly string[];
  /** Column by which an export is in order. */
  order: string;
  /** Columns that say nothing of the person, and are not exported. */
  leaveOut: readonly string[];
  /** Its rows are copies of those of another table, which an export has already. */
  copies?: true;
  /** Rows come and go here: what was deleted before is still in the files of the table. */
  passing?: true;
}

/**
 * Every place that holds a person's data. A new one is one entry: export, erasure and the proof of it follow. A test
 * compares the list with the columns of both schemas.
 */
export const PERSON_TABLES: readonly PersonTable[] = [
  {
    engine: 'PostgreSQL',
    table: 'consent_choices',
    what: 'choices about cookies, as evidence',
    visitors: ['visitor_id'],
    proofs: ['proof_id'],
    order: 'made_at',
    leaveOut: ['tenant_id'],
  },
  {
    engine: 'ClickHouse',
    table: 'requests',
    what: 'requests to the sites',
    visitors: ['visitor_id', "headers['vedette-visitor-id']"],
    proofs: [],
    order: 'time',
    leaveOut: ['tenant_id', 'expires_on', 'received_lag'],
  },
  {
    engine: 'ClickHouse',
    table: 'requests_sample',
    what: 'a sample of the requests, for quick figures',
    visitors: ['visitor_id', 'named_visitor_id'],
    proofs: [],
    order: 'time',
    leaveOut: ['tenant_id', 'expires_on'],
    copies: true,
  },
  {
    engine: 'ClickHouse',
    table: 'interactions',
    what: 'what was done in pages',
    visitors: ['visitor_id'],
    proofs: [],
    order: 'time',
    leaveOut: ['tenant_id', 'expires_on'],
  },
  {
    engine: 'ClickHouse',
    table: 'sessions',
    what: 'sessions, derived from the above',
    visitors: ['visitor_id'],
    proofs: [],
    order: 'started',
    leaveOut: ['tenant_id', 'expires_on', 'derived_until', 'counted'],
  },
  {
    engine: 'PostgreSQL',
    table: 'integration_outbox',
    what: 'page views that wait for an analytics provider',
    visitors: ['visitor_id'],
    proofs: [],
    order: 'happened_at',
    leaveOut: ['tenant_id', 'attempts'],
    passing: true,
  },
  {
    engine: 'PostgreSQL',
    table: 'integration_visits',
    what: 'the visit an analytics provider was told of last',
    visitors: ['visitor_id'],
    proofs: [],
    order: 'last_at',
    leaveOut: ['tenant_id'],
    passing: true,
  },
];

/** A place with what can be done about a person in it, within one tenant. */
export interface PersonPlace {
  /** `ClickHouse requests`. */
  readonly name: string;
  readonly what: string;
  /** Everything under the ids, in order of time. */
  export(ids: PersonIds): AsyncIterable<Record<string, unknown>>;
  /** Deletes everything under the ids, from the disk as well; answers with the number of rows. */
  erase(ids: PersonIds): Promise<number>;
}

/** How many ids there may be; each of a person's browsers has one of its own. */
export const MOST_IDS = 1000;
