import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nestPlaces } from './goaccess-places.ts';
import { type Run, timed } from './timed.ts';

/** GoAccess over Combined logs, looking places up in the file that Vedette uses, rewritten to the layout it understands. */
export interface GoAccess {
  run(log: string): Promise<Run>;
  /** Requests of the last run that it found no continent for. */
  unknownPlaces(): number;
}

/** Prepares GoAccess, which must be on the PATH; its files are put into `folder`. */
export function openGoAccess(folder: string): GoAccess {
  const database = join(folder, 'places.mmdb');
  const out = join(folder, 'goaccess.json');
  nestPlaces(database);
  const options = ['--log-format=COMBINED', '-o', out, '--no-global-config', `--geoip-database=${database}`];
  return {
    run: (log) => timed('goaccess', [log, ...options, '--no-progress']),
    unknownPlaces() {
      const panel = JSON.parse(readFileSync(out, 'utf8')).geolocation?.data as
        | { data: string; hits: { count: number } }[]
        | undefined;
      return panel?.find((entry) => entry.data === 'Unknown')?.hits.count ?? 0;
    },
  };
}
