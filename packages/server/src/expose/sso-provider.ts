import type { SsoError } from '@vedette/contract';
import * as oidc from 'openid-client';
import { type GuardedClient } from '../flow/guarded-client.ts';
import { guardedFetch } from '../flow/guarded-fetch.ts';
import { causesOf } from '../model/causes.ts';
import { Fault } from '../model/fault.ts';
import { challengePart } from './challenge.ts';

/** How long the provider's document is believed. Keys are asked for at each log-in, so that a rotation is no trouble. */
const DOCUMENT_MS = 10 * 60_000;
const TIMEOUT_S = 10;
const CLOCK_TOLERANCE_S = 30;
const SCOPE = 'openid email profile';
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,189}$/;

/** Who the provider says somebody is. The e-mail address is in lower case, and verified by the provider. */
export interface SsoPerson {
  issuer: string;
  subject: string;
  email: string;
  /** '' where the provider tells none. */
  name: string;
}

/** Why somebody cannot log in this way. `detail` is for the log: parts of it may be the provider's words. */
export interface SsoRefusal {
  refused: SsoError;
  detail: string;
}

export interface SsoProviderOptions {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  name: string;
  /** Follows no redirects. */
  client: Pick<GuardedClient, 'get' | 'post'>;
  now?: () => number;
}

/** An OpenID provider: authorization code with PKCE (S256), state and nonce. */
export interface SsoProvider {
  readonly name: string;
  /** Where the browser is sent to log in. Refusal: `sso-unreachable`. */
  begin(token: string, redirectUri: string): Promise<URL | SsoRefusal>;
  /** Who came back. `callback`: the redirect URI with what the provider added. */
  finish(token: string, callback: URL): Promise<SsoPerson | SsoRefusal>;
}

export function createSsoProvider(options: SsoProviderOptions): SsoProvider {
  const { issuer, clientId, clientSecret, client, now = Date.now } = options;
  const fetch = guardedFetch(client) as oidc.CustomFetch;
  const insecure = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
  let document: { metadata: oidc.ServerMetadata; until: number } | null = null;

  async function metadata(): Promise<oidc.ServerMetadata> {
    if (document !== null && now() < document.until) return document.metadata;
    const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), {
      [oidc.customFetch]: fetch,
      timeout: TIMEOUT_S,
      execute: insecure,
    });
    document = { metadata: found.serverMetadata(), until: now() + DOCUMENT_MS };
    return document.metadata;
  }

  async function configuration(): Promise<oidc.Configuration> {
    const server = { ...(await metadata()) };
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const basic = methods.includes('client_secret_basic');
    const how = basic ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
    const authentication = clientSecret === undefined ? oidc.None() : how(clientSecret);
    const config = new oidc.Configuration(
      server,
      clientId,
      { [oidc.clockTolerance]: CLOCK_TOLERANCE_S },
      authentication,
    );
    config[oidc.customFetch] = fetch;
    config.timeout = TIMEOUT_S;
    for (const allow of insecure) allow(config);
    // TLS already says whose token it is; the signature is checked besides.
    oidc.enableNonRepudiationChecks(config);
    return config;
  }

  return {
    name: options.name,
    async begin(token, redirectUri) {
      try {
        return oidc.buildAuthorizationUrl(await configuration(), {
          redirect_uri: redirectUri,
          scope: SCOPE,
          state: challengePart(token, 'sso state'),
          nonce: challengePart(token, 'sso nonce'),
          code_challenge: await oidc.calculatePKCECodeChallenge(challengePart(token, 'sso verifier')),
          code_challenge_method: 'S256',
        });
      } catch (error) {
        return { refused: 'sso-unreachable', detail: reasonOf(error) };
      }
    },
    async finish(token, callback) {
      try {
        const config = await configuration();
        const tokens = await oidc.authorizationCodeGrant(config, callback, {
          expectedState: challengePart(token, 'sso state'),
          expectedNonce: challengePart(token, 'sso nonce'),
          pkceCodeVerifier: challengePart(token, 'sso verifier'),
        });
        const claims = tokens.claims() as oidc.IDToken;
        const told = await withUserInfo(config, tokens.access_token, claims);
        return personOf(issuer, claims.sub, told);
      } catch (error) {
        return explain(error);
      }
    },
  };
}

/** Some providers tell of the person in the ID token, some only when they are asked. */
async function withUserInfo(
  config: oidc.Configuration,
  accessToken: string,
  claims: oidc.IDToken,
): Promise<Record<string, unknown>> {
  const complete = claims.email !== undefined && claims.email_verified !== undefined;
  if (complete || config.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...claims, ...(await oidc.fetchUserInfo(config, accessToken, claims.sub)) };
}

function personOf(issuer: string, subject: string, claims: Record<string, unknown>): SsoPerson | SsoRefusal {
  const email = typeof claims.email === 'string' ? claims.email.trim().toLowerCase() : '';
  if (!EMAIL.test(email)) {
    return { refused: 'sso-unverified-email', detail: 'the provider tells no e-mail address' };
  }
  // Some providers write it as a text.
  if (claims.email_verified !== true && claims.email_verified !== 'true') {
    return { refused: 'sso-unverified-email', detail: 'the provider has not verified the e-mail address' };
  }
  const name =
    typeof claims.name === 'string'
      ? claims.name
          .replace(/[\p{Cc}\s]+/gu, ' ')
          .trim()
          .slice(0, 200)
      : '';
  return { issuer, subject, email, name };
}

function explain(error: unknown): SsoRefusal {
  const detail = reasonOf(error);
  if (error instanceof oidc.AuthorizationResponseError) {
    return { refused: error.error === 'access_denied' ? 'sso-cancelled' : 'sso-failed', detail };
  }
  const timeout = error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT';
  return { refused: timeout || faultOf(error) !== null ? 'sso-unreachable' : 'sso-failed', detail };
}

/** The fault of an outside call, which the library wraps. */
function faultOf(error: unknown): Fault | null {
  for (const cause of causesOf(error)) if (cause instanceof Fault) return cause;
  return null;
}

/** One bounded line for the log. */
function reasonOf(error: unknown): string {
  const fault = faultOf(error);
  if (fault !== null) return fault.message;
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return clean(`${error.error}: ${error.error_description ?? 'the provider gives no reason'}`);
  }
  const { message, cause } = error as Error;
  return clean(cause instanceof Error && cause.message !== message ? `${message}: ${cause.message}` : message);
}

const clean = (text: string): string => text.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 300);
