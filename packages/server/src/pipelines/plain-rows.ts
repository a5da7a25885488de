import { PlainLine, plainParts, UNSAID } from '../collect/access-log/plain-line.ts';
import { ByteDictionary } from '../flow/byte-dictionary.ts';
import type { Agent } from '../model/enrichment.ts';
import type { Keeping } from '../privacy/consent.ts';
import { dayOf } from '../privacy/retention.ts';
import type { CodedNumbers, CodedRows, CodedTarget } from '../stores/coded-rows.ts';
import type { RowEncoder } from '../stores/requests-encoding.ts';
import type { ClientPart, Context, PrepareParts } from './prepare.ts';

/** Distinct texts of one kind that are remembered, and their bytes. */
const MOST_TEXTS = 65_536;
const MOST_BYTES = 16 * 1024 * 1024;
/** What was looked up is looked up anew after so long: place and network data may be exchanged meanwhile. */
const FRESH_MS = 60_000;
/** Stands for a user agent that the line has no field for; no plain text holds it. */
const ABSENT = Buffer.from([0]);

/**
 * The short way of plain lines into a block of rows: the texts of a line are numbered by their bytes, and what follows
 * from each (client key and place, agent, route …) is worked out once a text instead of once a line. The rows are the
 * same as those of the long way, `parse → prepare → add`, ids aside.
 */
export class PlainRows {
  readonly #parts: PrepareParts;
  readonly #line = new PlainLine();
  readonly #clients: Known<ClientPart>;
  readonly #agents: Known<{ userAgent: string | null; agent: Agent }>;
  readonly #targets: Known<CodedTarget>;
  readonly #referrers: Known<string>;
  readonly #numbers: CodedNumbers = { time: 0, expiresOn: 0, status: 0, bytesOut: 0 };
  #rows: RowEncoder | null = null;
  #coded: CodedRows | null = null;
  #context: Context | null = null;
  /** What is kept of all rows that go this way. */
  #keeping: Keeping | null = null;
  #since = 0;

