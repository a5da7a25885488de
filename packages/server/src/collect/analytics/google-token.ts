import { createHash, createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { answerJson, fieldsOf, numberOf, type ProviderCalls, wordsOf } from '../../flow/provider-calls.ts';
import { Fault } from '../../model/fault.ts';
import type { Refusal } from '../../model/request.ts';

const SCOPE = 'https://www.googleapis.com/auth/analytics.readonly';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const PROVIDER = 'Google’s token service';
/** The longest that Google lets an assertion be valid for. */
const ASSERTION_SECONDS = 3600;
/** A token is not used in its last minute, so that it does not run out on the way. */
const MARGIN_MS = 60_000;
const MOST_TOKENS = 1000;

/** The part of a service account's key file that is needed. */
export interface ServiceAccount {
  email: string;
  keyId: string;
  key: KeyObject;
}

/**
 * Reads the JSON key file of a Google service account. Its own `token_uri` is not looked at: whoever can set a secret
 * must not choose where the hub sends it. Refusals: `bad-secret`, which never quote the file.
 */
export function readServiceAccount(text: string): ServiceAccount | Refusal {
  const refuse = (detail: string): Refusal => ({ refused: 'bad-secret', detail: `service_account ${detail}` });
  let fields: Record<string, unknown>;
  try {
    fields = fieldsOf(JSON.parse(text));
  } catch {
    return refuse('is not JSON; paste the whole key file that Google Cloud gave out');
  }
  if (fields.type !== 'service_account') return refuse('is not the key file of a service account (its type says so)');
  const { client_email: email, private_key: pem, private_key_id: keyId } = fields;
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email)) return refuse('has no client_email');
  if (typeof pem !== 'string') return refuse('has no private_key');
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'rsa') return refuse('has a private_key that is not RSA');
    return { email, keyId: typeof keyId === 'string' ? keyId : '', key };
  } catch {
    return refuse('has a private_key that cannot be read');
  }
}

/** Access tokens for the Data API, kept until they run out. */
export interface GoogleTokens {
  /**
   * A token for the account. Faults: those of the calls; `provider-refused` when Google does not accept the account,
   * `provider-limited` when it was asked too often, `provider-answer`.
   */
  token(account: ServiceAccount, tenantId: string, signal?: AbortSignal): Promise<string>;
  /** Forgets a token that was refused. */
  drop(token: string): void;
}

/** `url` is Google's token endpoint, and the audience of what is signed. `now` answers ms since the epoch. */
export function createGoogleTokens(calls: ProviderCalls, url: string, now: () => number = Date.now): GoogleTokens {
  const kept = new LRUCache<string, { token: string; until: number }>({ max: MOST_TOKENS });
  // By the key, too: a key file that was replaced must not live on in an old token.
  const nameOf = ({ email, keyId, key }: ServiceAccount, tenantId: string) =>
    createHash('sha256')
      .update(JSON.stringify([tenantId, email, keyId]))
      .update(key.export({ format: 'der', type: 'pkcs8' }))
      .digest('base64');
  return {
    async token(account, tenantId, signal) {
      const name = nameOf(account, tenantId);
      const known = kept.get(name);
      if (known !== undefined && known.until > now()) return known.token;
      const fresh = await fetchToken(calls, { account, tenantId, url, signal }, now());
      kept.set(name, fresh);
      return fresh.token;
    },
    drop(token) {
      for (const [name, known] of kept.entries()) if (known.token === token) kept.delete(name);
    },
  };
}

interface TokenQuestion {
  account: ServiceAccount;
  tenantId: string;
  url: string;
  signal: AbortSignal | undefined;
}

async function fetchToken(
  calls: ProviderCalls,
  { account, tenantId, url, signal }: TokenQuestion,
  nowMs: number,
): Promise<{ token: string; until: number }> {
  const body = new URLSearchParams({ grant_type: GRANT, assertion: signAssertion(account, url, nowMs) });
  const answer = await calls.call({
    provider: PROVIDER,
    tenantId,
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
    maxBytes: 64 * 1024,
    signal,
  });
  if (answer.status === 429) throw new Fault('provider-limited', `${PROVIDER} was asked too often`);
  const fields = fieldsOf(answerJson(PROVIDER, answer));
  if (answer.status !== 200) {
    const reason = [wordsOf(fields.error), wordsOf(fields.error_description)].filter((text) => text !== '').join(': ');
    throw new Fault(
      'provider-refused',
      `${PROVIDER} refused the service account: ${reason || `status ${answer.status}`}`,
    );
  }
  const { access_token: token } = fields;
  const seconds = numberOf(fields.expires_in);
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(token) || seconds === null) {
    throw new Fault('provider-answer', `${PROVIDER} answered without a token`);
  }
  return { token, until: nowMs + Math.min(seconds, ASSERTION_SECONDS) * 1000 - MARGIN_MS };
}

/** The assertion of RFC 7523, signed RS256 (RFC 7518 §3.3). */
function signAssertion({ email, keyId, key }: ServiceAccount, audience: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000);
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId === '' ? {} : { kid: keyId }) };
  const claims = { iss: email, scope: SCOPE, aud: audience, iat: issued, exp: issued + ASSERTION_SECONDS };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(header)}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key).toString('base64url')}`;
}
