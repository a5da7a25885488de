import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** A whole answer of the hub. */
export interface HubAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
}

export interface HubSettings {
  url: string;
  key: string;
  /** For a whole call. */
  timeoutMs: number;
}

/** Speaks to the hub over one kept-alive connection. */
export interface HubClient {
  /** Rejects when the hub cannot be reached, or its answer is late, too long or broken off. */
  call(method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: Uint8Array): Promise<HubAnswer>;
  close(): void;
}

const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

export function createHubClient({ url: text, key, timeoutMs }: HubSettings): HubClient {
  const url = new URL(text);
  const secure = url.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });
  const send = secure ? httpsRequest : httpRequest;
  const base = url.pathname.replace(/\/$/, '');

  return {
    call(method, path, headers, body) {
      return new Promise((resolve, reject) => {
        let answered = false;
        const call = send(
          {
            agent,
            method,
            protocol: url.protocol,
            hostname: url.hostname.replace(/^\[|\]$/g, ''),
            port: url.port,
            path: base + path,
            headers: {
              authorization: `Bearer ${key}`,
              ...headers,
              ...(body === undefined ? {} : { 'content-length': String(body.length) }),
            },
          },
          (answer) => {
            answered = true;
            collect(answer).then(resolve, reject);
          },
        );
        // The whole call, not only silence: an answer that trickles is late too.
        const timer = setTimeout(
          () => call.destroy(new Error(`no answer from ${url.origin} within ${timeoutMs} ms`)),
          timeoutMs,
        );
        timer.unref();
        call.on('error', reject);
        call.on('close', () => {
          clearTimeout(timer);
          // Broken off in the middle of an answer, the reader of the answer says so.
          if (!answered) reject(new Error(`${url.origin} closed the connection`));
        });
        call.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function collect(answer: IncomingMessage): Promise<HubAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > MOST_ANSWER_BYTES) answer.destroy(new Error(`the answer is longer than ${MOST_ANSWER_BYTES} bytes`));
    });
    answer.on('error', reject);
    answer.on('end', () => {
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
    });
  });
}
