import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

/**
 * Refuses calls with a text that no store can hold: with U+0000, which PostgreSQL takes in no text, or with half of a
 * surrogate pair, which is no UTF-8. Throws a ProblemError 400 `invalid` that names the place, not the text.
 */
export function refuseImpossibleText({ params, query, body }: FastifyRequest): void {
  for (const [part, value] of Object.entries({ params, query, body })) {
    const place = find(value, part);
    if (place === null) continue;
    const reason = 'holds U+0000 or half of a surrogate pair, which no text may';
    throw new ProblemError(400, 'invalid', `${place}: ${reason}`, { errors: [{ name: place, reason }] });
  }
}

/** Where the first such text is, as names joined by dots; null: nowhere. Bodies that are streams are not looked into. */
function find(value: unknown, place: string): string | null {
  if (typeof value === 'string') return isPossible(value) ? null : place;
  if (value === null || typeof value !== 'object') return null;
  if (value instanceof Readable || ArrayBuffer.isView(value)) return null;
  for (const [name, item] of Object.entries(value)) {
    if (!isPossible(name)) return place;
    const found = find(item, `${place}.${name.slice(0, 60)}`);
    if (found !== null) return found;
  }
  return null;
}

function isPossible(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
