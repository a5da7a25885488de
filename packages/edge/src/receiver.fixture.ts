import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One record as it came over the wire. */
export type Line = Record<string, unknown>;

export interface Delivery {
  headers: IncomingHttpHeaders;
  lines: Line[];
}

/** Speaks for the hub over real HTTP: takes deliveries, and answers as it is told to. */
export interface Receiver {
  url: string;
  port: number;
  /** All that came, also what was answered badly. */
  deliveries: Delivery[];
  /** Lines of deliveries that were answered with 200, those that were repeated left out. */
  lines(): Line[];
  /** Answers the next deliveries, one each; then as a hub does. False: the hub's own answer. */
  answers: ((response: ServerResponse, delivery: Delivery) => unknown)[];
  /** What GET /api/v1/hosts answers. */
  hosts: { body: string; status: number; headers: Record<string, string>; asked: IncomingHttpHeaders[] };
  stop(): Promise<void>;
}

/** Lines as a hub reads them: an array is ms since the line before, which it is like, and µs that it took. */
export function readLines(lines: readonly string[]): Line[] {
  const read: Line[] = [];
  for (const line of lines) {
    const value = JSON.parse(line) as Line | [number, number];
    if (!Array.isArray(value)) read.push(value);
    else {
      const before = read.at(-1) as Line & { time: number; id: string };
      const time = before.time + value[0];
      const hex = time.toString(16).padStart(12, '0');
      const last = (BigInt(`0x${before.id.slice(-12)}`) + 1n).toString(16).padStart(12, '0').slice(-12);
      const id = `${hex.slice(0, 8)}-${hex.slice(8)}-${before.id.slice(14, 23)}-${last}`;
      read.push({ ...before, time, id, 'http.server.request.duration': value[1] / 1e6 });
    }
  }
  return read;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const sockets = new Set<Socket>();
  const taken = new Map<string, Line[]>();
  const receiver: Receiver = {
    url: '',
    port: 0,
    deliveries: [],
    answers: [],
    lines: () => [...taken.values()].flat(),
    hosts: { body: '{"hosts":{}}', status: 200, headers: {}, asked: [] },
    async stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
  const server = createServer(async (request, response) => {
    if (request.method === 'GET') {
      receiver.hosts.asked.push(request.headers);
      response.writeHead(receiver.hosts.status, receiver.hosts.headers).end(receiver.hosts.body);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = gunzipSync(Buffer.concat(chunks)).toString();
    const lines = text.split('\n').filter((line) => line !== '');
    const delivery = { headers: request.headers, lines: readLines(lines) };
    receiver.deliveries.push(delivery);
    const answer = receiver.answers.shift();
    if (answer !== undefined && answer(response, delivery) !== false) return;
    taken.set(String(request.headers['idempotency-key']), delivery.lines);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ accepted: delivery.lines.length, rejected: [] }));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  receiver.port = (server.address() as AddressInfo).port;
  receiver.url = `http://127.0.0.1:${receiver.port}`;
  return receiver;
}

/** Starts any server on a free port of loopback. */
export async function listen(server: {
  listen(port: number, host: string): unknown;
  address(): unknown;
  once(event: string, listener: () => void): unknown;
}): Promise<number> {
  await new Promise<void>((resolve) => {
    server.once('listening', resolve);
    server.listen(0, '127.0.0.1');
  });
  return (server.address() as AddressInfo).port;
}
