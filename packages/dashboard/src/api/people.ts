import type {
  EndedSessions,
  Invitation,
  PeopleAnswer,
  Person,
  Role,
  SentInvitation,
  UserAccount,
} from '@vedette/contract';
import { addressOf, useWhole } from './asked.ts';
import { sendDelete, sendJson } from './client.ts';
import { usePages, useTenantChange } from './managed.ts';

const PEOPLE = '/api/v1/people';
const INVITATIONS = '/api/v1/invitations';

/** The members of the tenant of the screen. */
export function usePeople() {
  return usePages<PeopleAnswer>(PEOPLE);
}

export function useInvitations() {
  return useWhole<'invitations', Invitation>(INVITATIONS, 'invitations');
}

export const useChangeRole = () =>
  useTenantChange(
    (tenant, { id, role }: { id: string; role: Role }) =>
      sendJson<Person>('PATCH', addressOf(`${PEOPLE}/${id}`, tenant), { role }),
    { mine: true },
  );

export const useRemovePerson = () =>
  useTenantChange((tenant, id: string) => sendDelete(addressOf(`${PEOPLE}/${id}`, tenant)), { mine: true });

/** Ends all sessions of a person, for operators; of oneself, all others. */
export const useEndSessionsOf = () =>
  useTenantChange((_, id: string) => sendJson<EndedSessions>('DELETE', `${PEOPLE}/${id}/sessions`, {}));

const useAccountChange = (verb: 'disable' | 'enable' | 'reset-factors') =>
  useTenantChange((_, id: string) => sendJson<UserAccount>('POST', `${PEOPLE}/${id}/${verb}`, {}));

/** Lets nobody log in to an account, in any tenant; for operators, like the two below. */
export const useDisableAccount = () => useAccountChange('disable');

export const useEnableAccount = () => useAccountChange('enable');

/** Takes a person's second factors away. */
export const useResetFactors = () => useAccountChange('reset-factors');

export const useInvite = () =>
  useTenantChange((tenant, invitation: { email: string; role: Role }) =>
    sendJson<SentInvitation>('POST', addressOf(INVITATIONS, tenant), invitation),
  );

export const useResendInvitation = () =>
  useTenantChange((tenant, id: string) =>
    sendJson<SentInvitation>('POST', addressOf(`${INVITATIONS}/${id}/resend`, tenant), {}),
  );

export const useWithdrawInvitation = () =>
  useTenantChange((tenant, id: string) => sendDelete(addressOf(`${INVITATIONS}/${id}`, tenant)));
