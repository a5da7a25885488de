import type { ConsentRecord } from '@vedette/contract';
import type { Choice } from '../stores/records.ts';

/** A choice as the API shows it. */
export function showChoice(choice: Choice): ConsentRecord {
  return {
    id: choice.id,
    time: new Date(choice.time).toISOString(),
    domain: choice.domain,
    proof_id: choice.proofId,
    visitor_id: choice.visitorId,
    choices: { analytical: choice.analytical, marketing: choice.marketing },
    asked: [...choice.asked],
    change: choice.change,
    text_version: choice.textVersion,
    language: choice.language,
    surface: choice.surface,
    gpc: choice.gpc,
  };
}

/** Columns of the evidence as CSV. */
export const COLUMNS = [
  'id',
  'time',
  'domain',
  'proof_id',
  'visitor_id',
  'analytical',
  'marketing',
  'asked',
  'change',
  'text_version',
  'language',
  'surface',
  'gpc',
] as const;
export const CSV = `${COLUMNS.slice(0, 3).join(',')},…\r\n01a2021a-…,2026-11-26T12:00:00.000Z,www.acme.example,…\r\n`;

/** Pages of choices as the API shows them. */
export async function* shownPages(pages: AsyncIterable<Choice[]>): AsyncGenerator<ConsentRecord[]> {
  for await (const page of pages) yield page.map(showChoice);
}

/** The same with what was chosen beside the rest, for CSV. */
export async function* flatPages(pages: AsyncIterable<Choice[]>): AsyncGenerator<object[]> {
  for await (const page of shownPages(pages)) yield page.map(({ choices, ...rest }) => ({ ...rest, ...choices }));
}
