import { createRootRoute, createRoute, createRouter, Outlet } from '@tanstack/react-router';
import { lazy } from 'react';
import { App } from './app.tsx';
import { pathOf, SCREENS, type Screen } from './model/place.ts';
import { formatSearch, parseSearch } from './model/search.ts';
import { NotFound } from './screens/not-found.tsx';
import Overview from './screens/overview.tsx';
import { REGISTRY } from './screens/registry.ts';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The screen of the address; undefined for an address that names none. */
    screen?: Screen;
  }
}

const root = createRootRoute({ component: Outlet });
/** Around the screens that somebody who is logged in sees. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: App });

const screens = SCREENS.map((screen) => {
  const { load } = REGISTRY[screen];
  return createRoute({
    getParentRoute: () => inside,
    path: pathOf(screen),
    // Who only looks at the Overview does not wait for the others.
    component: load === null ? Overview : lazy(load),
    staticData: { screen },
  });
});
const unknown = createRoute({ getParentRoute: () => inside, path: '$', component: NotFound });

/** The addresses of the page, and what is shown at each. */
export const router = createRouter({
  routeTree: root.addChildren([inside.addChildren([...screens, unknown])]),
  parseSearch,
  stringifySearch: formatSearch,
  scrollRestoration: true,
  // What fails while it is drawn is caught around the screen and around the page.
  disableGlobalCatchBoundary: true,
});
