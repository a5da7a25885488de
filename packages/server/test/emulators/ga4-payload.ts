export const MOST_BODY_BYTES = 130_000;

/** A body of the Measurement Protocol. */
export interface Ga4Payload {
  client_id: string;
  timestamp_micros?: number;
  consent?: { ad_user_data?: string; ad_personalization?: string };
  events: { name: string; timestamp_micros?: number; params: Record<string, unknown> }[];
}

export interface ValidationMessage {
  fieldPath?: string;
  description: string;
  validationCode: string;
}

const FIELDS = new Set([
  'client_id',
  'user_id',
  'timestamp_micros',
  'user_properties',
  'user_data',
  'consent',
  'non_personalized_ads',
  'user_location',
  'ip_override',
  'device',
  'user_agent',
  'validation_behavior',
  'events',
]);
const RESERVED = new Set([
  'ad_click',
  'ad_impression',
  'first_visit',
  'first_open',
  'session_start',
  'user_engagement',
]);
const LONGEST: Record<string, number> = { page_location: 1000, page_referrer: 420, page_title: 300 };
const BACKDATE_MS = 72 * 3_600_000;

/** What Google's validation says of a body; nothing when it is right. */
export function validatePayload(payload: Ga4Payload, now: number): ValidationMessage[] {
  const messages: ValidationMessage[] = [];
  const say = (fieldPath: string, description: string, validationCode: string) =>
    messages.push({ fieldPath, description, validationCode });
  for (const field of Object.keys(payload)) {
    if (!FIELDS.has(field)) say(field, `Unable to parse: Cannot find field: ${field} in message`, 'VALUE_INVALID');
  }
  if (typeof payload.client_id !== 'string' || payload.client_id === '') {
    say('client_id', 'Measurement requires a client_id.', 'VALUE_REQUIRED');
  }
  checkTime(payload.timestamp_micros, 'timestamp_micros', now, say);
  for (const choice of Object.values(payload.consent ?? {})) {
    if (choice !== 'GRANTED' && choice !== 'DENIED') {
      say('consent', `Unable to parse: invalid value "${choice}" for enum`, 'VALUE_INVALID');
    }
  }
  if (!Array.isArray(payload.events) || payload.events.length === 0) {
    say('events', 'Measurement requires at least one event.', 'VALUE_REQUIRED');
    return messages;
  }
  if (payload.events.length > 25) say('events', 'Measurement has more than 25 events.', 'EXCEEDED_MAX_ENTITIES');
  for (const [index, event] of payload.events.entries()) checkEvent(event, index, now, say);
  return messages;
}

type Say = (fieldPath: string, description: string, validationCode: string) => void;

function checkTime(micros: unknown, path: string, now: number, say: Say): void {
  if (micros === undefined) return;
  if (typeof micros !== 'number' || !Number.isSafeInteger(micros)) {
    say(path, 'timestamp_micros must be an integer.', 'VALUE_INVALID');
  } else if (micros < (now - BACKDATE_MS) * 1000 || micros > (now + 60_000) * 1000) {
    say(path, 'timestamp_micros must be within the last 72 hours.', 'VALUE_OUT_OF_BOUNDS');
  }
}

function checkEvent(event: Ga4Payload['events'][number], index: number, now: number, say: Say): void {
  const at = `Event at index: [${index}]`;
  if (!/^[A-Za-z]\w{0,39}$/.test(event.name)) {
    say(
      'events',
      `${at} has invalid name [${event.name}]. Names must start with an alphabetic character.`,
      'NAME_INVALID',
    );
  }
  if (RESERVED.has(event.name)) {
    say('events', `${at} has name [${event.name}] which is reserved.`, 'NAME_RESERVED');
  }
  checkTime(event.timestamp_micros, 'events.timestamp_micros', now, say);
  const params = Object.entries(event.params ?? {});
  if (params.length > 25) say('events.params', `${at} has more than 25 parameters.`, 'EXCEEDED_MAX_ENTITIES');
  for (const [name, value] of params) {
    if (!/^[A-Za-z]\w{0,39}$/.test(name))
      say('events.params', `${at} has invalid parameter [${name}].`, 'NAME_INVALID');
    if (typeof value === 'string' && value.length > (LONGEST[name] ?? 100)) {
      say('events.params', `${at} has a value that is too long for [${name}].`, 'VALUE_OUT_OF_BOUNDS');
    }
  }
}
