import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';

/** A labelled user agent of a test corpus. Fields that the corpus does not label are absent. */
export interface Labelled {
  userAgent: string;
  bot?: boolean;
  os?: string;
  browser?: string;
  /** The corpus's own device class. */
  device?: string;
  botCategory?: string;
}

type Row = Record<string, never> & {
  user_agent: string;
  is_bot?: boolean;
  bot?: { name: string; category?: string };
  os?: { name?: string; family?: string };
  client?: { type: string; name: string };
  device?: { type: string };
};

function read(directory: string, file: string): string {
  const bytes = readFileSync(join(directory, file));
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function jsonLines(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

function fromRow(file: string, row: Row): Labelled {
  const labelled: Labelled = { userAgent: row.user_agent };
  if (file.startsWith('isbot.')) labelled.bot = row.is_bot;
  else if (file.startsWith('monperrus.') || row.bot) labelled.bot = true;
  if (row.bot?.category !== undefined) labelled.botCategory = row.bot.category;
  if (row.os?.name) labelled.os = row.os.name;
  if (row.client?.type === 'browser') labelled.browser = row.client.name;
  if (row.device?.type) labelled.device = row.device.type;
  return labelled;
}

function uapCases(text: string): { user_agent_string: string; family: string }[] {
  return (parse(text) as { test_cases: { user_agent_string: string; family: string }[] }).test_cases;
}

/**
 * Reads the labelled user agents of a directory of corpora (uap-core, matomo device-detector, isbot, crawler-user-agents,
 * arcjet well-known-bots), by corpus name. For tests and benchmarks only.
 */
export function readCorpora(directory: string): Map<string, Labelled[]> {
  const corpora = new Map<string, Labelled[]>();
  for (const file of readdirSync(directory).sort()) {
    if (/^(?:isbot|matomo|monperrus)\..*\.jsonl/.test(file)) {
      const name = file.replace(/\.jsonl(\.gz)?$/, '');
      corpora.set(
        name,
        jsonLines(read(directory, file)).map((row) => fromRow(file, row)),
      );
    }
  }
  const uap = (file: string, label: (family: string) => Partial<Labelled>) =>
    uapCases(read(directory, file)).map((row) => ({ userAgent: row.user_agent_string, ...label(row.family) }));
  corpora.set(
    'uap.browsers',
    uap('uap-core.test_ua.yaml', (browser) => ({ browser })),
  );
  corpora.set(
    'uap.systems',
    uap('uap-core.test_os.yaml', (os) => ({ os })),
  );
  corpora.set(
    'uap.devices',
    uap('uap-core.test_device.yaml.gz', (family) => ({ bot: family === 'Spider' })),
  );
  const arcjet = JSON.parse(read(directory, 'arcjet.well-known-bots.json.gz')) as {
    categories: string[];
    instances?: { accepted?: string[] };
  }[];
  corpora.set(
    'arcjet.bots',
    arcjet.flatMap(({ categories, instances }) =>
      (instances?.accepted ?? []).map((userAgent) => ({ userAgent, bot: true, botCategory: categories.join(' ') })),
    ),
  );
  return corpora;
}
