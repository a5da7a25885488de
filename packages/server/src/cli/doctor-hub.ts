import type { Me, Status } from '@vedette/contract';
import type { Config } from '../config.ts';
import { counted } from '../model/counted.ts';
import { Fault } from '../model/fault.ts';
import { probePort } from '../port.ts';
import { type Finding, refusals, refused, sizeText } from './finding.ts';
import { connectToHub, type HubClient } from './hub-client.ts';

/** What the running hub says of itself, where one is running. */
export async function checkHub({ data, host, port }: Config): Promise<Finding[]> {
  const name = 'hub';
  let hub: HubClient;
  try {
    hub = await connectToHub(data);
  } catch (error) {
    if (error instanceof Fault && error.code === 'no-hub') {
      const none: Finding = { name, state: 'good', detail: `none is running on ${data}` };
      return [none, ...(await refusals('port', () => probePort(host, port)))];
    }
    if (error instanceof Fault && error.code === 'permission') return [{ ...refused(name, error), state: 'warning' }];
    const advice = 'stop it, and look into its log';
    return [{ name, state: 'bad', detail: (error as Error).message, advice }];
  }
  try {
    const me = await hub.call<Me>({ method: 'GET', path: '/api/v1/me' });
    const installation = me.tenants.find((tenant) => tenant.installation)?.slug ?? '';
    const status = await hub.call<Status>({ method: 'GET', path: `/api/v1/status?tenant=${installation}` });
    return [await readiness(hub, me.version), ...ownerFindings(me), ...figures(status)];
  } catch (error) {
    return [{ name, state: 'bad', detail: (error as Error).message, advice: 'look into its log' }];
  }
}

async function readiness(hub: HubClient, version: string): Promise<Finding> {
  const name = 'hub';
  try {
    await hub.call({ method: 'GET', path: '/readyz' });
    return { name, state: 'good', detail: `${version} is running and ready` };
  } catch (error) {
    const detail = `${version} is running and not ready: ${(error as Error).message}`;
    return { name, state: 'bad', detail, advice: 'docs/operating.md, "When something is wrong", and its log' };
  }
}

function ownerFindings({ set_up: setUp }: Me): Finding[] {
  if (setUp) return [];
  const advice = '"vedette link" prints the one-time link by which the first owner is made';
  return [{ name: 'accounts', state: 'warning', detail: 'nobody owns this installation yet', advice }];
}

function figures({ hub }: Status): Finding[] {
  if (hub === null) return [];
  const findings: Finding[] = [];
  if (!hub.store_reachable) {
    const detail = 'ClickHouse does not answer; what is acknowledged waits in the spool';
    findings.push({ name: 'store', state: 'bad', detail, advice: 'start it, or make room for it' });
  }
  const { state, free, warn, stop } = hub.disk;
  if (state !== 'good') {
    // By the bounds of the hub, which may have other settings than this command.
    const detail = `${sizeText(free)} free; the hub warns below ${sizeText(warn)}, takes nothing in below ${sizeText(stop)}`;
    const advice =
      'shorten the retention, delete tenants that left, or make the disk larger (docs/operating.md, "Disk guard")';
    findings.push({ name: 'disk of the hub', state: state === 'low' ? 'warning' : 'bad', detail, advice });
  }
  const { rows, spool_batches: batches } = hub.waiting;
  if (batches > 0) {
    const detail = `${counted(batches, 'batch waits', 'batches wait')} on disk, ${counted(rows, 'request')} in memory`;
    findings.push({ name: 'spool', state: 'warning', detail, advice: 'look again: it should get less by itself' });
  }
  if (hub.dead > 0) {
    const detail = `${counted(hub.dead, 'batch', 'batches')} could not be stored since the start`;
    findings.push({ name: 'dead letters', state: 'warning', detail, advice: 'its log says why, and where they are' });
  }
  if (findings.length === 0) {
    const detail = `${counted(hub.accepted, 'request')} taken as they came in since ${hub.started.slice(0, 16)}Z, ${hub.refused} refused, none waits (imports are counted in Sources)`;
    findings.push({ name: 'requests', state: 'good', detail });
  }
  return findings;
}

const LOOPBACK = /^(?:127\.|::1$|localhost$|\[::1\]$)/i;

/** Whether people and senders reach the hub by a way that nobody else can listen to. */
export function checkNetwork({ host, port, publicUrl }: Config): Finding[] {
  const name = 'network';
  const where = `${host}:${port}`;
  if (LOOPBACK.test(host)) {
    const detail = publicUrl === undefined ? `${where}, this machine only` : `${where}, reached as ${publicUrl}`;
    return [{ name, state: 'good', detail }];
  }
  if (publicUrl !== undefined && String(publicUrl).startsWith('https:')) {
    return [{ name, state: 'good', detail: `${where}, reached as ${publicUrl}` }];
  }
  const detail = `${where} can be reached from elsewhere, without TLS: passwords and keys pass in the open`;
  const advice = 'listen on 127.0.0.1 behind a proxy with TLS and set VEDETTE_URL (docs/operating.md)';
  return [{ name, state: 'warning', detail, advice }];
}
