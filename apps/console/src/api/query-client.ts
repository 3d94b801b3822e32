import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.error.js';

/**
 * The cache of the API's responses. Live events keep it current (`live-invalidation.ts`), so it neither polls nor
 * retries: after an interruption, the live stream reconnects and everything is read again.
 */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // The cursor of a page is outdated: the list starts again from its first page.
        const isOutdated = error instanceof ProblemError && error.status === 409;
        if (isOutdated && hasSeveralPages(query.state.data)) void client.resetQueries({ queryKey: query.queryKey });
      },
    }),
    // An action may change responses that are not displayed: they are read again when they are.
    mutationCache: new MutationCache({ onSuccess: () => client.removeQueries({ type: 'inactive' }) }),
    defaultOptions: {
      // The browser knows whether it has a network, not whether the API is reachable.
      queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}

function hasSeveralPages(data: unknown): boolean {
  return (
    typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) && data.pages.length > 1
  );
}
