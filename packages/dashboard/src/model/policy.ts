import type { ConsentText, PrivacyPolicy } from '@vedette/contract';
import { TEXT_PARTS } from './text-parts.ts';

export const RETAINED = ['granted', 'unknown', 'refused', 'interactions', 'sessions', 'evidence'] as const;
export type Retained = (typeof RETAINED)[number];
export const PURPOSES = ['analytical', 'marketing'] as const;
export type Purpose = (typeof PURPOSES)[number];

type OwnTexts = PrivacyPolicy['banner']['texts'];

/** A policy while it is edited: numbers and the address are as they were typed. */
export interface PolicyDraft {
  retention: Record<Retained, string>;
  unknown: PrivacyPolicy['unknown'];
  city: boolean;
  referrer: PrivacyPolicy['referrer'];
  honourDnt: boolean;
  leastGroup: string;
  enabled: boolean;
  purposes: readonly Purpose[];
  policyUrl: string;
  askAgain: string;
  texts: OwnTexts;
}

/** What is wrong in a draft, by field: `retention.granted`, `leastGroup`, … */
export type WrongFields = ReadonlyMap<string, 'days' | 'again' | 'group' | 'url'>;

export function toDraft({ retention_days: days, banner, ...policy }: PrivacyPolicy): PolicyDraft {
  const retention = Object.fromEntries(RETAINED.map((name) => [name, String(days[name])])) as PolicyDraft['retention'];
  return {
    retention,
    unknown: policy.unknown,
    city: policy.city,
    referrer: policy.referrer,
    honourDnt: policy.honour_dnt,
    leastGroup: String(policy.least_group),
    enabled: banner.enabled,
    purposes: banner.purposes,
    policyUrl: banner.policy_url ?? '',
    askAgain: String(banner.ask_again_days),
    texts: banner.texts,
  };
}

/** The policy of a draft; null when something in it is wrong. */
export function toPolicy(draft: PolicyDraft): PrivacyPolicy | null {
  if (wrongFields(draft).size > 0) return null;
  const retention = Object.fromEntries(RETAINED.map((name) => [name, Number(draft.retention[name])]));
  const url = draft.policyUrl.trim();
  return {
    retention_days: retention as PrivacyPolicy['retention_days'],
    unknown: draft.unknown,
    city: draft.city,
    referrer: draft.referrer,
    honour_dnt: draft.honourDnt,
    least_group: Number(draft.leastGroup),
    banner: {
      enabled: draft.enabled,
      purposes: PURPOSES.filter((purpose) => draft.purposes.includes(purpose)),
      policy_url: url === '' ? null : url,
      ask_again_days: Number(draft.askAgain),
      texts: filledTexts(draft.texts),
    },
  };
}

function isWhole(typed: string, least: number, most: number): boolean {
  return /^\d{1,5}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most;
}

/** Days that rows of a class may be kept at most: those of who has not granted, for a short time. */
export function mostDays(name: (typeof RETAINED)[number]): number {
  return name === 'unknown' || name === 'refused' ? 90 : 3660;
}

export function wrongFields(draft: PolicyDraft): WrongFields {
  const wrong = new Map<string, 'days' | 'again' | 'group' | 'url'>();
  for (const name of RETAINED) {
    if (!isWhole(draft.retention[name], 1, mostDays(name))) wrong.set(`retention.${name}`, 'days');
  }
  if (!isWhole(draft.askAgain, 1, 396)) wrong.set('askAgain', 'again');
  if (!isWhole(draft.leastGroup, 5, 1000)) wrong.set('leastGroup', 'group');
  const url = draft.policyUrl.trim();
  const good = url === '' || (/^https?:\/\/./.test(url) && url.length <= 2000 && URL.canParse(url));
  if (!good) wrong.set('policyUrl', 'url');
  return wrong;
}

// A part that is empty is the product's, a language without any part too.
function filledTexts(texts: OwnTexts): OwnTexts {
  const filled: OwnTexts = {};
  for (const [language, words] of Object.entries(texts)) {
    const parts = TEXT_PARTS.flatMap((part) => {
      const own = words[part]?.trim();
      return own === undefined || own === '' ? [] : [[part, own] as const];
    });
    if (parts.length > 0) filled[language] = Object.fromEntries(parts);
  }
  return filled;
}

/** Whether two policies say the same, in whatever order. */
export function samePolicy(a: PrivacyPolicy, b: PrivacyPolicy): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Whether a draft differs from the policy that holds, also where it is wrong. */
export function isChanged(policy: PrivacyPolicy, draft: PolicyDraft): boolean {
  const made = toPolicy(draft);
  return made === null || !samePolicy(policy, made);
}

/** BCP 47 as the contract takes it. */
export function isLanguage(tag: string): boolean {
  return /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(tag) && tag.length <= 35;
}

/** The whole words of a language: one's own where there are any, else the product's, which speaks English if it must. */
export function wordsOf(
  language: string,
  own: OwnTexts,
  product: Readonly<Record<string, ConsentText>>,
): { words: ConsentText; product: ConsentText } | null {
  const base = language.split('-')[0] ?? language;
  const spoken = [language, base, 'en'].find((tag) => Object.hasOwn(product, tag));
  const usual = spoken === undefined ? undefined : product[spoken];
  if (usual === undefined) return null;
  const words = { ...usual };
  for (const part of TEXT_PARTS) {
    const mine = Object.hasOwn(own, language) ? own[language]?.[part]?.trim() : undefined;
    if (mine !== undefined && mine !== '') words[part] = mine;
  }
  return { words, product: usual };
}
