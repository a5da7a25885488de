import { useMutation } from '@tanstack/react-query';
import { showToast } from '../state/toasts.ts';
import { describeError, sendOnly } from './client.ts';

/** Ends the session. The page is loaded anew, so that nothing of it stays in memory; it shows the way in then. */
export function useLogOut() {
  return useMutation({
    mutationFn: () => sendOnly('POST', '/api/v1/log-out'),
    onSuccess: () => window.location.reload(),
    onError: (error) => showToast(describeError(error).title, { tone: 'bad' }),
  });
}
