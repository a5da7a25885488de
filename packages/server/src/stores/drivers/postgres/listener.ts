import pg from 'pg';
import type { Log } from './log.ts';

export interface ListenerOptions {
  url: string;
  log: Log;
  channels: readonly string[];
  onMessage(channel: string): void;
  /** Called after each connection, also the first: what was announced before it is not known. */
  onConnect(): Promise<void>;
  /** From here until the next `onConnect` announcements are lost. */
  onDisconnect(): void;
}

export interface Listener {
  /** Whether announcements arrive at the moment. */
  readonly connected: boolean;
  close(): Promise<void>;
}

const LONGEST_WAIT_MS = 5_000;
const HEARTBEAT_MS = 15_000;

/** Keeps a connection of its own that LISTENs; resolves after the first, rejects when that fails. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  let client: pg.Client | null = null;
  let closed = false;
  let connected = false;
  let wait = 100;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    const next = new pg.Client({
      connectionString: options.url,
      application_name: 'vedette-listen',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    next.on('error', (error) => options.log.warn({ err: error }, 'the connection for announcements broke'));
    next.on('end', () => lost(next));
    next.on('notification', (message) => options.onMessage(message.channel));
    client = next;
    await next.connect();
    for (const channel of options.channels) await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    await options.onConnect();
    connected = !closed && client === next;
    wait = 100;
  }

  function lost(which: pg.Client): void {
    if (client !== which || closed) return;
    client = null;
    connected = false;
    options.onDisconnect();
    timer = setTimeout(again, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function again(): void {
    connect().catch((error: unknown) => {
      options.log.warn({ err: error }, 'announcements from PostgreSQL are away; trying again');
      const broken = client;
      if (broken === null) return;
      // Whether it never came up or broke half-way: end it, and count it as lost once.
      broken.end().catch(() => undefined);
      lost(broken);
    });
  }

  // A connection can die without a sound; a query finds out.
  const heartbeat = setInterval(() => {
    const asked = client;
    if (asked === null || !connected) return;
    const patience = setTimeout(() => void asked.end().catch(() => undefined), HEARTBEAT_MS / 2);
    asked
      .query('SELECT 1')
      .catch(() => undefined)
      .finally(() => clearTimeout(patience));
  }, HEARTBEAT_MS);
  heartbeat.unref();

  try {
    await connect();
  } catch (error) {
    closed = true;
    clearInterval(heartbeat);
    await (client as pg.Client | null)?.end().catch(() => undefined);
    throw error;
  }
  return {
    get connected() {
      return connected;
    },
    async close() {
      closed = true;
      connected = false;
      clearInterval(heartbeat);
      clearTimeout(timer);
      await client?.end().catch(() => undefined);
    },
  };
}
