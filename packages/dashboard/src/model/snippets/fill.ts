/** What is filled into snippets. All of it is safe inside quotes of any kind: an origin, a key, a slug. */
export interface Fill {
  /** Origin of the hub, as the sender reaches it. */
  url: string;
  /** A key of scope ingest, or what stands for it while there is none. */
  key: string;
  /** Slug of the tenant. */
  tenant: string;
  /** Whether that is the installation itself. */
  installation: boolean;
}

/** Something to copy, and where it goes: a terminal or a file. */
export interface Snippet {
  title: string;
  code: string;
  /** What is to be known about it. */
  note?: string;
}

/** What stands for the key while none was pasted. */
export const NO_KEY = 'vdt_…';

/** The hub’s host without its port. */
export function hostOf({ url }: Fill): string {
  return new URL(url).hostname;
}
