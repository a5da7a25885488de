import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Enricher, Enrichment } from '../model/enrichment.ts';
import { AddressEnricher } from './address-enricher.ts';
import { createAgentEnricher } from './agent/agent.ts';
import { type EnricherOptions, UPDATED_ASN_FILE, UPDATED_PLACE_FILE } from './enricher-options.ts';
import { watchFiles } from './file-watch.ts';
import { openPlaceDatabase } from './geo.ts';
import type { DataSource } from './geo-files.ts';
import { openAsnDatabase } from './network.ts';

export { type EnricherOptions, UPDATED_ASN_FILE, UPDATED_PLACE_FILE };

const DEFAULT_ADDRESSES = 200_000;

/** Enrichment from local data. */
export interface LocalEnricher extends Enricher {
  /** Opens the files again and swaps them in at once. On a fault, which is thrown, the old ones stay. */
  reload(): Promise<void>;
  /**
   * Reads the data for IPv6 now (some 200 ms), which otherwise the first such request waits for. A long-running process
   * does this after its start.
   */
  preload(): void;
  /** The files answers come from. */
  sources(): DataSource[];
  /** Stops watching. Enrichment still works. */
  close(): void;
}

interface Opened {
  addresses: AddressEnricher;
  preload(): void;
  sources(): DataSource[];
}

/**
 * Opens the local data and answers for addresses and user agents: place, network, kind, agent. Own paths are opened at
 * once, so that a wrong one is known at the start: Fault `geo-data-missing` or `geo-data-broken` names file and reason.
 */
export async function createEnricher(options: EnricherOptions = {}): Promise<LocalEnricher> {
  const onFault = options.onFault ?? (() => {});
  const agents = createAgentEnricher(options.agentCacheSize === undefined ? {} : { cacheSize: options.agentCacheSize });
  let opened = open(options, onFault);
  const reload = async (): Promise<void> => {
    opened = open(options, onFault);
  };
  const watched = watchable(options);
  const watching =
    options.watch === false || watched.length === 0
      ? null
      : watchFiles(watched, () => void reload().catch(onFault), onFault);
  return {
    enrich: (clientAddress: string, userAgent: string | null): Enrichment => {
      const { place, network } = opened.addresses.find(clientAddress);
      return { place, network, agent: agents.agent(userAgent) };
    },
    reload,
    preload: () => opened.preload(),
    sources: () => opened.sources(),
    close: () => watching?.close(),
  };
}

function open(options: EnricherOptions, onFault: (error: unknown) => void): Opened {
  const { contents } = options;
  const places = withUpdate(options, options.geoPath, UPDATED_PLACE_FILE, onFault, (path) =>
    openPlaceDatabase({ v4: path, v6: options.geo6Path, contents, onFault }),
  );
  const systems = withUpdate(options, options.asnPath, UPDATED_ASN_FILE, onFault, (path) =>
    openAsnDatabase({ v4: path, v6: options.asn6Path, contents, onFault }),
  );
  const size = options.addressCacheSize ?? DEFAULT_ADDRESSES;
  return {
    addresses: new AddressEnricher(places, systems, size, options.gaps),
    preload: () => {
      places.preload();
      systems.preload();
    },
    sources: () => [...places.sources(), ...systems.sources()],
  };
}

/** The operator's own path, else the updated file, else what came with the install. A broken update is told and passed over. */
function withUpdate<T>(
  options: EnricherOptions,
  own: string | undefined,
  updated: string,
  onFault: (error: unknown) => void,
  openPath: (path: string | undefined) => T,
): T {
  const path = options.updateDir === undefined ? '' : join(options.updateDir, updated);
  if (own || path === '' || !existsSync(path)) return openPath(own);
  try {
    return openPath(path);
  } catch (error) {
    onFault(error);
    return openPath(undefined);
  }
}

function watchable({ geoPath, geo6Path, asnPath, asn6Path, updateDir }: EnricherOptions): string[] {
  const paths = [geoPath, geo6Path, asnPath, asn6Path];
  if (updateDir && existsSync(updateDir)) {
    paths.push(join(updateDir, UPDATED_PLACE_FILE), join(updateDir, UPDATED_ASN_FILE));
  }
  return paths.filter((path): path is string => path !== undefined && path !== '');
}
