import { appSnippets } from './snippets/apps.ts';
import { curlSnippets, fileSnippets } from './snippets/by-hand.ts';
import type { Fill, Snippet } from './snippets/fill.ts';
import type { Way } from './ways.ts';

/** What to copy for a way, in the order it is done. */
export function snippetsOf(way: Way, fill: Fill): Snippet[] {
  switch (way) {
    case 'express':
    case 'fastify':
    case 'koa':
    case 'hono':
    case 'node':
      return appSnippets(way, fill);
    case 'file':
      return fileSnippets(fill);
    default:
      return curlSnippets(fill);
  }
}
