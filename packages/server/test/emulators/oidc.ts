import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { bodyOf, closeServer, listenLocally, type Mode, misbehave, sendJson } from './modes.ts';

const ID_TOKEN_S = 300;
const CODE_MS = 60_000;

/** Ways in which a provider, or somebody between, does not do what was asked. */
export type OidcOddity =
  | 'wrong-nonce'
  | 'no-nonce'
  | 'expired'
  | 'wrong-audience'
  | 'wrong-issuer'
  | 'forged-signature'
  | 'alg-none'
  | 'wrong-state'
  | 'other-subject-in-userinfo'
  | 'cancelled'
  | 'login-required'
  | 'server-error';

export interface OidcPerson {
  sub: string;
  email?: string;
  email_verified?: boolean | string;
  name?: string;
}

export interface OidcEmulator {
  issuer: string;
  mode: Mode;
  clientId: string;
  /** null: a public client. */
  clientSecret: string | null;
  /** How the client may show its secret; undefined: the document does not say. */
  authMethods: string[] | undefined;
  /** Who is logged in at the provider and consents. */
  person: OidcPerson;
  /** Where the claims about the person are. */
  claimsIn: 'id-token' | 'userinfo';
  odd: OidcOddity | null;
  /** Paths that were called, in order. */
  asked: string[];
  /** New keys; those before are not told any more. */
  rotateKeys(): void;
  close(): Promise<void>;
}

interface Grant {
  nonce: string | null;
  challenge: string | null;
  redirectUri: string;
  person: OidcPerson;
  until: number;
}

interface Keys {
  kid: string;
  privateKey: KeyObject;
  jwk: object;
}

interface State {
  keys: Keys;
  grants: Map<string, Grant>;
  tokens: Map<string, OidcPerson>;
}

/** Starts an OpenID provider on a free loopback port. It consents at once, unless told otherwise. */
export async function startOidc(): Promise<OidcEmulator> {
  const state: State = { keys: newKeys(), grants: new Map(), tokens: new Map() };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', emulator.issuer);
    emulator.asked.push(url.pathname);
    if (misbehave(emulator.mode, response)) return;
    answer(emulator, state, request, url, response).catch(() => response.destroy());
  });
  const emulator: OidcEmulator = {
    issuer: await listenLocally(server),
    mode: 'normal',
    clientId: 'vedette',
    clientSecret: 'a secret: of %the client',
    authMethods: ['client_secret_basic'],
    person: { sub: 'anna-1', email: 'anna@example.org', email_verified: true, name: 'Anna Example' },
    claimsIn: 'id-token',
    odd: null,
    asked: [],
    rotateKeys: () => {
      state.keys = newKeys();
    },
    close: () => closeServer(server),
  };
  return emulator;
}

function newKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(6).toString('hex');
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } };
}

async function answer(
  emulator: OidcEmulator,
  state: State,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  switch (`${request.method} ${url.pathname}`) {
    case 'GET /.well-known/openid-configuration':
      return sendJson(response, 200, documentOf(emulator));
    case 'GET /jwks':
      return sendJson(response, 200, { keys: [state.keys.jwk] });
    case 'GET /authorize':
      return authorize(emulator, state, url, response);
    case 'POST /token':
      return token(emulator, state, request, response);
    case 'GET /userinfo':
      return userinfo(emulator, state, request, response);
    default:
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not Found');
  }
}

/** OpenID Connect Discovery 1.0, 3. */
function documentOf({ issuer, authMethods }: OidcEmulator): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    userinfo_endpoint: `${issuer}/userinfo`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    code_challenge_methods_supported: ['S256'],
    ...(authMethods === undefined ? {} : { token_endpoint_auth_methods_supported: authMethods }),
  };
}

