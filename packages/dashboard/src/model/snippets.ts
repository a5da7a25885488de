import { fluentBitSnippet, openTelemetrySnippets, vectorSnippet } from './snippets/agents.ts';
import { appSnippets } from './snippets/apps.ts';
import { curlSnippets, fileSnippets } from './snippets/by-hand.ts';
import type { Fill, Snippet } from './snippets/fill.ts';
import { caddySnippets, haproxySnippets, nginxSnippets, traefikSnippets } from './snippets/servers.ts';
import type { RequestWay } from './ways.ts';

const SNIPPETS: Record<RequestWay, (fill: Fill) => Snippet[]> = {
  express: (fill) => appSnippets('express', fill),
  fastify: (fill) => appSnippets('fastify', fill),
  koa: (fill) => appSnippets('koa', fill),
  hono: (fill) => appSnippets('hono', fill),
  node: (fill) => appSnippets('node', fill),
  nginx: nginxSnippets,
  haproxy: haproxySnippets,
  caddy: caddySnippets,
  traefik: traefikSnippets,
  vector: (fill) => [vectorSnippet(fill)],
  'fluent-bit': (fill) => [fluentBitSnippet(fill)],
  opentelemetry: openTelemetrySnippets,
  curl: curlSnippets,
  file: fileSnippets,
};

/** What to copy for a way, in the order it is done. */
export function snippetsOf(way: RequestWay, fill: Fill): Snippet[] {
  return SNIPPETS[way](fill);
}

/** Whether a way has any use for a key. */
export function needsKey(way: RequestWay): boolean {
  const fill = { url: 'http://hub', key: 'KEY', tenant: 'tenant', installation: false };
  return snippetsOf(way, fill).some(({ code }) => code.includes(fill.key));
}
