import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client.ts';
import { CrashBoundary } from './parts/crash-boundary.tsx';
import { InLocale } from './parts/in-locale.tsx';
import { Toaster } from './parts/ui/toaster.tsx';
import { router } from './router.tsx';
import { beginLanguage } from './state/language.ts';
import { followRouter } from './state/location.ts';
import { beginZone } from './state/zone.ts';

// A session that ended, a role that was taken away or a tenant that was suspended shows at any question; asking who we are
// then shows the way in, or what is left to see.
const onError = (error: Error) => {
  if (error instanceof Problem && (error.status === 401 || error.status === 403))
    void client.invalidateQueries({ queryKey: ['me'] });
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== 'me') onError(error);
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _sent, _context, mutation) => {
      if (mutation.meta?.outside !== true) onError(error);
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      gcTime: 60_000,
      networkMode: 'always',
      retry: (failures, error) =>
        failures < 2 && error instanceof Problem && (error.status === 0 || error.status === 429 || error.status >= 502),
    },
  },
});

beginZone();
await beginLanguage();
followRouter(router);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const drawing = createRoot(root);
// Drawn a piece at a time: what the person does meanwhile is answered.
startTransition(() =>
  drawing.render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <InLocale>
          <CrashBoundary>
            <RouterProvider router={router} />
            <Toaster />
          </CrashBoundary>
        </InLocale>
      </QueryClientProvider>
    </StrictMode>,
  ),
);
