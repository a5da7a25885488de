import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Ledger, SentRow } from './ledger.ts';
import type { Plan, PlannedBatch, PlannedBeacon, PlannedDelivery, PlannedImport } from './plan.ts';

export interface LoadOptions {
  plan: Plan;
  /** Where to send; a retry goes to the next. */
  urls: readonly string[];
  key: string;
  /** The site that beacons are of. */
  domain: string;
  ledger: Ledger;
  /** Told after each delivery that was acknowledged, with how many were so far. */
  onAcknowledged(count: number): void;
  /** Senders give up then. */
  signal: AbortSignal;
  /** The senders' time, ms since the epoch: one for all, so that a file is the same whenever it is sent. */
  now: number;
}

const ANSWER_MS = 20_000;
const AGAIN_MS = 40;
const DAY_MS = 86_400_000;
// Nobody's address, so that the network is none that only machines use.
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Sends all of the plan's deliveries, several at once; resolves to how many were acknowledged. */
export async function sendLoad(options: LoadOptions): Promise<number> {
  const { plan, ledger, onAcknowledged, signal } = options;
  const waiting = [...plan.deliveries.entries()];
  let acknowledged = 0;
  const sender = async () => {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift()) {
      const [index, delivery] = next;
      const rows = rowsOfDelivery(delivery, index);
      ledger.sent(rows);
      const taken =
        delivery.kind === 'batch'
          ? await sendBatch(options, delivery, index, rows)
          : delivery.kind === 'beacon'
            ? await sendBeacon(options, delivery, index, rows)
            : await sendFile(options, delivery, index);
      if (!taken) continue;
      ledger.acknowledged(rows);
      acknowledged += 1;
      onAcknowledged(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: plan.senders }, sender));
  return acknowledged;
}

function rowsOfDelivery(delivery: PlannedDelivery, index: number): SentRow[] {
  if (delivery.kind === 'batch') return rowsOf(delivery, index);
  if (delivery.kind === 'import') return linesOf(delivery, index);
  const kept = !delivery.refused;
  return delivery.ids.map((id, row) => ({ path: `/f/${index}/${row}`, id, kept, of: 'interactions' }));
}

function rowsOf({ ids, refusedEvery }: PlannedBatch, index: number): SentRow[] {
  return ids.map((id, row) => ({
    path: `/f/${index}/${row}`,
    id,
    kept: refusedEvery === 0 || row % refusedEvery !== 0,
  }));
}

function linesOf({ lines }: PlannedImport, index: number): SentRow[] {
  return Array.from({ length: lines }, (_, line) => ({ path: `/f/${index}/${line}`, id: null, kept: true }));
}

/** Whether it was acknowledged. */
async function sendBatch(
  { urls, key: token, ledger, signal, now }: LoadOptions,
  { key, again, twin, skewMs }: PlannedBatch,
  index: number,
  rows: readonly SentRow[],
): Promise<boolean> {
  const time = now + skewMs;
  const records = rows.map(({ path, id, kept }, row) => ({
    ...(id === null ? {} : { id }),
    time: time - row,
    'server.address': 'www.example.com',
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'url.path': path,
    'user_agent.original': BROWSER,
    ...(kept ? {} : { 'vedette.consent': 'refused' }),
  }));
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    ...(key === null ? {} : { 'idempotency-key': key }),
  };
  const body = Buffer.from(JSON.stringify(records));
  const post = async (attempt: number) => {
    const answer = await send(`${urls[(index + attempt) % urls.length]}/api/v1/requests`, { headers, body });
    if (answer.status !== 200) return isForLater(answer, ledger);
    const { accepted } = answer.json as { accepted?: number };
    if (accepted !== rows.length) ledger.complain(`delivery ${index}: ${accepted} of ${rows.length} were accepted`);
    return true;
  };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const tries = twin ? [attempt, attempt + 1] : [attempt];
    const taken = (await Promise.all(tries.map(post))).includes(true);
    if (taken && again) await post(attempt + 1);
    // Without a key a retry would be another delivery.
    if (taken || key === null) return taken;
    await sleep(AGAIN_MS);
  }
  return false;
}

