import { GenerationCache } from '../../flow/generation-cache.ts';
import { type Agent, type BotKind, NO_AGENT } from '../../model/enrichment.ts';
import { BOT_RULES, type BotName, guessBotName, tidyName } from './bot-names.ts';
import { botEvidence, withoutDevice } from './bots.ts';
import { BRAND_RULES, isEngine, SYSTEM_RULES } from './brands.ts';
import { deviceType } from './device.ts';
import { browserName, systemName } from './names.ts';
import { type Pattern, PatternIndex, type PatternRange } from './pattern-index.ts';
import { loadUapRules, type NameRule, ruleName } from './uap-rules.ts';

/** Longer strings are cut to this many UTF-16 units first: nothing honest is longer, and it bounds the work. */
const MAX_LENGTH = 2048;
const DEFAULT_CACHE_SIZE = 20_000;
/** How many names that come from the clients themselves are told apart; further ones get a general name. */
const MAX_FREE_NAMES = 4096;
/** How many answers are told apart; further ones tell only the class. Real traffic has some hundred. */
const MAX_ANSWERS = 16_384;
const BOT_WORD = /bot|spider|crawl/i;
/** Kinds of bots whose makers have apps for people by the same name. */
const APP_KINDS: ReadonlySet<BotKind> = new Set(['social', 'feed', 'other']);
const yes = () => true;

export interface AgentEnricher {
  /**
   * What a user agent says of its client.
   * @param userAgent the header's value; '' or '-' if the client sent none, which only machines do; null if the source does
   *   not record the header, which says nothing
   * @returns a frozen object; equal answers are the same object, and there are never more than some 16,000 of them,
   *   whatever clients send
   */
  agent(userAgent: string | null): Agent;
}

/**
 * Makes the enricher for user agents: browser and system by the rules of uap-core, device class and bots by rules of our
 * own together with isbot's list. Takes some 100 ms to load; then it neither waits nor throws.
 * @param options cacheSize: how many recent strings keep their answers at least
 */
export function createAgentEnricher(options: { cacheSize?: number } = {}): AgentEnricher {
  const cache = new GenerationCache<string, Agent>(2 * (options.cacheSize ?? DEFAULT_CACHE_SIZE));
  const classifier = new Classifier();
  const none = classifier.intern({
    ...NO_AGENT,
    isBot: true,
    deviceType: 'Bot',
    botName: 'no user agent',
    botKind: 'library',
  });
  return {
    agent(userAgent) {
      if (userAgent === null) return NO_AGENT;
      const text = userAgent.length > MAX_LENGTH ? userAgent.slice(0, MAX_LENGTH) : userAgent;
      const known = cache.get(text);
      if (known !== undefined) return known;
      const trimmed = text.trim();
      const agent = trimmed === '' || trimmed === '-' ? none : classifier.classify(withSpaces(trimmed));
      cache.set(detached(text), agent);
      return agent;
    },
  };
}

