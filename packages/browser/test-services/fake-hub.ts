import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Beacon, NewConsent, Site } from '@vedette/contract';
import messages from '../../contract/messages/consent.json' with { type: 'json' };

const DIST = join(import.meta.dirname, '../dist');
export const script = (): Buffer => readFileSync(join(DIST, 'vedette.js'));
const styles = (): Buffer => readFileSync(join(DIST, 'banner.css'));

export interface FakeHub {
  url: string;
  /** Overrides of what a site is told. */
  site: Partial<Site>;
  beacons: Beacon[];
  consents: NewConsent[];
  /** Languages asked for. */
  asked: string[];
  /** Whether it answers nothing, as if its process were gone; the script comes from a cache then. */
  down: boolean;
  close(): Promise<void>;
}

/** The public side of a hub over real HTTP, which remembers what arrives. */
export async function startFakeHub(): Promise<FakeHub> {
  const server = createServer((request, response) => void answer(request, response));
  const hub: FakeHub = {
    url: '',
    site: {},
    beacons: [],
    consents: [],
    asked: [],
    down: false,
    close: () => stop(server),
  };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', hub.url);
    if (hub.down && !url.pathname.startsWith('/browser/')) return void request.socket.destroy();
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    if (url.pathname.endsWith('/vedette.js'))
      return void response.writeHead(200, { 'content-type': 'text/javascript' }).end(script());
    if (url.pathname.endsWith('/banner.css'))
      return void response.writeHead(200, { 'content-type': 'text/css' }).end(styles());
    if (url.pathname === '/api/v1/site') {
      const language = url.searchParams.get('language') ?? '';
      hub.asked.push(language);
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...siteIn(language), ...hub.site }));
    }
    const body = await text(request);
    if (url.pathname === '/api/v1/consent') hub.consents.push(JSON.parse(body) as NewConsent);
    if (url.pathname === '/api/v1/interactions') hub.beacons.push(JSON.parse(body) as Beacon);
    response.writeHead(url.pathname === '/api/v1/consent' ? 204 : 202).end();
  }
  hub.url = await listen(server);
  return hub;
}

function siteIn(asked: string): Site {
  const language = (['de', 'fr'] as const).find((one) => asked.startsWith(one)) ?? 'en';
  const words = messages[language];
  return {
    domain: '127.0.0.1',
    banner: true,
    purposes: ['analytical', 'marketing'],
    language,
    text_version: createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16),
    text: words,
    policy_url: 'https://www.example.com/privacy',
    honour_dnt: false,
    ask_again_days: 180,
    tags: { ga4: null, clarity: null },
  };
}

export interface FakeSite {
  url: string;
  /** Headers of its pages, a content security policy say. */
  headers: Record<string, string>;
  /** Of the script tag, where the policy asks for one. */
  nonce: string;
  /** HTML of its pages before and after the script tag. */
  head: string;
  body: string;
  language: string;
  close(): Promise<void>;
}

/** A site whose every path is a page with the script's tag. `tags`: how often. */
export async function startFakeSite(hub: FakeHub, tags = 1): Promise<FakeSite> {
  const integrity = `sha384-${createHash('sha384').update(script()).digest('base64')}`;
  const tag = () =>
    `<script nonce="${site.nonce}" defer src="${hub.url}/browser/0.1.0-00000000/vedette.js" integrity="${integrity}" crossorigin="anonymous" data-domain="127.0.0.1"></script>`;
  const server = createServer((request, response) => {
    if (request.url === '/favicon.ico') return void response.writeHead(204).end();
    response.writeHead(200, { 'content-type': 'text/html', ...site.headers });
    response.end(
      `<!doctype html><html lang="${site.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A site</title>${site.head}${tag().repeat(tags)}</head><body><main>${site.body}</main></body></html>`,
    );
  });
  const site: FakeSite = {
    url: '',
    headers: {},
    nonce: '',
    head: '',
    body: '<h1>Hello</h1><p>Some words.</p>',
    language: 'en',
    close: () => stop(server),
  };
  site.url = await listen(server);
  return site;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
