import { type AnyRouter, useRouterState } from '@tanstack/react-router';
import { useMemo, useSyncExternalStore } from 'react';
import { pathOf, type Screen, withParameters } from '../model/place.ts';
import { formatSearch, parseSearch } from '../model/search.ts';
import { type ParameterOf, REGISTRY, type SearchOf } from '../screens/registry.ts';

let router: AnyRouter | null = null;

/** Tells which router has the addresses, once, before the page is drawn. */
export function followRouter(made: AnyRouter): void {
  router = made;
}

// All three are of what is shown. The router's location is a step ahead of it: a screen that is about to go would take
// the next one's parameters for its own.

/** The query part of the address, followed as it changes. */
export function useSearch(): string {
  return useRouterState({ select: ({ matches }) => formatSearch(matches.at(-1)?.search ?? {}) });
}

/** The path of the address, followed as it changes. */
export function usePath(): string {
  return useRouterState({ select: ({ matches, location }) => matches.at(-1)?.pathname ?? location.pathname });
}

/** The screen that the address names; null when it names none. */
export function useScreen(): Screen | null {
  return useRouterState({ select: ({ matches }) => matches.at(-1)?.staticData.screen ?? null });
}

/** What the address says of a screen, which is the one that is shown. */
export function useScreenSearch<S extends Screen>(screen: S): SearchOf<S> {
  const search = useSearch();
  return useMemo(() => REGISTRY[screen].read(search) as SearchOf<S>, [screen, search]);
}

/** A change of the address: parameters are set, or taken out by null or ''; the others stay. */
export type Change<S extends Screen> = Readonly<Partial<Record<ParameterOf<S>, string | null>>>;

/** The address of a screen. */
export function addressOf<S extends Screen>(screen: S, parameters?: Change<S>): string {
  return pathOf(screen) + withParameters('', { ...parameters });
}

/** What changes the parameters of a screen, which is the one that is shown; `replace` as of `goTo`. */
export function useChange<S extends Screen>(screen: S): (change: Change<S>, options?: { replace?: boolean }) => void {
  const search = useSearch();
  return (change, options) => goTo(pathOf(screen) + withParameters(search, change), options);
}

/**
 * Goes to another path and query of the page, as a step that the back button undoes; `replace`: in place of the present
 * step, for what changes with every key. Another screen begins at its top, or where it was left by the back button.
 */
export function goTo(address: string, { replace = false } = {}): void {
  const { pathname, search } = window.location;
  if (address === pathname + search) return;
  const { pathname: to, search: query, hash } = new URL(address, window.location.href);
  void router?.navigate({
    to,
    search: parseSearch(query),
    replace,
    resetScroll: to !== pathname,
    ...(hash !== '' && { hash: hash.slice(1) }),
  });
}

/** What stands behind the # of the address: a secret of a link, which in a path or query would reach the hub's log. */
export function useHashToken(): string {
  return useSyncExternalStore(subscribeToHash, () => window.location.hash.slice(1));
}

function subscribeToHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