/** Some logs (W3C, IIS) write "+" for a space; a user agent without any space that has "+(" or ";+" comes from one. */
function withSpaces(text: string): string {
  return !text.includes(' ') && /\+\(|;\+/.test(text) ? text.replaceAll('+', ' ') : text;
}

/** A copy that shares no memory: a key that is part of a larger string (a chunk of a log) would keep all of it alive. */
function detached(text: string): string {
  const encoding = /[^\0-\xff]/.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}

class Classifier {
  private readonly index: PatternIndex;
  private readonly rules: readonly NameRule[];
  private readonly kindOf = new Map<number, BotKind>();
  private readonly interned = new Map<string, Agent>();
  private readonly freeNames = new Set<string>();
  private readonly ranges: Record<
    'browsers' | 'brands' | 'systems' | 'moreSystems' | 'botNames' | 'strong' | 'words' | 'shapes' | 'personal',
    PatternRange
  >;

  constructor() {
    const uap = loadUapRules();
    const evidence = botEvidence();
    const all: Pattern[] = [];
    const add = (patterns: readonly Pattern[]): PatternRange => {
      const from = all.length;
      all.push(...patterns);
      return { from, to: all.length };
    };
    const browsers = add(uap.browsers);
    const brands = add(BRAND_RULES);
    const systems = add(uap.systems);
    const moreSystems = add(SYSTEM_RULES);
    const botNames = add(BOT_RULES.rules);
    this.rules = all as NameRule[];
    BOT_RULES.kinds.forEach((kind, at) => this.kindOf.set(botNames.from + at, kind));
    const strong = add(evidence.strong);
    const words = add(evidence.words);
    const shapes = add(evidence.shapes);
    const personal = add(evidence.personal);
    this.ranges = { browsers, brands, systems, moreSystems, botNames, strong, words, shapes, personal };
    this.index = new PatternIndex(all);
  }

  classify(userAgent: string): Agent {
    this.index.scan(userAgent);
    const { systems, moreSystems, browsers, brands } = this.ranges;
    const osName =
      systemName(userAgent, this.name(userAgent, systems)) || systemName(userAgent, this.name(userAgent, moreSystems));
    let browser = browserName(this.name(userAgent, browsers));
    if (isEngine(browser)) browser = this.name(userAgent, brands) || browser;
    const rest = withoutDevice(userAgent);
    const bot = this.isBot(userAgent, rest) ? this.botName(userAgent) : null;
    // A person's browser is no bot: the rule read the name of the device.
    if (bot === null && rest !== null && BOT_WORD.test(browser)) browser = browserName(this.name(rest, browsers));
    return this.intern({
      deviceType: bot === null ? deviceType(userAgent, osName) : 'Bot',
      osName,
      browserName: browser,
      isBot: bot !== null,
      botName: bot?.name ?? '',
      botKind: bot?.kind ?? '',
    });
  }

  /** The one object for an answer. */
  intern(answer: Agent): Agent {
    const key = `${answer.deviceType}\n${answer.osName}\n${answer.browserName}\n${answer.botName}\n${answer.botKind}`;
    const known = this.interned.get(key);
    if (known !== undefined) return known;
    if (this.interned.size >= MAX_ANSWERS && (answer.osName !== '' || answer.browserName !== '')) {
      const botName = answer.isBot ? 'other bot' : '';
      return this.intern({ ...answer, osName: '', browserName: '', botName });
    }
    this.interned.set(key, Object.freeze(answer));
    return answer;
  }

  private isBot(userAgent: string, rest: string | null): boolean {
    const text = rest ?? userAgent;
    if (this.index.firstMatch(text, this.ranges.strong, yes)) return true;
    const personal = this.index.firstMatch(userAgent, this.ranges.personal, yes) === true;
    if ((!personal || rest !== null) && this.index.firstMatch(text, this.ranges.words, yes)) return true;
    if (personal) return false;
    return this.index.firstMatch(text, this.ranges.shapes, yes) === true || this.beginsAsTool(userAgent);
  }

  /** Whether the first thing said is the name of a tool, which no browser or app does. */
  private beginsAsTool(userAgent: string): boolean {
    return (
      this.index.firstMatch(userAgent, this.ranges.botNames, (pattern, match) =>
        match.index === 0 && !APP_KINDS.has(this.kindOf.get(pattern) as BotKind) ? true : undefined,
      ) === true
    );
  }

  private botName(userAgent: string): BotName {
    const found = this.index.firstMatch(userAgent, this.ranges.botNames, (pattern) => ({
      name: (this.rules[pattern] as NameRule).name,
      kind: this.kindOf.get(pattern) as BotKind,
    }));
    if (found !== undefined) return found;
    const guess = guessBotName(userAgent);
    return { name: this.admit(guess.name, 'other bot'), kind: guess.kind };
  }

  private name(userAgent: string, range: PatternRange): string {
    return (
      this.index.firstMatch(userAgent, range, (pattern, match) => {
        const rule = this.rules[pattern] as NameRule;
        const name = ruleName(rule, match);
        return rule.name !== '' && !rule.name.includes('$1') ? name : this.admit(tidyName(name), 'other app');
      }) ?? ''
    );
  }

  /** A name that a client chose: itself while there is room, else the general name. */
  private admit(name: string, otherwise: string): string {
    if (this.freeNames.has(name)) return name;
    if (this.freeNames.size >= MAX_FREE_NAMES) return otherwise;
    this.freeNames.add(name);
    return name;
  }
}
