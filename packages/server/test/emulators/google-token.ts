import { createVerify, type KeyObject, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './modes.ts';

const SCOPE = 'https://www.googleapis.com/auth/analytics.readonly';

export interface IssuedToken {
  token: string;
  email: string;
  /** ms since the epoch. */
  until: number;
}

export interface TokenService {
  tokenUrl: string;
  accounts: Map<string, KeyObject>;
  issued: IssuedToken[];
  now: () => number;
}

interface Claims {
  iss?: unknown;
  aud?: unknown;
  scope?: unknown;
  iat?: unknown;
  exp?: unknown;
}

/** Google's OAuth 2.0 token endpoint for RFC 7523 assertions, which it checks as Google does. */
export function answerToken(
  service: TokenService,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const form = new URLSearchParams(body);
  const refuse = (error: string, error_description: string) => sendJson(response, 400, { error, error_description });
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
    return refuse('invalid_request', 'Could not determine the content type of the request.');
  }
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') {
    return refuse('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
  }
  const wrong = checkAssertion(service, form.get('assertion') ?? '');
  if (typeof wrong !== 'string') {
    const token = `ya29.c.${randomBytes(32).toString('base64url')}`;
    service.issued.push({ token, email: wrong.email, until: service.now() + 3_599_000 });
    return sendJson(response, 200, { access_token: token, expires_in: 3599, token_type: 'Bearer' });
  }
  return refuse(wrong.startsWith('Invalid OAuth scope') ? 'invalid_scope' : 'invalid_grant', wrong);
}

function checkAssertion({ tokenUrl, accounts, now }: TokenService, assertion: string): string | { email: string } {
  const [head = '', middle = '', signature = ''] = assertion.split('.');
  const read = (part: string): Claims & { alg?: unknown } => {
    try {
      return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Claims;
    } catch {
      return {};
    }
  };
  const { alg } = read(head);
  const { iss, aud, scope, iat, exp } = read(middle);
  const key = accounts.get(String(iss));
  if (key === undefined) return 'Invalid grant: account not found';
  const verifier = createVerify('RSA-SHA256').update(`${head}.${middle}`);
  if (alg !== 'RS256' || !verifier.verify(key, Buffer.from(signature, 'base64url'))) return 'Invalid JWT Signature.';
  if (aud !== tokenUrl) return 'Invalid JWT: Failed audience check.';
  const seconds = now() / 1000;
  const timely =
    typeof iat === 'number' && typeof exp === 'number' && exp - iat <= 3600 && iat <= seconds + 300 && exp > seconds;
  if (!timely) {
    return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.';
  }
  if (scope !== SCOPE) return 'Invalid OAuth scope or ID token audience provided.';
  return { email: String(iss) };
}
