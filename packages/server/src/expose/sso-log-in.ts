import type { Joined } from '../stores/people.ts';
import type { User } from '../stores/records.ts';
import type { Hub } from './ports.ts';
import type { SsoPerson, SsoRefusal } from './sso-provider.ts';

/** Who comes in. */
interface Entering {
  user: User;
  joined: Joined[];
  /** Whether an account that was there is known to the provider from now on. */
  linked: boolean;
}

/**
 * Whose account somebody is that a provider knows: by what the provider calls them, or, the first time, by the e-mail
 * address that it has verified; somebody without an account needs open invitations, which are accepted by it. Refusals:
 * `sso-no-account`, `sso-other-identity`, `sso-account-disabled`.
 */
export async function userOfSso(hub: Hub, person: SsoPerson): Promise<Entering | SsoRefusal> {
  const { accounts, factors, invitations } = hub.records;
  const { issuer, subject, email, name } = person;
  const known = await factors.identities.find(issuer, subject);
  const found = known === null ? await accounts.byEmail(email) : await accounts.byId(known);
  const entering =
    found === null
      ? await invitations.acceptVerified({ email, name: name || (email.split('@', 1)[0] as string) })
      : { user: found.user, joined: [] };
  if (entering === null)
    return { refused: 'sso-no-account', detail: 'nobody here has this e-mail address, or is invited by it' };
  const { user } = entering;
  if (user.disabledAt !== null)
    return { refused: 'sso-account-disabled', detail: `the account ${user.id} is disabled` };
  // Who is linked already is somebody else to the provider: an address that was given to another person there.
  if (known === null && !(await factors.identities.link(issuer, subject, user.id))) {
    return { refused: 'sso-other-identity', detail: `the account ${user.id} belongs to another subject of ${issuer}` };
  }
  return { ...entering, linked: known === null && found !== null };
}
