import { type Courier, createCourier } from './courier.ts';
import { createDelivery } from './delivery.ts';
import { describeError } from './describe-error.ts';
import { createReader, type EdgeRequest } from './edge-request.ts';
import { createFrameworks, type Frameworks } from './frameworks.ts';
import { headerUses } from './headers.ts';
import { createHostMap } from './host-map.ts';
import { createIds } from './ids.ts';
import { type EdgeOptions, readOptions, type Settings } from './options.ts';
import { createRecorder, type Output } from './recorder.ts';
import { createServers, type Servers } from './servers.ts';
import { openSpool, type Spool } from './spool.ts';
import { VERSION } from './version.ts';
import { createWatch } from './watch.ts';

/** Counts since the start. */
export interface EdgeFigures {
  /** Requests that were seen to their end. */
  recorded: number;
  /** Taken by the hub. */
  delivered: number;
  /** Given up, for want of room or because the hub would not have the delivery. */
  dropped: number;
  /** Left out, because no tenant has their host (`unknownHosts: 'drop'`). */
  unknown: number;
  /** Attempts at a delivery that had to be made again. */
  retried: number;
  /** Requests the hub found wrong. */
  refused: number;
  /** In memory. */
  waiting: number;
  /** On disk. */
  spooled: number;
  lastError: { at: Date; text: string } | null;
}

/** Passive middleware: it records what goes by, and brings it to the hub in the background. */
export interface Edge extends Frameworks, Servers {
  figures(): EdgeFigures;
  /** Tenant of a host by the hub's map; '' when nobody has it, undefined while the map is not known. Never waits. */
  tenantOf(host: string): string | undefined;
  /** Brings what waits; resolves when it is there, or after `timeoutMs` (5,000). */
  flush(timeoutMs?: number): Promise<EdgeFigures>;
  /** The same, and then records nothing any more. What is left goes to the spool, or is counted as dropped. */
  close(timeoutMs?: number): Promise<EdgeFigures>;
}

const FLUSH_MS = 5000;

/** Throws a TypeError when an option is wrong; afterwards nothing here ever throws into the app. */
export function createEdge(options: EdgeOptions): Edge {
  const settings = readOptions(options);
  let lastError: EdgeFigures['lastError'] = null;
  let unknown = 0;
  let closed: Promise<EdgeFigures> | null = null;
  const used = new Set<string>();

  function onError(error: unknown): void {
    const fault = error instanceof Error ? error : new Error(String(error));
    lastError = { at: new Date(), text: describeError(fault) };
    try {
      settings.onError(fault);
    } catch {
      // The app's own handler must not stop deliveries.
    }
  }

  const ids = createIds();
  const courier = settings.hub === null ? null : courierOf(settings, settings.hub, used, onError);
  const hosts = courier === null ? null : createHostMap(courier, onError);
  const delivery =
    courier === null
      ? null
      : createDelivery({
          ...settings,
          courier,
          room: settings.ringSize,
          spool: spoolOf(settings, onError),
          ids,
          droppedBefore: () => recorder.counts().dropped,
          onError,
        });
  for (const output of settings.outputs) output.tell?.(onError);
  const outputs: Output[] = [...(delivery === null ? [] : [delivery]), ...settings.outputs];
  const forwarded = settings.trust.any ? settings.trust.header : null;
  const { trust, headers, consentCookie } = settings;
  const use = headerUses(headers, forwarded, consentCookie !== null);
  const read = createReader({ ids, trust, use, consentCookie: consentCookie ?? undefined });
  // Further outputs may be slow, and connections are told apart for them only.
  const further = settings.outputs.length > 0;
  const recorder = createRecorder({ read, outputs, room: further ? settings.ringSize : 0, wanted, onError });
  const owner = { take: recorder.take, onError };
  const watch = createWatch(owner, further);

  function wanted({ head: { host } }: EdgeRequest): boolean {
    if (settings.unknownHosts === 'send' || hosts?.tenantOf(host) !== '') return true;
    unknown += 1;
    return false;
  }

  function figures(): EdgeFigures {
    const { recorded, dropped, waiting } = recorder.counts();
    const sent = delivery?.figures() ?? NOTHING_SENT;
    return { ...sent, recorded, dropped: dropped + sent.dropped, waiting: waiting + sent.waiting, unknown, lastError };
  }

  async function flush(timeoutMs = FLUSH_MS): Promise<EdgeFigures> {
    recorder.drain();
    await Promise.all(outputs.map((output) => output.flush(timeoutMs).catch(onError)));
    return figures();
  }

  async function close(timeoutMs: number): Promise<EdgeFigures> {
    process.removeListener('beforeExit', onExit);
    recorder.stop();
    hosts?.stop();
    recorder.drain();
    await Promise.all(outputs.map((output) => output.close(timeoutMs).catch(onError)));
    return figures();
  }

  /** An app that shares this edge with others closes: what cannot be brought now is safe, where there is a spool. */
  async function rest(): Promise<void> {
    recorder.drain();
    await Promise.all(settings.outputs.map((output) => output.flush(FLUSH_MS).catch(onError)));
    await delivery?.rest(FLUSH_MS).catch(onError);
  }

  // A process that has nothing left to do brings what waits before it goes.
  async function leave(): Promise<void> {
    recorder.drain();
    await Promise.all(settings.outputs.map((output) => output.flush(FLUSH_MS).catch(onError)));
    await delivery?.leave(FLUSH_MS).catch(onError);
  }
  function onExit(): void {
    if (figures().waiting > 0) void leave();
  }
  process.once('beforeExit', onExit);

  return {
    ...named(createFrameworks(watch, rest), used),
    ...named(createServers(watch, owner, further), used),
    figures,
    tenantOf: (host) => hosts?.tenantOf(host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')),
    flush,
    close: (timeoutMs = FLUSH_MS) => (closed ??= close(timeoutMs)),
  };
}

const NOTHING_SENT = { delivered: 0, dropped: 0, retried: 0, refused: 0, waiting: 0, spooled: 0 };

function courierOf(
  { timeoutMs }: Settings,
  { url, key }: { url: URL; key: string },
  used: Set<string>,
  onError: (error: unknown) => void,
): Courier {
  return createCourier({
    url: url.href,
    key,
    timeoutMs,
    agentName: () => `vedette-edge/${VERSION} (${[...used].join(', ') || 'node'})`,
    onNoThread: (why) =>
      onError(new Error(`requests go to the hub on the app's own thread: ${describeError(why as Error)}`)),
  });
}

async function spoolOf(settings: Settings, onError: (error: unknown) => void): Promise<Spool | null> {
  if (settings.spoolDir === null || settings.hub === null) return null;
  try {
    return await openSpool(settings.spoolDir, settings.hub.key, settings.spoolBytes);
  } catch (error) {
    onError(error);
    return null;
  }
}

/** The same functions, noting which are used: the hub is told by which framework requests were seen. */
function named<T extends object>(functions: T, used: Set<string>): T {
  const wrapped = Object.entries(functions).map(([name, work]) => [
    name,
    (...args: unknown[]) => {
      used.add(name === 'attach' ? 'node' : name);
      return (work as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
