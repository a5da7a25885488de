import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { type Cidr, cidrContains } from '../../model/cidr.ts';
import { Fault } from '../../model/fault.ts';
import { createSyslogDesk, type DeskOptions, type SyslogFigures } from './desk.ts';
import { FrameReader } from './frames.ts';

const MOST_CONNECTIONS = 1000;
/** A sender that says nothing for so long is gone; it will connect again. */
const IDLE_MS = 3_600_000;
/** Asked of the system for UDP, which drops by itself what finds no room; it may give less. */
const UDP_BUFFER_BYTES = 4 * 1024 * 1024;

/** Where to listen. */
export interface SyslogEndpoint {
  transport: 'tcp' | 'udp';
  host: string;
  port: number;
}

export interface SyslogOptions extends Omit<DeskOptions, 'onPressure'> {
  endpoints: readonly SyslogEndpoint[];
  /** Peers that may send. */
  allow: readonly Cidr[];
}

export interface SyslogListener {
  /** Where it listens, in the order of the endpoints; with the port the system chose where 0 was asked for. */
  endpoints: readonly SyslogEndpoint[];
  /** `denied` counts connections and packets of peers that may not send. */
  figures(): SyslogFigures & { denied: number };
  /** true: TCP is not read, so that its senders wait, and UDP is dropped and counted; false: both are taken again. */
  hold(held: boolean): void;
  /** Listens no more, and delivers what has come. */
  close(): Promise<void>;
}

/** Listens for syslog. Rejects with a Fault `cannot-listen` that names the endpoint. */
export async function listenForSyslog(options: SyslogOptions): Promise<SyslogListener> {
  const connections = new Set<Socket>();
  let denied = 0;
  let pressed = false;
  let held = false;
  const desk = createSyslogDesk({
    ...options,
    onPressure(full) {
      pressed = full;
      steer();
    },
  });

  function steer(): void {
    for (const socket of connections) {
      if (pressed || held) socket.pause();
      else socket.resume();
    }
  }

  function allows(peer: string | undefined): boolean {
    const allowed = peer !== undefined && options.allow.some((block) => cidrContains(block, peer));
    if (!allowed) denied += 1;
    return allowed;
  }

  function serve(socket: Socket): void {
    if (!allows(socket.remoteAddress)) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    const frames = new FrameReader();
    const take = (found: ReturnType<FrameReader['push']>) => {
      for (const frame of found) {
        if ('message' in frame) desk.take(frame.message, 'tcp');
        else desk.refuse(frame.bad);
        if ('bad' in frame && frame.bad === 'bad-frame') socket.destroy();
      }
    };
    socket.setKeepAlive(true, 60_000);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.on('data', (chunk) => take(frames.push(chunk)));
    socket.on('end', () => take(frames.end()));
    socket.on('close', () => connections.delete(socket));
    // A peer that resets says nothing of what it sent before.
    socket.on('error', () => socket.destroy());
    if (pressed || held) socket.pause();
  }

  const open: { endpoint: SyslogEndpoint; close(): Promise<void> }[] = [];
  const closeAll = async () => {
    await Promise.all(open.map(({ close }) => close()));
    for (const socket of connections) socket.destroy();
    await desk.close();
  };
  try {
    for (const endpoint of options.endpoints) {
      const listening =
        endpoint.transport === 'tcp'
          ? await listenTcp(endpoint, serve)
          : await listenUdp(endpoint, (message, peer) => {
              if (!allows(peer)) return;
              if (held) desk.drop();
              else desk.take(message, 'udp');
            });
      open.push(listening);
    }
  } catch (error) {
    await closeAll();
    throw error;
  }
  return {
    endpoints: open.map(({ endpoint }) => endpoint),
    figures: () => ({ ...desk.figures(), denied }),
    hold(now) {
      if (held === now) return;
      held = now;
      steer();
    },
    close: closeAll,
  };
}

async function listenTcp(endpoint: SyslogEndpoint, serve: (socket: Socket) => void) {
  const server: Server = createServer({ allowHalfOpen: false }, serve);
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(endpoint, error)));
    server.listen(endpoint.port, endpoint.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : endpoint.port;
  return {
    endpoint: { ...endpoint, port },
    // Its connections are ended by whoever knows them; waiting for that here would wait for the senders.
    close: async () => void server.close(),
  };
}

async function listenUdp(endpoint: SyslogEndpoint, take: (message: Buffer, peer: string) => void) {
  const type = endpoint.host.includes(':') ? 'udp6' : 'udp4';
  const socket: UdpSocket = createSocket({ type, recvBufferSize: UDP_BUFFER_BYTES });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => reject(cannotListen(endpoint, error)));
    socket.bind(endpoint.port, endpoint.host, resolve);
  });
  socket.on('message', (message, { address }) => take(message, address));
  return {
    endpoint: { ...endpoint, port: socket.address().port },
    close: () => new Promise<void>((resolve) => void socket.close(() => resolve())),
  };
}

function cannotListen({ transport, host, port }: SyslogEndpoint, error: Error): Fault {
  const where = `${transport}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Fault('cannot-listen', `cannot listen for syslog at ${where}: ${error.message}`, { cause: error });
}
