/** Runs something and keeps to itself whatever goes wrong: the page must never notice. undefined: it went wrong. */
export function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

/** Listens before the page's own listeners do, so that none of them can keep an event from us. */
export function on(target: EventTarget, type: string, run: (event: Event) => void): void {
  target.addEventListener(type, (event) => attempt(() => run(event)), true);
}
