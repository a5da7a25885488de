import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Accepted, LogInAnswer, LogInWays, OpenInvitation, User } from '@vedette/contract';
import { goTo } from '../state/location.ts';
import { askPasskey } from '../state/passkeys.ts';
import { getJson, sendJson, sendOnly } from './client.ts';

const PATH = '/api/v1/log-in';

/** How one may log in here. */
export function useLogInWays() {
  return useQuery({
    queryKey: ['log-in'],
    queryFn: ({ signal }) => getJson<LogInWays>(PATH, signal),
    staleTime: 60_000,
  });
}

/** Whoever asked before may have been somebody else: all that is known of the hub is forgotten, and who asks is asked. */
export async function beginAnew(queries: QueryClient): Promise<void> {
  // What is shown meanwhile is no secret: a form, and what it needs to know.
  queries.removeQueries({ type: 'inactive', predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  await queries.invalidateQueries({ queryKey: ['me'] });
}

/** Of what is sent without a session: that it is refused says nothing of one. */
const OUTSIDE = { outside: true };

/** A step of a log-in; once it was the last one, everything is asked anew. What was sent is not kept: it is secret. */
function useStep<T>(send: (what: T) => Promise<LogInAnswer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    gcTime: 0,
    meta: OUTSIDE,
    onSuccess: (answer) => (answer.next === 'done' ? beginAnew(queries) : undefined),
  });
}

export function useLogIn() {
  return useStep((who: { email: string; password: string }) => sendJson<LogInAnswer>('POST', PATH, who));
}

/** A one-time code or recovery code, after the password. */
export function useSecondFactor() {
  return useStep((code: string) => sendJson<LogInAnswer>('POST', `${PATH}/second-factor`, { code }));
}

/** A passkey, in place of the password or after it; `offered`: if the person picks one of those the browser offers. */
export function usePasskeyLogIn() {
  return useStep(async ({ offered = false, signal }: { offered?: boolean; signal?: AbortSignal }) => {
    const options = await sendJson<PublicKeyCredentialRequestOptionsJSON>(
      'POST',
      `${PATH}/passkey/options`,
      {},
      signal,
    );
    const response = await askPasskey(options, { offered, ...(signal !== undefined && { signal }) });
    return sendJson<LogInAnswer>('POST', `${PATH}/passkey`, { response });
  });
}

/** Where the browser is sent for single sign-on. */
export const SSO_PATH = `${PATH}/sso`;

/** The first account of the installation. */
export function useSetUp() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (account: { email: string; name: string; password: string; locale: string }) =>
      sendJson<User>('POST', '/api/v1/set-up', account),
    gcTime: 0,
    // Here and not where it is sent from: what is shown there is gone once the hub says who is asking.
    onSuccess: () => {
      goTo('/first-steps', { replace: true });
      return beginAnew(queries);
    },
  });
}

export function useForgotten() {
  return useMutation({ mutationFn: (email: string) => sendOnly('POST', '/api/v1/password-resets', { email }) });
}

/** Whose password a link may set; null: the link does not work. */
export function useResetLook(token: string) {
  return useQuery({
    queryKey: ['password-reset', token],
    queryFn: ({ signal }) => sendJson<{ email: string }>('POST', '/api/v1/password-resets/look', { token }, signal),
    gcTime: 0,
    staleTime: Infinity,
    enabled: token !== '',
  });
}

export function useRedeemReset() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: { token: string; password: string }) => sendOnly('POST', '/api/v1/password-resets/redeem', what),
    gcTime: 0,
    meta: OUTSIDE,
    onSuccess: () => {
      goTo('/log-in?changed', { replace: true });
      return beginAnew(queries);
    },
  });
}

/** What an invitation is for. */
export function useInvitationLook(token: string) {
  return useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => sendJson<OpenInvitation>('POST', '/api/v1/invitations/look', { token }, signal),
    gcTime: 0,
    staleTime: Infinity,
    enabled: token !== '',
  });
}

export function useAcceptInvitation() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (what: { token: string; name?: string; password?: string; locale?: string }) =>
      sendJson<Accepted>('POST', '/api/v1/invitations/accept', what),
    gcTime: 0,
    meta: OUTSIDE,
    onSuccess: ({ tenant }) => {
      goTo(`/?tenant=${encodeURIComponent(tenant.slug)}`, { replace: true });
      return beginAnew(queries);
    },
  });
}
