import type { PersonIds, PersonPlace } from './person-places.ts';
import type { KeptFigure } from './requests-kept.ts';

/** An erasure as it is remembered; it names nobody. */
export interface Erasure {
  id: string;
  /** ms since the epoch. */
  askedAt: number;
  /** Rows that were erased, by place. */
  erased: { place: string; rows: number }[];
  /** What was found when every store was searched again. */
  searched: { place: string; found: number }[];
  /** Whether nothing was. */
  complete: boolean;
}

/** The keyed hash of an id that was erased. */
export interface ErasedId {
  tenantId: string;
  hash: Buffer;
  /** ms since the epoch. */
  erasedAt: number;
}

/** What is known of a tenant's people, and of those whose data was erased. */
export interface TenantErasures {
  /** The ids with those that the evidence has together with one of them. */
  linked(ids: PersonIds): Promise<PersonIds>;
  /** The places of PostgreSQL. */
  places(): PersonPlace[];
  /** From now on what comes under the ids of these hashes is turned away, in every process. */
  remember(erasureId: string, hashes: readonly Buffer[], nowMs: number): Promise<void>;
  /** The erasure that was asked for first under one of the hashes; null: none was. */
  known(hashes: readonly Buffer[]): Promise<string | null>;
  record(erasure: Erasure): Promise<void>;
  /** The latest first; those before one of them, by when it was asked for (ms) and its id. */
  list(limit: number, before?: { askedAt: number; id: string } | null): Promise<Erasure[]>;
  newId(nowMs: number): string;
  /** How much there is of evidence, erasures and sources. */
  kept(): Promise<KeptFigure[]>;
}
