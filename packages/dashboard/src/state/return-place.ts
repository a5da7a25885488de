import { goTo } from './location.ts';

const KEY = 'vedette.return';

/** Remembers the address of the page while the browser is at another site to log in. */
export function keepPlace(): void {
  const { pathname, search, hash } = window.location;
  try {
    if (pathname !== '/log-in') sessionStorage.setItem(KEY, pathname + search + hash);
  } catch {
    // Not remembered; the Overview it is.
  }
}

/** Goes back to it, once. */
export function returnToPlace(): void {
  try {
    const kept = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    // A path of this page and nothing else.
    if (kept !== null && /^\/(?![/\\])/.test(kept)) goTo(kept, { replace: true });
  } catch {
    // Storage is forbidden: nothing was kept.
  }
}
