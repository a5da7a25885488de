import type { Refusal } from '../model/request.ts';

/** Screens of which views can be kept. */
export type ViewScreen = 'explore';

/** What a screen showed, kept under a name. Times are ms since the epoch. */
export interface SavedView {
  id: string;
  name: string;
  screen: ViewScreen;
  /** The query of the screen's address, without `?`. */
  query: string;
  /** Whether everybody in the tenant sees it. */
  shared: boolean;
  /** null: somebody who is gone, or who had no account. */
  ownerId: string | null;
  /** null: also for somebody who is not in the tenant, such as an operator. */
  owner: string | null;
  createdAt: number;
  changedAt: number;
}

/** `ownerId` may be null for a shared one only. */
export type NewView = Pick<SavedView, 'name' | 'screen' | 'query' | 'shared' | 'ownerId'>;
export type ViewChange = Partial<Pick<SavedView, 'name' | 'query' | 'shared'>>;

/** Most views that one person keeps in a tenant, and most that nobody owns. */
export const MOST_VIEWS = 200;

/** The views of one tenant. `viewer`: the person who looks, who sees no private one but their own; null: no person. */
export interface TenantViews {
  /** In the order in which they were made, at most so many, behind the one of that id. */
  list(viewer: string | null, page: { after: string | null; limit: number }): Promise<SavedView[]>;
  find(viewer: string | null, id: string): Promise<SavedView | null>;
  /** Refusals: `name-taken` (its owner has one of that name), `too-many-views`. */
  create(view: NewView): Promise<SavedView | Refusal>;
  /** What is no longer shared is its owner's alone. Refusals: `unknown-view`, `name-taken`. */
  change(viewer: string | null, id: string, change: ViewChange): Promise<SavedView | Refusal>;
  /** False when there is no such view. */
  remove(viewer: string | null, id: string): Promise<boolean>;
}
