import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { createEnricher } from '../enrich/enricher.ts';
import { updateGeoData } from '../enrich/geo-update.ts';
import { createGuardedClient } from '../flow/guarded-client.ts';
import { readArguments, takeNone, takeVerb } from './arguments.ts';
import type { Command } from './command.ts';
import { columns } from './table.ts';
import { VERSION } from './version.ts';

const OPTIONS = { data: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `vedette geo`. */
export const command: Command = {
  name: 'geo',
  summary: 'Update place and network data, or say what is in use',
  usage: `Usage: vedette geo update
       vedette geo status

update fetches this month's DB-IP Lite data (CC BY 4.0) into the data directory; a running hub takes it up without a
restart. status says which files answer, and how old they are.

  --data DIR    data directory
  --json        answer as JSON
`,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, OPTIONS);
    const { verb, rest } = takeVerb(positionals, ['update', 'status'], 'geo');
    takeNone(rest, verb);
    const config = readConfig({ data: values.data });
    const dir = join(config.data, 'geo');
    if (verb === 'update') {
      const fetcher = createGuardedClient({ userAgent: `Vedette/${VERSION}` });
      try {
        const log = (line: string) => void (values.json ? undefined : io.stderr.write(`${line}\n`));
        const outcomes = await updateGeoData({ dir, fetcher, log });
        if (values.json) io.stdout.write(`${JSON.stringify(outcomes)}\n`);
        return outcomes.some(({ status }) => status === 'failed') ? 1 : 0;
      } finally {
        await fetcher.close();
      }
    }
    const { geoPath, geo6Path, asnPath, asn6Path } = config;
    const enricher = await createEnricher({ geoPath, geo6Path, asnPath, asn6Path, updateDir: dir, watch: false });
    const sources = enricher.sources();
    const rows = sources.map(({ name, family, built, path }) => [
      name,
      family,
      built === 0 ? '-' : new Date(built).toISOString().slice(0, 10),
      path,
    ]);
    io.stdout.write(
      values.json ? `${JSON.stringify(sources)}\n` : columns([['ANSWERS', 'FAMILY', 'MADE', 'FILE'], ...rows]),
    );
    return 0;
  },
};
