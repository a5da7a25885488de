import type { BotKind } from '../../model/enrichment.ts';
import { BOT_TABLE } from './bot-table.ts';
import type { NameRule } from './uap-rules.ts';

export interface BotName {
  name: string;
  kind: BotKind;
}

/** The rules of the table: one pattern an entry. `kinds[i]` is the kind of `rules[i]`. */
export const BOT_RULES: { rules: readonly NameRule[]; kinds: readonly BotKind[] } = (() => {
  const rules: NameRule[] = [];
  const kinds: BotKind[] = [];
  for (const [kind, entries] of BOT_TABLE) {
    for (const entry of entries.split(', ')) {
      const [token = '', name = token] = entry.split('=');
      const literal = token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
      rules.push({ source: `(?<![a-z0-9])${literal}`, flags: 'i', name });
      kinds.push(kind);
    }
  }
  return { rules, kinds };
})();

/** Words that say what an unlisted bot is for, in this order. */
const KIND_BY_WORD: readonly (readonly [BotKind, RegExp])[] = [
  ['ai', /gpt|llm|(?<!\.)\bai\b|[-_]ai\b|\bai[-_]|openai|claude|perplexity/i],
  ['feed', /feed|rss|podcast|\batom\b|news ?reader|aggregator/i],
  ['seo', /seo|backlink|serp|rank/i],
  ['monitor', /monitor|uptime|health|(?<![a-z])ping|pinger|status|availab|checker|check\b|validator|speed|synthetic/i],
  ['scanner', /scan|security|audit|vuln|probe|survey|inspect|detect|exploit/i],
  ['social', /preview|link ?expand|unfurl|embed|share/i],
  ['search', /(?<!re)search|index|seek|\bfind/i],
  ['library', /http|client|library|\blib|request|sdk|curl|perl|python|java|php|ruby|\bgo\b|node|\bapi\b|fetch/i],
];

/** "SomethingAI" and "AISomething", where the case tells the word from "domain" and "mail". */
const AI_NAME = /[a-z]AI(?![a-z])|\bAI[A-Z]/;

const BOT_TOKEN =
  /[a-z][\w.!&-]{0,40}?(?:bots?|crawler|crawl|spider|scraper|fetcher|indexer|archiver|checker|monitor|scanner|agent)(?![a-z])[\w-]{0,20}|\b(?:bot|crawl|spider)[\w-]{1,30}/i;
const COMPATIBLE = /compatible; *(?!msie|konqueror|linux|windows|u;)([a-z][^;)/+]{1,40})/i;
const FIRST_PRODUCT = /^[^a-z0-9]{0,8}(?!mozilla|opera)([a-z0-9][^/;,()[\]{}<>"|]{0,60})/i;
const LAST_PRODUCT = /([a-z][\w.-]{2,40})\/[\w.]{1,20}[^/]{0,60}$/i;

/**
 * Name and kind of a bot that is not in the table, from the token that looks like its name. Client-supplied text, so it
 * is reduced to plain characters without a version: few names, and none that could do harm in a terminal or a page.
 */
export function guessBotName(userAgent: string): BotName {
  const raw =
    COMPATIBLE.exec(userAgent)?.[1] ??
    BOT_TOKEN.exec(userAgent)?.[0] ??
    FIRST_PRODUCT.exec(userAgent)?.[1] ??
    LAST_PRODUCT.exec(userAgent)?.[1] ??
    '';
  const name = tidyName(raw);
  // What it says beside its name helps, but an address does not, nor do the words of libraries, which are everywhere.
  const text = userAgent.replace(/(?:https?:\/\/|www\.|[\w.-]{1,64}@)\S*/gi, '');
  if (AI_NAME.test(name)) return { name, kind: 'ai' };
  const kind =
    KIND_BY_WORD.find(([, word]) => word.test(name)) ??
    KIND_BY_WORD.find(([guess, word]) => guess !== 'library' && word.test(text));
  return { name: name === '' ? 'unnamed bot' : name, kind: kind?.[0] ?? 'other' };
}

/** Free text as a name, without e-mail addresses: printable ASCII letters, digits and a little punctuation, no trailing version, 40 characters. */
export function tidyName(raw: string): string {
  return raw
    .slice(0, 80)
    .replace(/%20/g, ' ')
    .replace(/[^\s(;,]*@[^\s);,]*/g, ' ')
    .replace(/[^\w .:+!&'-]+/g, ' ')
    .replace(/[ _-]v?\d+(?:\.\d+)*[a-z]?\s*$/i, '')
    .replace(/^[^a-z0-9]+|[^a-z0-9!]+$/gi, '')
    .replace(/\s+/g, ' ')
    .slice(0, 40)
    .trim();
}
