import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/client.ts';
import { App } from './app.tsx';
import { CrashBoundary } from './parts/crash-boundary.tsx';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/header.css';
import './styles/controls.css';
import './styles/filters.css';
import './styles/panels.css';
import './styles/figures.css';
import './styles/map.css';
import './styles/lists.css';
import './styles/dialogs.css';
import './styles/sources.css';
import './styles/first-steps.css';

// A session that ended shows at any question; asking who we are then shows the sign-in page.
const onError = (error: Error) => {
  if (error instanceof Problem && error.status === 401) void client.invalidateQueries({ queryKey: ['me'] });
};

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (query.queryKey[0] !== 'me') onError(error);
    },
  }),
  mutationCache: new MutationCache({ onError }),
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

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <CrashBoundary>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </CrashBoundary>
  </StrictMode>,
);