function authorize(emulator: OidcEmulator, { grants }: State, url: URL, response: ServerResponse): void {
  const asked = url.searchParams;
  const redirectUri = asked.get('redirect_uri') ?? '';
  if (asked.get('client_id') !== emulator.clientId || !URL.canParse(redirectUri)) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('unknown client or redirect_uri');
    return;
  }
  const back = new URL(redirectUri);
  const go = (parameters: Record<string, string>) => {
    const state = emulator.odd === 'wrong-state' ? 'another' : (asked.get('state') ?? '');
    for (const [name, value] of Object.entries({ ...parameters, state })) back.searchParams.set(name, value);
    response.writeHead(302, { location: back.href }).end();
  };
  if (emulator.odd === 'cancelled') return go({ error: 'access_denied', error_description: 'The user said no' });
  if (emulator.odd === 'login-required') return go({ error: 'login_required' });
  if (emulator.odd === 'server-error') return go({ error: 'server_error', error_description: '<b>boom</b>' });
  if (asked.get('response_type') !== 'code' || !(asked.get('scope') ?? '').split(' ').includes('openid')) {
    return go({ error: 'invalid_request' });
  }
  if (asked.get('code_challenge_method') !== 'S256') return go({ error: 'invalid_request' });
  const code = randomBytes(16).toString('base64url');
  grants.set(code, {
    nonce: asked.get('nonce'),
    challenge: asked.get('code_challenge'),
    redirectUri,
    person: emulator.person,
    until: Date.now() + CODE_MS,
  });
  go({ code });
}

async function token(
  emulator: OidcEmulator,
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const refuse = (status: number, error: string) => sendJson(response, status, { error });
  if (!isClient(emulator, request.headers.authorization, form)) return refuse(401, 'invalid_client');
  const code = form.get('code') ?? '';
  const grant = state.grants.get(code);
  state.grants.delete(code);
  const verifier = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  const good =
    form.get('grant_type') === 'authorization_code' &&
    grant !== undefined &&
    grant.until > Date.now() &&
    grant.redirectUri === form.get('redirect_uri') &&
    grant.challenge === verifier;
  if (!good) return refuse(400, 'invalid_grant');
  const access = randomBytes(24).toString('base64url');
  state.tokens.set(access, grant.person);
  sendJson(response, 200, {
    access_token: access,
    token_type: 'Bearer',
    expires_in: ID_TOKEN_S,
    scope: 'openid email profile',
    id_token: idToken(emulator, state, grant),
  });
}

/** RFC 6749, 2.3.1: by Basic, both parts form-encoded, or in the form; a public client shows its id alone. */
function isClient(
  { clientId, clientSecret, authMethods = ['client_secret_basic'] }: OidcEmulator,
  header: string | undefined,
  form: URLSearchParams,
): boolean {
  if (clientSecret === null) return header === undefined && form.get('client_id') === clientId;
  if (header === undefined) {
    return (
      authMethods.includes('client_secret_post') &&
      form.get('client_id') === clientId &&
      form.get('client_secret') === clientSecret
    );
  }
  const plain = Buffer.from(/^Basic (\S+)$/.exec(header)?.[1] ?? '', 'base64').toString('utf8');
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  const colon = plain.indexOf(':');
  return (
    authMethods.includes('client_secret_basic') &&
    decode(plain.slice(0, colon)) === clientId &&
    decode(plain.slice(colon + 1)) === clientSecret
  );
}

function idToken({ issuer, clientId, odd, claimsIn }: OidcEmulator, { keys }: State, { nonce, person }: Grant): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: odd === 'wrong-issuer' ? 'https://elsewhere.example' : issuer,
    aud: odd === 'wrong-audience' ? 'somebody-else' : clientId,
    iat: odd === 'expired' ? now - 2 * ID_TOKEN_S : now,
    exp: odd === 'expired' ? now - ID_TOKEN_S : now + ID_TOKEN_S,
    ...(odd === 'no-nonce' || nonce === null ? {} : { nonce: odd === 'wrong-nonce' ? `${nonce}x` : nonce }),
    ...(claimsIn === 'id-token' ? person : { sub: person.sub }),
  };
  const head = odd === 'alg-none' ? { alg: 'none' } : { alg: 'RS256', kid: keys.kid, typ: 'JWT' };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part(head)}.${part(claims)}`;
  if (odd === 'alg-none') return `${signed}.`;
  const key = odd === 'forged-signature' ? newKeys().privateKey : keys.privateKey;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

function userinfo({ odd }: OidcEmulator, { tokens }: State, request: IncomingMessage, response: ServerResponse): void {
  const person = tokens.get(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
  if (person === undefined) {
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    return;
  }
  sendJson(response, 200, odd === 'other-subject-in-userinfo' ? { ...person, sub: 'mallory' } : person);
}
