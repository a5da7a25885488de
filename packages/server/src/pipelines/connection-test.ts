import { randomBytes } from 'node:crypto';
import type { ClaritySettings, ConnectionCheck, Ga4Settings } from '../model/integration.ts';
import type { Sealer } from '../privacy/sealing.ts';
import { packPageViews } from '../respond/ga4-events.ts';
import type { Ga4Measurement } from '../respond/ga4-measurement.ts';
import type { IntegrationRecord } from '../stores/integrations.ts';
import type { Records } from '../stores/records.ts';
import type { FigureFetcher } from './integration-figures.ts';
import { openSecret } from './integration-secret.ts';

export interface ConnectionTools {
  records: Pick<Records, 'forTenant'>;
  sealer: Sealer;
  measurement: Ga4Measurement;
  fetcher: FigureFetcher;
  now: () => number;
}

/** Tries every part of an integration that is on. What is wrong is in the checks; it never rejects for the provider. */
export async function checkConnection(
  tools: ConnectionTools,
  tenantId: string,
  record: IntegrationRecord,
): Promise<ConnectionCheck[]> {
  const checks =
    record.kind === 'ga4' ? await checkGa4(tools, tenantId, record) : await checkClarity(tools, tenantId, record);
  if (checks.length > 0) return checks;
  return [{ name: 'Settings', good: false, detail: 'nothing of it is on: neither the tag nor anything of the hub' }];
}

async function checkGa4(
  tools: ConnectionTools,
  tenantId: string,
  record: IntegrationRecord,
): Promise<ConnectionCheck[]> {
  const settings = record.settings as Ga4Settings;
  const checks: ConnectionCheck[] = [];
  if (settings.tag) checks.push(tagCheck(settings.measurement_id));
  if (settings.measurement) {
    checks.push(await check('Measurement Protocol', () => validateSample(tools, tenantId, settings)));
  }
  if (settings.tag && settings.measurement) {
    const detail = 'the tag and the hub both tell Google of page views, so each counts twice; turn one of them off';
    checks.push({ name: 'Counted once', good: false, detail });
  }
  if (settings.property_id !== null) checks.push(await check('Data API', () => fetchNow(tools, tenantId, record)));
  return checks;
}

async function checkClarity(
  tools: ConnectionTools,
  tenantId: string,
  record: IntegrationRecord,
): Promise<ConnectionCheck[]> {
  const settings = record.settings as ClaritySettings;
  const checks: ConnectionCheck[] = [];
  if (settings.tag) checks.push(tagCheck(settings.project_id));
  if (settings.export) checks.push(await check('Data Export', () => fetchNow(tools, tenantId, record)));
  return checks;
}

const tagCheck = (id: string): ConnectionCheck => ({
  name: 'Tag',
  good: true,
  detail: `pages load it for ${id} after consent; whether the provider knows that id shows in its own dashboard`,
});

async function check(name: string, work: () => Promise<string>): Promise<ConnectionCheck> {
  try {
    return { name, good: true, detail: await work() };
  } catch (error) {
    return { name, good: false, detail: (error as Error).message };
  }
}

async function fetchNow({ fetcher }: ConnectionTools, tenantId: string, record: IntegrationRecord): Promise<string> {
  return (await fetcher.fetch(tenantId, record)).detail;
}

/** Has Google look at a page view of nobody; it is not counted. */
async function validateSample(
  tools: ConnectionTools,
  tenantId: string,
  { measurement_id: measurementId }: Ga4Settings,
): Promise<string> {
  const { records, measurement, now } = tools;
  const apiSecret = await openSecret(tools, tenantId, 'ga4', 'api_secret');
  if (apiSecret === null) throw new Error('the secret api_secret is not set');
  const nobody = {
    id: '',
    visitorId: randomBytes(16).toString('hex'),
    time: now(),
    host: 'example.com',
    path: '/',
    query: '',
    referrer: '',
    marketing: false,
  };
  const [batch] = packPageViews([nobody], measurementId, new Map());
  try {
    const messages = await measurement.validate({ tenantId, measurementId, apiSecret }, batch?.body ?? '');
    if (messages.length > 0) throw new Error(`Google says: ${messages.join('; ')}`);
  } catch (error) {
    await records.forTenant(tenantId).integrations.failed('ga4', { at: now(), text: (error as Error).message });
    throw error;
  }
  return 'Google’s validation finds nothing wrong. It does not look at the secret: page views show in Google’s Realtime report';
}
