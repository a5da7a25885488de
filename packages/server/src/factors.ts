import type { Config } from './config.ts';
import type { Closing } from './engines.ts';
import type { Hub } from './expose/ports.ts';
import { createSsoProvider, type SsoProvider } from './expose/sso-provider.ts';
import { createGuardedClient, type GuardedClient } from './flow/guarded-client.ts';
import { refusePassword } from './model/password.ts';
import { createBreachedPasswordCheck } from './privacy/breached-passwords.ts';
import type { Sealer } from './privacy/sealing.ts';
import { createTotpDesk } from './privacy/totp-desk.ts';
import type { Log, Records } from './stores/records.ts';

/** A provider's answers are short; the longest are its keys. */
const SSO_BYTES = 1024 * 1024;
const SSO_MS = 10_000;

export interface FactorTools {
  config: Config;
  version: string;
  log: Log;
  records: Records;
  sealer: Sealer;
  closing: Closing;
}

/** How people show who they are, and what a password may be. */
export function openFactors(tools: FactorTools): Pick<Hub, 'totp' | 'sso' | 'refusePassword'> {
  const { config, version, log, records, sealer, closing } = tools;
  // What is sent there is meant for one place: no redirect is followed.
  const client = createGuardedClient({
    userAgent: `Vedette/${version}`,
    allowPrivate: config.outboundAllow,
    timeoutMs: SSO_MS,
    maxBytes: SSO_BYTES,
    maxRedirects: 0,
  });
  closing.add('calls about log-ins', () => client.close());
  return {
    totp: createTotpDesk({ factors: records.factors, sealer, now: Date.now }),
    sso: providerOf(config, client),
    refusePassword: passwordRules(config, client, log),
  };
}

function providerOf(config: Config, client: GuardedClient): SsoProvider | null {
  const { oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret, oidcName: name } = config;
  if (issuer === undefined || clientId === undefined) return null;
  return createSsoProvider({ issuer, clientId, clientSecret, name, client });
}

/** What can be told of a password by itself comes first: of what is refused anyway, nobody else is asked. */
function passwordRules(config: Config, client: GuardedClient, log: Log): Hub['refusePassword'] {
  const url = config.breachedPasswordsUrl;
  if (url === null) return async (password, of) => refusePassword(password, of);
  const breached = createBreachedPasswordCheck({
    client,
    url,
    onUnreachable: (reason) =>
      log.warn({ reason }, 'whether a new password is known from a breach could not be asked; it was taken'),
  });
  return async (password, of) => refusePassword(password, of) ?? breached(password);
}
