import { type Agent, type BotKind, NO_AGENT } from '../../model/enrichment.ts';
import { BOT_RULES, type BotName, guessBotName, tidyName } from './bot-names.ts';
import { botEvidence, withoutDevice } from './bots.ts';
import { BRAND_RULES, isEngine, SYSTEM_RULES } from './brands.ts';
import { deviceType } from './device.ts';
import { browserName, systemName } from './names.ts';
import { type Pattern, PatternIndex, type PatternRange } from './pattern-index.ts';
import { RecentCache } from './recent-cache.ts';
import { loadUapRules, type NameRule, ruleName } from './uap-rules.ts';

/** Longer strings are cut to this many UTF-16 units first: nothing honest is longer, and it bounds the work. */
const MAX_LENGTH = 2048;
const DEFAULT_CACHE_SIZE = 20_000;
/** How many names that come from the clients themselves are told apart; further ones get a general name. */
const MAX_FREE_NAMES = 4096;
const yes = () => true;

export interface AgentEnricher {
  /**
   * What a user agent says of its client.
   * @param userAgent the header's value; '' or '-' if the client sent none, which only machines do; null if the source does
   *   not record the header, which says nothing
   * @returns a frozen object; equal answers are the same object, and there are at most some ten thousand of them, whatever
   *   clients send
   */
  agent(userAgent: string | null): Agent;
}

/**
 * Makes the enricher for user agents: browser and system by the rules of uap-core, device class and bots by rules of our
 * own together with isbot's list. Takes some 100 ms to load; then it neither waits nor throws.
 * @param options cacheSize: how many recent strings keep their answers at least
 */
export function createAgentEnricher(options: { cacheSize?: number } = {}): AgentEnricher {
  const cache = new RecentCache<Agent>(options.cacheSize ?? DEFAULT_CACHE_SIZE);
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
      const known = cache.get(userAgent);
      if (known !== undefined) return known;
      const text = userAgent.length > MAX_LENGTH ? userAgent.slice(0, MAX_LENGTH) : userAgent;
      const trimmed = text.trim();
      const agent = trimmed === '' || trimmed === '-' ? none : classifier.classify(trimmed);
      // A string that was cut is not kept: its key would pin the whole of it.
      if (text.length === userAgent.length) cache.set(userAgent, agent);
      return agent;
    },
  };
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
    const bot = this.isBot(userAgent) ? this.botName(userAgent) : null;
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
    this.interned.set(key, Object.freeze(answer));
    return answer;
  }

  private isBot(userAgent: string): boolean {
    const rest = withoutDevice(userAgent);
    const text = rest ?? userAgent;
    if (this.index.firstMatch(text, this.ranges.strong, yes)) return true;
    const personal = this.index.firstMatch(userAgent, this.ranges.personal, yes) === true;
    if ((!personal || rest !== null) && this.index.firstMatch(text, this.ranges.words, yes)) return true;
    return !personal && this.index.firstMatch(text, this.ranges.shapes, yes) === true;
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
