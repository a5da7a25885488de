const KEY = 'vedette.recent';
const MOST = 8;

/** Ids of the commands used lately in this browser, the latest first. */
export function recentCommands(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, MOST) : [];
  } catch {
    // No storage, or somebody else's words in it.
    return [];
  }
}

/** Remembers that a command was used. Filters and what was typed are not remembered. */
export function rememberCommand(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recentCommands().filter((other) => other !== id)].slice(0, MOST)));
  } catch {
    // Not remembered.
  }
}
