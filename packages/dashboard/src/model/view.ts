import { type Chip, DEFAULT_CHIPS, formatChip, parseChip } from './chip.ts';
import { PRESETS, type Preset, type Range } from './range.ts';
import { encode } from './search.ts';

/** What the screen shows; all of it is in the address bar, so that it can be shared and the back button works. */
export interface View {
  /** Slug; null: the first tenant there is. */
  tenant: string | null;
  range: Range;
  chips: readonly Chip[];
  /** Whether everything is counted, where a sample of it would answer sooner. */
  exact: boolean;
}

/** The parameters that say it. */
const OWN = ['tenant', 'range', 'from', 'to', 'where', 'sampling'];

/** Reads the query part of an address. Other than a filter, what it does not understand is left out. */
export function parseView(search: string): View {
  const parameters = new URLSearchParams(search);
  const written = parameters.getAll('where');
  const chips = written.filter((text) => text.trim() !== '').map((text) => parseChip(text) ?? unreadable(text));
  return {
    tenant: parameters.get('tenant') || null,
    range: parseRange(parameters),
    chips: written.length === 0 ? DEFAULT_CHIPS : chips,
    exact: parameters.get('sampling') === 'none',
  };
}

// Left out, a filter would let everything through without a word: the hub shall say what is wrong with it.
function unreadable(text: string): Chip {
  return { field: text.trim().replace(/=+$/, ''), operator: '=', value: '' };
}

function parseRange(parameters: URLSearchParams): Range {
  const preset = parameters.get('range');
  if (preset !== null && (PRESETS as readonly string[]).includes(preset)) {
    return { kind: 'preset', preset: preset as Preset };
  }
  const from = Date.parse(parameters.get('from') ?? '');
  const to = Date.parse(parameters.get('to') ?? '');
  return from < to ? { kind: 'custom', from, to } : { kind: 'auto' };
}

/** The parameters of an address that say a range; null for those it must not have. */
export function rangeParameters(range: Range): Record<'range' | 'from' | 'to', string | null> {
  const at = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
  const custom = range.kind === 'custom';
  return {
    range: range.kind === 'preset' ? range.preset : null,
    from: custom ? at(range.from) : null,
    to: custom ? at(range.to) : null,
  };
}

/**
 * The query part of the address of a view: `?…`, or '' for the plain screen. What the query `kept` says that is none of the
 * view's stays in it, behind.
 */
export function formatView({ tenant, range, chips, exact }: View, kept = ''): string {
  const parts: string[] = [];
  const add = (name: string, value: string) => parts.push(`${name}=${encode(value)}`);
  if (tenant !== null) add('tenant', tenant);
  for (const [name, value] of Object.entries(rangeParameters(range))) if (value !== null) add(name, value);
  if (!isDefault(chips)) {
    if (chips.length === 0) add('where', '');
    for (const chip of chips) add('where', formatChip(chip));
  }
  if (exact) add('sampling', 'none');
  for (const [name, value] of new URLSearchParams(kept)) if (!OWN.includes(name) && value !== '') add(name, value);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** true when the chips are the ones of a plain screen. */
export function isDefault(chips: readonly Chip[]): boolean {
  return chips.map(formatChip).join('\n') === DEFAULT_CHIPS.map(formatChip).join('\n');
}