/** Whether it was acknowledged. A page cannot know whether a beacon arrived, and sends its events again. */
async function sendBeacon(
  { urls, domain, ledger, signal }: LoadOptions,
  { refused, again, twin }: PlannedBeacon,
  index: number,
  rows: readonly SentRow[],
): Promise<boolean> {
  const headers = { 'content-type': 'text/plain', 'user-agent': BROWSER };
  const person = refused
    ? { choices: { analytical: false, marketing: false } }
    : { choices: { analytical: true, marketing: false }, visitor_id: 'ab'.repeat(16) };
  const post = async (part: readonly SentRow[], attempt: number) => {
    const events = part.map(({ path, id }) => ({ id, path, kind: 'click', name: 'fault', age: 0 }));
    const body = Buffer.from(JSON.stringify({ domain, ...person, events }));
    const answer = await send(`${urls[(index + attempt) % urls.length]}/api/v1/interactions`, { headers, body });
    // Until the hub has learnt of the site.
    if (answer.status === 404) return false;
    if (answer.status !== 202) return isForLater(answer, ledger);
    const { accepted } = answer.json as { accepted?: number };
    if (accepted !== part.length) ledger.complain(`beacon ${index}: ${accepted} of ${part.length} were accepted`);
    return true;
  };
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const tries = twin ? [attempt, attempt + 1] : [attempt];
    if ((await Promise.all(tries.map((one) => post(rows, one)))).includes(true)) {
      const half = Math.ceil(rows.length / 2);
      if (again) await Promise.all([post(rows.slice(0, half), attempt + 1), post(rows.slice(half - 1), attempt)]);
      return true;
    }
    await sleep(AGAIN_MS);
  }
  return false;
}

async function sendFile(options: LoadOptions, planned: PlannedImport, index: number): Promise<boolean> {
  const { urls, key, ledger, signal, now } = options;
  const whole = logFile(planned, index, now);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/octet-stream' };
  let attempt = 0;
  const post = async (text: Buffer, lines: number, cut: number | null) => {
    const body = planned.gzip ? gzipSync(text, { level: 1 }) : text;
    const url = `${urls[(index + attempt++) % urls.length]}/api/v1/imports?domain=log.example&format=combined&name=${index}.log`;
    const answer = await send(url, { headers, body, cutAfter: cut === null ? null : Math.floor(body.length * cut) });
    if (answer.status !== 200) return isForLater(answer, ledger);
    const { lines: told, truncated } = answer.json as ImportAnswer;
    if (truncated !== null) return false;
    if (told.accepted + told.known !== lines) {
      ledger.complain(`import ${index}: ${JSON.stringify(told)} of ${lines} lines`);
    }
    return true;
  };
  const until = async (text: Buffer, lines: number) => {
    while (!signal.aborted) {
      if (await post(text, lines, null)) return true;
      await sleep(AGAIN_MS);
    }
    return false;
  };
  if (planned.grows) {
    const lines = planned.lines >> 1;
    await until(logFile({ ...planned, lines }, index, now), lines);
  }
  for (const cut of planned.cuts) await post(whole, planned.lines, cut);
  const taken = await until(whole, planned.lines);
  if (taken && planned.again) await post(whole, planned.lines, null);
  return taken;
}

interface ImportAnswer {
  lines: { read: number; accepted: number; rejected: number; known: number };
  truncated: string | null;
}

/** Lines of the day before. */
function logFile({ lines, lineBytes }: PlannedImport, index: number, now: number): Buffer {
  const day = new Date(now - DAY_MS).toUTCString();
  const [, date = '', month = '', year = ''] = day.split(' ');
  const text = Array.from({ length: lines }, (_, line) => {
    const start = `192.0.2.${line % 200} - - [${date}/${month}/${year}:10:${two(line / 60)}:${two(line)} +0000] "GET /f/${index}/${line} HTTP/1.1" 200 5 "-" "${BROWSER}`;
    return `${start}${' '.repeat(Math.max(0, lineBytes - start.length))}"\n`;
  });
  return Buffer.from(text.join(''));
}

function two(number: number): string {
  return String(Math.floor(number) % 60).padStart(2, '0');
}

interface Sending {
  headers: Record<string, string>;
  body: Buffer;
  /** The connection breaks after so many bytes of the body; null: it does not. */
  cutAfter?: number | null;
}

interface Answer {
  /** 0: there was none. */
  status: number;
  json: unknown;
}

/** What was refused for now comes again; what was refused for good is no answer that the plan's deliveries may get. */
function isForLater({ status, json }: Answer, ledger: Ledger): false {
  const { type = '', detail = '' } = (json ?? {}) as { type?: string; detail?: string };
  const running = status === 409 && `${type} ${detail}`.includes('import');
  if (status >= 400 && status < 500 && !running && status !== 408 && status !== 429) {
    ledger.complain(`an answer ${status}: ${type} ${detail}`);
  }
  return false;
}

function send(url: string, { headers, body, cutAfter = null }: Sending): Promise<Answer> {
  return new Promise((resolve) => {
    const none = () => resolve({ status: 0, json: null });
    const message = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    message.on('error', none);
    message.on('response', async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve({ status: response.statusCode ?? 0, json: JSON.parse(Buffer.concat(chunks).toString()) });
      } catch {
        none();
      }
    });
    if (cutAfter === null) message.end(body);
    else message.write(body.subarray(0, cutAfter), () => message.destroy(new Error('cut off')));
  });
}
