import { join } from 'node:path';
import type { Config } from './config.ts';
import type { LocalEnricher } from './enrich/enricher.ts';
import { updateGeoData } from './enrich/geo-update.ts';
import type { GuardedClient } from './flow/guarded-client.ts';
import type { ClientKeyring } from './privacy/client-keys.ts';
import { expireEvidence } from './privacy/evidence.ts';
import type { PolicyBook } from './privacy/policy.ts';
import { dayOf } from './privacy/retention.ts';
import type { Log, Records } from './stores/records.ts';
import type { RequestStore } from './stores/requests.ts';
import type { Chores } from './work/schedule.ts';

/** A session ends half an hour after its last request; the address is not needed after that. */
const SESSION_GAP_MS = 30 * 60_000;

export interface ChoreTools {
  config: Config;
  log: Log;
  keyring: ClientKeyring;
  requests: RequestStore;
  records: Records;
  policies: PolicyBook;
  enricher: LocalEnricher;
  fetcher: GuardedClient;
}

/** What the hub does by the clock, with what it is done with. */
export function createChores(tools: ChoreTools): Chores {
  const { config, log, keyring, requests, records, policies, enricher, fetcher } = tools;
  return {
    async rotateKeys() {
      const destroyed = await keyring.rotate(Date.now(), config.keyDays);
      if (destroyed > 0) log.info({ destroyed }, 'destroyed client keys; the rows of their days are anonymous now');
    },
    async applyRetention() {
      const dropped = await requests.dropExpired(dayOf(Date.now()));
      if (dropped.length > 0) log.info({ dropped }, 'dropped what is past its retention');
      for (const { tenant, removed } of await expireEvidence(records, policies, Date.now())) {
        log.info({ tenant, removed }, 'removed consent evidence that is past its retention');
      }
    },
    async dropLiveAddresses() {
      await requests.dropLiveAddresses(Date.now() - SESSION_GAP_MS);
    },
    async updateGeo() {
      const dir = join(config.data, 'geo');
      const outcomes = await updateGeoData({ dir, fetcher, log: (line) => log.info({}, line) });
      if (outcomes.some(({ status }) => status === 'updated')) await enricher.reload();
    },
    async pruneExpired() {
      await records.unscoped.prune(Date.now());
    },
  };
}
