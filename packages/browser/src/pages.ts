import { attempt, on } from './guard.ts';

/** The path of the page that is shown. With `hash`, that of the fragment (`#/orders`) goes after it. */
export function currentPath(hash: boolean): string {
  const { pathname, hash: fragment } = location;
  const rest = hash ? fragment.replace(/^#!?\/?/, '').split('?')[0] : '';
  return rest ? pathname.replace(/\/?$/, '/') + rest : pathname;
}

/**
 * Calls back for every page that is viewed after the first: a single-page app that moves to another path, and a page that
 * comes back out of the back/forward cache. What the app does to its history is done before, and its errors are its own.
 */
export function watchPages(hash: boolean, viewed: () => void): void {
  let path = currentPath(hash);
  const check = () => {
    const now = currentPath(hash);
    if (now === path) return;
    path = now;
    viewed();
  };
  for (const name of ['pushState', 'replaceState'] as const) {
    attempt(() => {
      const original = history[name];
      history[name] = function (this: History, ...move: Parameters<History['pushState']>) {
        Reflect.apply(original, this, move);
        attempt(check);
      };
    });
  }
  on(window, 'popstate', check);
  on(window, 'hashchange', check);
  on(window, 'pageshow', (event) => {
    if (!(event as PageTransitionEvent).persisted) return;
    path = currentPath(hash);
    viewed();
  });
}
