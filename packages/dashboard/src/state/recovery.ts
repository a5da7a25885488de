import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { getJson } from '../api/client.ts';
import { useReached } from './reach.ts';

const KNOCK_MS = 3000;

/** While the hub does not answer, asks it for a sign of life; once it does, everything shown is asked anew. */
export function useRecovery(): void {
  const reached = useReached();
  const queries = useQueryClient();
  useEffect(() => {
    if (reached) return;
    // Whatever it answers will do, a refusal too.
    const timer = setInterval(() => void getJson('/api/v1/me').catch(() => undefined), KNOCK_MS);
    return () => {
      clearInterval(timer);
      void queries.invalidateQueries();
    };
  }, [reached, queries]);
}
