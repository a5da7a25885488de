import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** A file that is replaced changes several times within moments; it is read once, when it has settled. */
const SETTLE_MS = 300;

/**
 * Calls `onChange` after any of the files was written or replaced (renamed over). Watches their directories, because
 * a watch on a file ends when another takes its name. Does not keep the process alive. `onFault` is told when a
 * directory cannot be watched; the others still are.
 */
export function watchFiles(
  paths: string[],
  onChange: () => void,
  onFault: (error: unknown) => void,
): { close(): void } {
  const names = new Map<string, Set<string>>();
  for (const path of paths) {
    const directory = dirname(path);
    names.set(directory, (names.get(directory) ?? new Set()).add(basename(path)));
  }
  let timer: NodeJS.Timeout | undefined;
  const settle = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MS);
    timer.unref();
  };
  const watchers: FSWatcher[] = [];
  for (const [directory, files] of names) {
    try {
      const watcher = watch(directory, { persistent: false }, (_event, file) => {
        if (file === null || files.has(file)) settle();
      });
      watcher.on('error', onFault);
      watchers.push(watcher);
    } catch (error) {
      onFault(error);
    }
  }
  return {
    close: () => {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
