import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProblemError } from '../../server/src/expose/problem.ts';
import { readTrafficQuestion } from '../../server/src/expose/traffic-question.ts';
import { type FakeRequest, matching, toRow } from './fake-traffic.ts';

interface Listener {
  response: ServerResponse;
  where: ReturnType<typeof readTrafficQuestion>['where'];
}

/** The stream of requests as they come in, as the hub answers it. */
export interface FakeLive {
  /** The last id that each who came had; '' for none. */
  readonly cameWith: string[];
  readonly listeners: number;
  /** From when on it says that nothing is told to who comes, before now; null for nothing. */
  gapFrom: string | null;
  listen(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams): void;
  /** Requests come in: whoever asks for them is told. */
  send(...requests: FakeRequest[]): void;
  /** So many more came in than are told. */
  skip(count: number): void;
  readable(can: boolean): void;
  /** Ends all streams as the hub does, or as when a connection breaks. */
  end(how?: 'end' | 'break'): void;
}

export function createFakeLive(): FakeLive {
  const open = new Set<Listener>();
  const cameWith: string[] = [];
  let events = 0;
  const write = ({ response }: Listener, event: string, data: object) =>
    void response.write(`event: ${event}\nid: event-${(events += 1)}\ndata: ${JSON.stringify(data)}\n\n`);
  const live: FakeLive = {
    cameWith,
    get listeners() {
      return open.size;
    },
    gapFrom: null,
    listen(request, response, parameters) {
      const listener: Listener = { response, where: [] };
      try {
        listener.where = readTrafficQuestion({ where: parameters.getAll('where') }, Date.now()).where;
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        response.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(error.problem));
        return;
      }
      cameWith.push(String(request.headers['last-event-id'] ?? ''));
      open.add(listener);
      response.on('close', () => open.delete(listener));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 200\n\n');
      write(listener, 'state', { from: new Date().toISOString(), readable: true, gap_from: live.gapFrom });
    },
    send(...requests) {
      const window = { from: 0, to: Number.POSITIVE_INFINITY };
      for (const listener of open) {
        for (const one of matching(requests, { where: listener.where, ...window })) {
          write(listener, 'request', { ...toRow(one), id: String(one['id'] ?? toRow(one).id) });
        }
      }
    },
    skip(count) {
      for (const listener of open) write(listener, 'skipped', { count });
    },
    readable(can) {
      for (const listener of open) {
        write(listener, 'state', { from: new Date().toISOString(), readable: can, gap_from: null });
      }
    },
    end(how = 'end') {
      for (const { response } of open) {
        if (how === 'end') response.end();
        else response.destroy();
      }
    },
  };
  return live;
}
