import { join } from 'node:path';
import type { Config } from './config.ts';
import type { LocalEnricher } from './enrich/enricher.ts';
import { updateGeoData } from './enrich/geo-update.ts';
import type { AuditDesk } from './expose/ports.ts';
import type { DiskGuard } from './flow/disk-guard.ts';
import type { GuardedClient } from './flow/guarded-client.ts';
import { byHub } from './model/audit-entry.ts';
import { utcDay } from './model/quota.ts';
import type { ClientKeyring } from './privacy/client-keys.ts';
import { expireEvidence } from './privacy/evidence.ts';
import type { PolicyBook } from './privacy/policy.ts';
import { DAY_MS, dayOf } from './privacy/retention.ts';
import type { Log, Records } from './stores/records.ts';
import type { RequestStore } from './stores/requests.ts';
import type { SessionStore } from './stores/sessions.ts';
import type { Chores } from './work/schedule.ts';

/** A session ends half an hour after its last request; the address is not needed after that. */
const SESSION_GAP_MS = 30 * 60_000;
/** Counts of requests by tenant and day are of use while a quota is talked about. */
const USAGE_DAYS = 92;

export interface ChoreTools {
  config: Config;
  log: Log;
  disks: Pick<DiskGuard, 'state'>;
  keyring: ClientKeyring;
  requests: RequestStore;
  sessions: SessionStore;
  records: Records;
  policies: PolicyBook;
  enricher: LocalEnricher;
  fetcher: GuardedClient;
  audit: AuditDesk;
  /** Those that are put together elsewhere. */
  others: Pick<Chores, 'sweepIntegrations' | 'fetchFigures' | 'sweepMails' | 'deleteTenants' | 'checkDomains'>;
}

/** What the hub does by the clock, with what it is done with. */
export function createChores(tools: ChoreTools): Chores {
  const { config, log, keyring, requests, sessions, records, policies, enricher, fetcher, others, audit } = tools;
  return {
    async rotateKeys() {
      const destroyed = await keyring.rotate(Date.now(), config.keyDays);
      if (destroyed === 0) return;
      log.info({ destroyed }, 'destroyed client keys; the rows of their days are anonymous now');
      await audit.add(records.installation.id, byHub('client-keys.destroy', 'keys of days', { destroyed }));
    },
    async applyRetention() {
      const today = dayOf(Date.now());
      const dropped = await requests.dropExpired(today);
      dropped.push(...(await sessions.dropExpired(today)).map((day) => `sessions/${day}`));
      if (dropped.length > 0) {
        log.info({ dropped }, 'dropped what is past its retention');
        await audit.add(records.installation.id, byHub('retention.apply', 'requests and sessions', { dropped }));
      }
      for (const { id, slug, quota } of await records.unscoped.tenants.list()) {
        if (quota.retention_days === null) continue;
        const rows = await requests.tenantRows.expire(id, quota.retention_days, today);
        if (rows === 0) continue;
        log.info({ tenant: slug, rows }, 'deleted rows that are older than the operator allows by now');
        await audit.add(id, byHub('retention.apply', 'rows over the quota', { rows }));
      }
      for (const { id, tenant, removed } of await expireEvidence(records, policies, Date.now())) {
        log.info({ tenant, removed }, 'removed consent evidence that is past its retention');
        await audit.add(id, byHub('consent.retention', 'evidence of choices', { removed }));
      }
      const entries = await audit.cut(config.auditDays);
      if (entries > 0) log.info({ entries }, 'removed entries of the audit log that are past their retention');
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
      // It can wait for a week, and takes some hundred MiB while it is fetched.
      if (tools.disks.state() !== 'good')
        return log.warn({}, 'newer place data is not fetched: the disk is nearly full');
      const dir = join(config.data, 'geo');
      const outcomes = await updateGeoData({ dir, fetcher, log: (line) => log.info({}, line) });
      if (outcomes.some(({ status }) => status === 'updated')) await enricher.reload();
    },
    async pruneExpired() {
      const now = Date.now();
      await records.unscoped.prune(now);
      await records.unscoped.usage.expire(utcDay(now - USAGE_DAYS * DAY_MS));
    },
    ...others,
  };
}
