import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Ga4Payload, MOST_BODY_BYTES, validatePayload } from './ga4-payload.ts';
import { answerReport, type ReportData } from './ga4-report.ts';
import { answerToken, type IssuedToken } from './google-token.ts';
import { bodyOf, closeServer, listenLocally, type Mode, misbehave, sendJson } from './modes.ts';

/** A call of the Measurement Protocol as it came. */
export interface Collected {
  measurementId: string;
  apiSecret: string;
  bytes: number;
  payload: Ga4Payload;
}

export interface Ga4Emulator extends ReportData {
  /** Of all its services: set VEDETTE_GA4_URL and VEDETTE_GA4_DATA_URL to it. */
  baseUrl: string;
  tokenUrl: string;
  modes: { collect: Mode; debug: Mode; token: Mode; report: Mode };
  /** Streams that exist: the secret by measurement id. Events under another secret are taken, and count nowhere. */
  streams: Map<string, string>;
  /** Everything that was sent to /mp/collect and could be read. */
  collected: Collected[];
  /** Calls, by path. */
  calls: Map<string, number>;
  /** Tokens given out. */
  issued: IssuedToken[];
  /** Service accounts by e-mail, with their public keys. */
  accounts: Map<string, KeyObject>;
  /** Makes a service account; answers with its key file. */
  newAccount(email?: string): string;
  /** Page views of streams that exist, sent under the right secret and valid: what Google's reports would count. */
  counted(): { clientId: string; params: Record<string, unknown>; payload: Ga4Payload }[];
  now: () => number;
  close(): Promise<void>;
}

/** Starts a stand-in for Google Analytics 4 on a free loopback port: collection, validation, tokens, Data API. */
export async function startGa4(): Promise<Ga4Emulator> {
  const server = createServer((request, response) => void answer(emulator, request, response));
  const baseUrl = await listenLocally(server);
  const emulator: Ga4Emulator = {
    baseUrl,
    tokenUrl: `${baseUrl}/token`,
    modes: { collect: 'normal', debug: 'normal', token: 'normal', report: 'normal' },
    streams: new Map(),
    collected: [],
    calls: new Map(),
    issued: [],
    accounts: new Map(),
    properties: new Map(),
    quotaTokens: 14_000,
    timeZone: 'Etc/UTC',
    thresholded: false,
    reports: [],
    newAccount(email = `reader@project.iam.example`) {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      emulator.accounts.set(email, publicKey);
      return JSON.stringify({
        type: 'service_account',
        project_id: 'project',
        private_key_id: 'f00d',
        private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
        client_email: email,
        client_id: '1234567890',
        auth_uri: 'https://accounts.google.com/o/oauth2/auth',
        token_uri: 'https://attacker.example/token',
        universe_domain: 'googleapis.com',
      });
    },
    counted() {
      return emulator.collected
        .filter(({ measurementId, apiSecret }) => emulator.streams.get(measurementId) === apiSecret)
        .filter(
          ({ payload, bytes }) => bytes <= MOST_BODY_BYTES && validatePayload(payload, emulator.now()).length === 0,
        )
        .flatMap(({ payload }) =>
          payload.events
            .filter(({ name }) => name === 'page_view')
            .map(({ params }) => ({ clientId: payload.client_id, params, payload })),
        );
    },
    now: Date.now,
    close: () => closeServer(server),
  };
  return emulator;
}

async function answer(emulator: Ga4Emulator, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', emulator.baseUrl);
  const body = await bodyOf(request);
  emulator.calls.set(url.pathname, (emulator.calls.get(url.pathname) ?? 0) + 1);
  if (request.method !== 'POST') {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Error 404 (Not Found)!!1</title>');
  } else if (url.pathname === '/mp/collect') {
    if (!misbehave(emulator.modes.collect, response)) collect(emulator, url, body, response);
  } else if (url.pathname === '/debug/mp/collect') {
    if (!misbehave(emulator.modes.debug, response)) validate(emulator, body, response);
  } else if (url.pathname === '/token') {
    if (!misbehave(emulator.modes.token, response)) answerToken(emulator, request, body, response);
  } else if (/^\/v1beta\/properties\/[^/:]+:runReport$/.test(url.pathname)) {
    if (!misbehave(emulator.modes.report, response)) answerReport(emulator, url, request, body, response);
  } else {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Error 404 (Not Found)!!1</title>');
  }
}

/** Whatever was sent: 204 without a body. That an event was wrong is never said here. */
function collect(emulator: Ga4Emulator, url: URL, body: string, response: ServerResponse): void {
  const measurementId = url.searchParams.get('measurement_id') ?? '';
  const apiSecret = url.searchParams.get('api_secret') ?? '';
  try {
    const payload = JSON.parse(body) as Ga4Payload;
    emulator.collected.push({ measurementId, apiSecret, bytes: Buffer.byteLength(body), payload });
  } catch {
    // It is not told.
  }
  response.writeHead(204).end();
}

/** The secret is not looked at, as with Google's own. */
function validate(emulator: Ga4Emulator, body: string, response: ServerResponse): void {
  try {
    sendJson(response, 200, { validationMessages: validatePayload(JSON.parse(body) as Ga4Payload, emulator.now()) });
  } catch {
    const description = 'Unable to parse Measurement Protocol JSON payload.';
    sendJson(response, 200, { validationMessages: [{ description, validationCode: 'VALUE_INVALID' }] });
  }
}
