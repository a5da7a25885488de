import { fuzzyScore } from './fuzzy.ts';

/** What a command is about, in the order they stand in where nothing is typed. */
export const COMMAND_GROUPS = ['recent', 'filters', 'screens', 'views', 'actions', 'tenants'] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** Something to go to or to do, by its name. */
export interface Command {
  /** The same whatever the language is, such as `screen:audit`: what is remembered of it. */
  id: string;
  group: Exclude<CommandGroup, 'recent'>;
  label: string;
  /** Said beside it, and searched as well. */
  note?: string;
  /** Why it cannot be done now. */
  refusal?: string;
  /** Fits whatever was typed, because it was made of that. */
  typed?: boolean;
  /** What to go on typing with, in place of doing anything. */
  completes?: string;
  run: () => void;
}

/** How many of a group are shown where nothing is typed; the others are found by typing. */
const MOST_AT_REST: Partial<Record<CommandGroup, number>> = { recent: 4, tenants: 4, views: 6 };
const MOST_FOUND = 40;
/** What was used lately comes before what fits as well. */
const RECENT_BONUS = 60;

export interface CommandSection {
  group: CommandGroup;
  commands: Command[];
}

/**
 * The commands that fit what is typed, in sections, the best first; where nothing is typed, those used lately (`recent`,
 * ids, the latest first) and then all.
 */
export function findCommands(commands: readonly Command[], typed: string, recent: readonly string[]): CommandSection[] {
  if (typed.trim() === '') return atRest(commands, recent);
  const found = commands
    .flatMap((command) => {
      const score = command.typed ? Number.MAX_SAFE_INTEGER : scoreOf(command, typed);
      if (score === null) return [];
      return [{ command, score: score + (recent.includes(command.id) ? RECENT_BONUS : 0) }];
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST_FOUND);
  const sections = Map.groupBy(found, ({ command }) => command.group);
  return [...sections].map(([group, hits]) => ({ group, commands: hits.map(({ command }) => command) }));
}

/** Its name counts for more than what is said beside it. */
function scoreOf({ label, note }: Command, typed: string): number | null {
  const byName = fuzzyScore(typed, label);
  const byAll = note === undefined ? null : fuzzyScore(typed, `${label} ${note}`);
  if (byName === null) return byAll === null ? null : byAll / 2;
  return byName;
}

function atRest(commands: readonly Command[], recent: readonly string[]): CommandSection[] {
  const byId = new Map(commands.map((command) => [command.id, command]));
  const lately = recent.flatMap((id) => byId.get(id) ?? []).slice(0, MOST_AT_REST.recent);
  return COMMAND_GROUPS.flatMap((group) => {
    const own =
      group === 'recent' ? lately : commands.filter((command) => command.group === group && !lately.includes(command));
    const shown = own.slice(0, MOST_AT_REST[group]);
    return shown.length === 0 ? [] : [{ group, commands: shown }];
  });
}
