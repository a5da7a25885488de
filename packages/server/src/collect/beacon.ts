import { InteractionEvent } from '@vedette/contract';
import { Compile } from 'typebox/compile';
import { type EventReading, type InteractionKind, type RawInteraction, VITALS } from '../model/interaction.ts';

const schema = Compile(InteractionEvent);
const NAMED = new Set<InteractionKind>(['click', 'outbound', 'vital', 'custom']);
const VALUED = new Set<InteractionKind>(['vital', 'click', 'custom']);
const MOST_NAME = 120;
/** ms; what is slower was not measured but left open. A layout shift has no unit, and is far below. */
const MOST_VITAL = 600_000;

/**
 * The events of a beacon. Each is looked at by itself: one that is wrong is told by its index, and the others are
 * taken. Reasons name fields, never what stood in them.
 */
export function readEvents(values: readonly unknown[]): EventReading {
  const reading: EventReading = { events: [], rejected: [] };
  for (const [index, value] of values.entries()) {
    const event = readEvent(value);
    if (typeof event === 'string') reading.rejected.push({ index, reason: event });
    else reading.events.push(event);
  }
  return reading;
}

function readEvent(value: unknown): RawInteraction | string {
  if (!schema.Check(value)) return explain(value);
  const wire = value as InteractionEvent;
  const { kind } = wire;
  const name = NAMED.has(kind) ? plainName(kind === 'outbound' ? hostOf(wire.name ?? '') : (wire.name ?? '')) : '';
  if (NAMED.has(kind) && name === '') return kind === 'outbound' ? 'name: must be a host' : 'name: is missing';
  if (kind === 'vital') {
    if (!VITALS.includes(name)) return `name: a vital is one of ${VITALS.join(', ')}`;
    if (wire.value === undefined || wire.value < 0 || wire.value > MOST_VITAL) {
      return `value: of a vital must be from 0 to ${MOST_VITAL}`;
    }
  }
  const [path = '', inPath = ''] = splitAt(withoutFragment(wire.path), '?');
  return {
    id: wire.id,
    kind,
    age: wire.age,
    path,
    query: withoutFragment((wire.query ?? inPath).replace(/^\?/, '')),
    referrer: wire.referrer ?? '',
    name,
    value: VALUED.has(kind) ? (wire.value ?? null) : null,
  };
}

function explain(value: unknown): string {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'an event must be an object';
  const [first] = schema.Errors(value);
  const { instancePath = '', message = 'is wrong', keyword = '', params = {} } = first ?? {};
  const missing =
    keyword === 'required' ? String((params as { requiredProperties?: string[] }).requiredProperties) : '';
  return `${instancePath.slice(1) || missing || 'event'}: ${message}`;
}

/** Without characters that no name needs, and no longer than is counted. */
export function plainName(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, MOST_NAME);
}

/** The host of a link, given as a URL or as the host alone; '' for anything else. */
export function hostOf(text: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : '';
}

function withoutFragment(text: string): string {
  return splitAt(text, '#')[0] as string;
}

function splitAt(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
