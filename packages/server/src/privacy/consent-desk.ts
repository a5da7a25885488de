import type { ConsentText, NewConsent, PrivacyPolicy, Site } from '@vedette/contract';
import { LRUCache } from 'lru-cache';
import { createBatcher } from '../flow/batcher.ts';
import type { Refusal } from '../model/request.ts';
import type { ConsentBook, NewChoice } from '../stores/records.ts';
import { type BannerText, bannerText, bannerTexts } from './consent-text.ts';

export interface ConsentDeskTools {
  policyOf(tenantId: string): PrivacyPolicy;
  bookOf(tenantId: string): ConsentBook;
  /** What a site has of other companies; nothing unless told. */
  tagsOf?(tenantId: string, domain: string): Site['tags'];
  /** Told when a person does not grant analytical cookies (any more), once that is stored. */
  onRefused?(tenantId: string, proofId: string): Promise<void>;
  /** What failed that nobody waits for. */
  onError(error: unknown, doing: string): void;
  /** Throws while not even a choice can be stored, for want of room on a disk. */
  refuse?: (way: string) => void;
  now?: () => number;
}

/** Tells the pages of sites what to ask, and takes what people choose there. */
export interface ConsentDesk {
  /** What holds on a site for whoever reads `language` (BCP 47). From memory; what is shown by it is noted. */
  site(tenantId: string, domain: string, language: string): Site;
  /**
   * Resolves when the choice is stored. Refusal `unknown-text`: those words were never shown here. Rejects with a Fault
   * `overloaded` when more is waiting than can be, or `disk-low` when the disk is all but full.
   */
  take(tenantId: string, choice: NewConsent): Promise<Refusal | null>;
  /** Versions of the words that hold now, in all languages. */
  versions(tenantId: string): ReadonlySet<string>;
  /** Stores what waits. */
  close(): Promise<void>;
}

const NO_TAGS: Site['tags'] = Object.freeze({ ga4: null, clarity: null });
const MOST_VERSIONS = 20_000;
/** Choices of one transaction, and those that may wait: a flood is one statement after another, never many at once. */
const MOST_TOGETHER = 500;
const MOST_WAITING = 20_000;

interface Item {
  tenantId: string;
  choice: NewChoice;
  fault?: unknown;
}

export function createConsentDesk({ policyOf, bookOf, onError, ...tools }: ConsentDeskTools): ConsentDesk {
  const now = tools.now ?? Date.now;
  const tagsOf = tools.tagsOf ?? (() => NO_TAGS);
  const noted = new LRUCache<string, Promise<void>>({ max: MOST_VERSIONS });
  const batcher = createBatcher<Item>({
    maxRows: MOST_TOGETHER,
    lingerMs: 3,
    maxWaitMs: 25,
    maxPendingRows: MOST_WAITING,
    maxInFlight: 1,
    write: writeAll,
  });

  async function writeAll(items: Item[]): Promise<void> {
    const byTenant = Map.groupBy(items, ({ tenantId }) => tenantId);
    for (const [tenantId, own] of byTenant) {
      try {
        await bookOf(tenantId).add(own.map(({ choice }) => choice));
      } catch (error) {
        // What one tenant's choices failed of is nothing to another's.
        for (const item of own) item.fault = error;
      }
    }
  }

  /** Notes words as shown, once in a process. */
  function note(tenantId: string, { version, language, text }: BannerText): Promise<void> {
    const name = `${tenantId} ${version}`;
    let done = noted.get(name);
    if (done === undefined) {
      done = bookOf(tenantId).show({ version, language, words: { ...(text satisfies ConsentText) } });
      noted.set(name, done);
      done.catch(() => noted.delete(name));
    }
    return done;
  }

  /** The language of the words of a version; null: none were shown. Of words that are no longer shown it is as told. */
  async function languageOf(tenantId: string, version: string, told: string): Promise<string | null> {
    for (const text of bannerTexts(policyOf(tenantId)).values()) {
      if (text.version !== version) continue;
      await note(tenantId, text);
      return text.language;
    }
    return (await bookOf(tenantId).knows(version)) ? told : null;
  }

  return {
    site(tenantId, domain, language) {
      const policy = policyOf(tenantId);
      const { enabled, purposes, policy_url, ask_again_days } = policy.banner;
      const words = bannerText(policy, language);
      if (enabled) note(tenantId, words).catch((error: unknown) => onError(error, 'noting the words of a banner'));
      return {
        domain,
        banner: enabled && purposes.length > 0,
        purposes: [...purposes],
        language: words.language,
        text_version: words.version,
        text: words.text,
        policy_url,
        honour_dnt: policy.honour_dnt,
        ask_again_days,
        tags: tagsOf(tenantId, domain),
      };
    },
    async take(tenantId, { domain, choices, ...given }) {
      tools.refuse?.('consent');
      const language = await languageOf(tenantId, given.text_version, given.language);
      if (language === null) {
        return {
          refused: 'unknown-text',
          detail: `text_version: no words of the version ${given.text_version} were shown here`,
        };
      }
      const asked = [...new Set(given.asked ?? policyOf(tenantId).banner.purposes)];
      // A grant of what nobody was asked for is none.
      const analytical = choices.analytical && asked.includes('analytical');
      const marketing = choices.marketing && asked.includes('marketing');
      const item: Item = {
        tenantId,
        choice: {
          time: now(),
          domain,
          proofId: given.proof_id,
          visitorId: analytical ? (given.visitor_id ?? null) : null,
          analytical,
          marketing,
          asked,
          textVersion: given.text_version,
          language,
          surface: given.surface,
          gpc: given.gpc,
        },
      };
      await batcher.add(item, 1);
      if (item.fault !== undefined) throw item.fault;
      if (!analytical) {
        await tools
          .onRefused?.(tenantId, given.proof_id)
          .catch((error: unknown) => onError(error, 'forgetting what waits of somebody who refuses'));
      }
      return null;
    },
    versions: (tenantId) => new Set([...bannerTexts(policyOf(tenantId)).values()].map(({ version }) => version)),
    close: () => batcher.drain(),
  };
}
