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

const COLUMNS = [
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

/** Pages of choices as lines of JSON, each a ConsentRecord. */
export async function* asNdjson(pages: AsyncIterable<Choice[]>): AsyncGenerator<string> {
  for await (const page of pages) yield page.map((choice) => `${JSON.stringify(showChoice(choice))}\n`).join('');
}

/** Pages of choices as CSV (RFC 4180) with a line of names first. */
export async function* asCsv(pages: AsyncIterable<Choice[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const page of pages) {
    yield page
      .map((choice) => {
        const { choices, asked, ...rest } = showChoice(choice);
        const values = { ...rest, ...choices, asked: asked.join(' ') };
        return `${COLUMNS.map((name) => csvCell(String(values[name] ?? ''))).join(',')}\r\n`;
      })
      .join('');
  }
}

/** Quoted where it has to be; what a spreadsheet would take for a formula gets a quote in front. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
