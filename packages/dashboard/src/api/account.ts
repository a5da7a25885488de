import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  Account,
  EmailChange,
  Passkey,
  PasskeyAdded,
  RecoveryCodes,
  SessionList,
  TotpSetUp,
  User,
} from '@vedette/contract';
import { goTo } from '../state/location.ts';
import { makePasskey } from '../state/passkeys.ts';
import { showToast } from '../state/toasts.ts';
import { account } from '../text.ts';
import { getJson, sendDelete, sendJson, sendOnly } from './client.ts';

const PATH = '/api/v1/account';
const EMAIL = `${PATH}/email-change`;

/** One's own account. */
export function useAccount() {
  return useQuery({ queryKey: ['account'], queryFn: ({ signal }) => getJson<Account>(PATH, signal) });
}

export function useSessions() {
  return useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: ({ signal }) => getJson<SessionList>(`${PATH}/sessions`, signal),
  });
}

export function usePasskeys() {
  return useQuery({
    queryKey: ['account', 'passkeys'],
    queryFn: ({ signal }) => getJson<{ passkeys: Passkey[] }>(`${PATH}/passkeys`, signal),
  });
}

/**
 * Changes something of the account, which is asked anew then, and what one may see: a tenant may ask for a second factor.
 * What was sent is not kept: it may be secret.
 */
function useChange<Sent, Answer>(send: (sent: Sent) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: send,
    gcTime: 0,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['me'] });
      return queries.invalidateQueries({ queryKey: ['account'] });
    },
  });
}

export const useChangeAccount = () =>
  useChange((change: { name?: string; locale?: string | null }) => sendJson<User>('PATCH', PATH, change));

export const useChangePassword = () =>
  useChange((sent: { current: string; password: string }) => sendOnly('POST', `${PATH}/password`, sent));

/** A password where the account has one. */
type Confirmation = { password?: string };

/** Has a link sent to another e-mail address. */
export const useAskEmail = () =>
  useChange((sent: Confirmation & { email: string }) => sendJson<EmailChange>('POST', EMAIL, sent));

export const useWithdrawEmail = () => useChange(() => sendDelete(EMAIL));

/** Which address a link is for. */
export function useEmailChangeLook(token: string) {
  return useQuery({
    queryKey: ['email-change', token],
    queryFn: ({ signal }) => sendJson<EmailChange>('POST', `${EMAIL}/look`, { token }, signal),
    gcTime: 0,
    staleTime: Infinity,
    enabled: token !== '',
  });
}

export function useConfirmEmail() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => sendJson<User>('POST', `${EMAIL}/confirm`, { token }),
    gcTime: 0,
    onSuccess: ({ email }) => {
      goTo('/account', { replace: true });
      showToast(account.emailChange.done(email));
      void queries.invalidateQueries({ queryKey: ['me'] });
      return queries.invalidateQueries({ queryKey: ['account'] });
    },
  });
}

export const useEndSession = () => useChange((id: string) => sendDelete(`${PATH}/sessions/${id}`));

export const useEndOtherSessions = () => useChange(() => sendJson<{ ended: number }>('DELETE', `${PATH}/sessions`, {}));

export const useBeginTotp = () => useChange((sent: Confirmation) => sendJson<TotpSetUp>('POST', `${PATH}/totp`, sent));

export const useConfirmTotp = () =>
  useChange((code: string) => sendJson<RecoveryCodes>('POST', `${PATH}/totp/confirm`, { code }));

export const useRemoveTotp = () => useChange((sent: Confirmation) => sendOnly('DELETE', `${PATH}/totp`, sent));

export const useNewRecoveryCodes = () =>
  useChange((sent: Confirmation) => sendJson<RecoveryCodes>('POST', `${PATH}/recovery-codes`, sent));

/** Has the browser make a passkey and the hub keep its public half. */
export const useAddPasskey = () =>
  useChange(async ({ name, ...sent }: Confirmation & { name: string }) => {
    const options = await sendJson<PublicKeyCredentialCreationOptionsJSON>('POST', `${PATH}/passkeys/options`, sent);
    return sendJson<PasskeyAdded>('POST', `${PATH}/passkeys`, { name, response: await makePasskey(options) });
  });

export const useRenamePasskey = () =>
  useChange(({ id, name }: { id: string; name: string }) =>
    sendJson<Passkey>('PATCH', `${PATH}/passkeys/${id}`, { name }),
  );

export const useRemovePasskey = () =>
  useChange(({ id, ...sent }: Confirmation & { id: string }) => sendOnly('DELETE', `${PATH}/passkeys/${id}`, sent));
