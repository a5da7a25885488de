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
import type { SessionStore } from './stores/sessions.ts';
import type { Chores } from './work/schedule.ts';

/** A session ends half an hour after its last request; the address is not needed after that. */
const SESSION_GAP_MS = 30 * 60_000;

export interface ChoreTools {
  config: Config;
  log: Log;
  keyring: ClientKeyring;
  requests: RequestStore;
  sessions: SessionStore;
  records: Records;
  policies: PolicyBook;
  enricher: LocalEnricher;
  fetcher: GuardedClient;
  integrations: Pick<Chores, 'sweepIntegrations' | 'fetchFigures'>;
}

/** What the hub does by the clock, with what it is done with. */
export function createChores(tools: ChoreTools): Chores {
  const { config, log, keyring, requests, sessions, records, policies, enricher, fetcher, integrations } = tools;
  return {
    async rotateKeys() {
      const destroyed = await keyring.rotate(Date.now(), config.keyDays);
      if (destroyed > 0) log.info({ destroyed }, 'destroyed client keys; the rows of their days are anonymous now');
    },
    async applyRetention() {
      const today = dayOf(Date.now());
      const dropped = await requests.dropExpired(today);
      dropped.push(...(await sessions.dropExpired(today)).map((day) => `sessions/${day}`));
      if (dropped.length > 0) log.info({ dropped }, 'dropped what is past its retention');
      for (const { tenant, removed } of await expireEvidence(records, policies, Date.now())) {
        log.info({ tenant, removed }, 'removed consent evidence that is past its retention');
      }
    },
    async dropLiveAddresses() {
      await requests.dropLiveAddresses(Date.now() - SESSION_GAP_MS);
    },
    async deriveSessions({ signal }) {
      const tenants = await records.unscoped.tenants.list();
      const policyOf = (tenantId: string) => {
        const { sessions: sessionDays, granted, unknown, interactions } = policies.policy(tenantId).retention_days;
        return { sessionDays, rowDays: Math.min(granted, unknown, interactions) };
      };
      const mostSessionDays = Math.max(...tenants.map(({ id }) => policyOf(id).sessionDays));
      const derived = await sessions.derive({ now: Date.now(), policyOf, mostSessionDays, signal });
      if (derived.length > 0) log.debug({ derived }, 'derived sessions');
    },
    async updateGeo() {
      const dir = join(config.data, 'geo');
      const outcomes = await updateGeoData({ dir, fetcher, log: (line) => log.info({}, line) });
      if (outcomes.some(({ status }) => status === 'updated')) await enricher.reload();
    },
    async pruneExpired() {
      await records.unscoped.prune(Date.now());
    },
    ...integrations,
  };
}