  constructor(parts: PrepareParts) {
    this.#parts = parts;
    const { client, target, quoted } = plainParts;
    this.#clients = new Known(
      (bytes, from, to) => parts.client(client(bytes, from, to), this.#own().received),
      ({ keys, place, network }) => this.#codes().client(keys, parts.place(place, this.#keeping as Keeping), network),
    );
    this.#agents = new Known(
      (bytes, from, to) => {
        const userAgent = bytes === ABSENT ? null : quoted(bytes, from, to);
        return { userAgent, agent: parts.agent(userAgent) };
      },
      ({ userAgent, agent }) => this.#codes().agent(userAgent, agent),
    );
    this.#targets = new Known(
      (bytes, from, to) => {
        const { method, protocol, host, path, query } = target(bytes, from, to);
        const own = parts.target({ host, path, query, route: UNSAID.route }, this.#own().fallbackHost);
        return { method, protocol, ...own };
      },
      (part) => this.#codes().target(part),
    );
    this.#referrers = new Known(
      (bytes, from, to) => parts.referrer(quoted(bytes, from, to), this.#keeping as Keeping),
      (text) => this.#codes().referrer(text),
    );
  }

  /** ms since the epoch of the line that was read last. */
  get time(): number {
    return this.#numbers.time;
  }

  /** Goes on with the rows of another range. */
  begin(rows: RowEncoder, context: Context): void {
    const before = this.#context;
    const now = performance.now();
    const same =
      before !== null &&
      dayOf(before.received) === dayOf(context.received) &&
      before.fallbackHost === context.fallbackHost &&
      before.policy === context.policy &&
      now - this.#since < FRESH_MS;
    if (!same) {
      this.#since = now;
      this.#keeping = null;
    }
    for (const known of [this.#clients, this.#agents, this.#targets, this.#referrers]) known.begin(same);
    this.#rows = rows;
    this.#coded = null;
    this.#context = context;
  }

  /** Adds the line at an offset; the offset after it, or -1 for a line that has to go the long way. */
  read(bytes: Buffer, from: number): number {
    const line = this.#line;
    if (!line.scan(bytes, from)) return -1;
    const parts = this.#parts;
    const context = this.#own();
    const client = this.#clients.find(bytes, from, line.clientEnd);
    const agent =
      line.agentFrom === 0 ? this.#agents.find(ABSENT, 0, 1) : this.#agents.find(bytes, line.agentFrom, line.agentTo);
    const keeping = parts.keeping(UNSAID, agent.agent, client.network, context.policy);
    if (!keeping.row) return -1;
    this.#keeping ??= keeping;
    if (keeping !== this.#keeping) return -1;
    const expiresOn = parts.expiry(line.time, keeping, context);
    if (typeof expiresOn !== 'number') return -1;
    this.#targets.find(bytes, line.requestFrom, line.requestTo);
    this.#referrers.find(bytes, line.referrerFrom, line.referrerTo);
    const numbers = this.#numbers;
    numbers.time = line.time;
    numbers.expiresOn = expiresOn;
    numbers.status = line.status;
    numbers.bytesOut = line.bytesOut;
    const coded = this.#codes();
    coded.add(this.#clients.place(), this.#agents.place(), this.#targets.place(), this.#referrers.place(), numbers);
    return line.next;
  }

  #own(): Context {
    return this.#context as Context;
  }

  /** The block's coded rows, begun with the first of them. */
  #codes(): CodedRows {
    if (this.#coded !== null) return this.#coded;
    const { tenantId, received, origin } = this.#own();
    const { consent } = this.#keeping as Keeping;
    const rows = this.#rows as RowEncoder;
    const firstId = this.#parts.reserveIds(received, rows.capacity);
    this.#coded = rows.coded({ tenantId, received, origin, consent, firstId });
    return this.#coded;
  }
}

/** Texts of one kind, what follows from each, and its place in the block at hand. */
class Known<Value> {
  readonly #numbers = new ByteDictionary(MOST_TEXTS, MOST_BYTES);
  readonly #values: Value[] = [];
  #places = new Int32Array(1024).fill(-1);
  readonly #make: (bytes: Buffer, from: number, to: number) => Value;
  readonly #enter: (value: Value) => number;
  #found = -1;
  #value: Value | undefined;

  /** `make`: what follows from a text; `enter`: puts it into the block and answers its place there. */
  constructor(make: (bytes: Buffer, from: number, to: number) => Value, enter: (value: Value) => number) {
    this.#make = make;
    this.#enter = enter;
  }

  /** A new block; `keep`: what is known still holds. */
  begin(keep: boolean): void {
    if (!keep || this.#numbers.full) {
      this.#numbers.clear();
      this.#values.length = 0;
    }
    this.#places.fill(-1);
  }

  /** What follows from the text at these offsets. One that there is no room for is worked out each time. */
  find(bytes: Buffer, from: number, to: number): Value {
    const number = this.#numbers.number(bytes, from, to);
    this.#found = number;
    if (number >= 0 && number < this.#values.length) return (this.#value = this.#values[number] as Value);
    const value = this.#make(bytes, from, to);
    if (number >= 0) this.#values.push(value);
    return (this.#value = value);
  }

  /** The place of what was found last. */
  place(): number {
    const number = this.#found;
    if (number < 0) return this.#enter(this.#value as Value);
    if (number >= this.#places.length) this.#grow(number);
    let place = this.#places[number] as number;
    if (place < 0) {
      place = this.#enter(this.#value as Value);
      this.#places[number] = place;
    }
    return place;
  }

  #grow(number: number): void {
    const places = new Int32Array(Math.max(number + 1, 2 * this.#places.length)).fill(-1);
    places.set(this.#places);
    this.#places = places;
  }
}
