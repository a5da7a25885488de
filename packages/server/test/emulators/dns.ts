import { createSocket } from 'node:dgram';

const TYPE_TXT = 16;
const NXDOMAIN = 3;
const SERVFAIL = 2;
const LONGEST_PART = 255;

/** A name server over UDP (RFC 1035) that knows TXT records. */
export interface DnsEmulator {
  /** As VEDETTE_DNS_SERVERS has it. */
  server: string;
  /** Texts by name; a name that is here with none has no TXT record, another does not exist. */
  texts: Map<string, string[]>;
  /** What it does instead of answering. */
  mode: 'answer' | 'fail' | 'silent';
  /** Names it was asked for, in order. */
  asked: string[];
  close(): Promise<void>;
}

export async function startDnsEmulator(): Promise<DnsEmulator> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const emulator: DnsEmulator = {
    server: `127.0.0.1:${socket.address().port}`,
    texts: new Map(),
    mode: 'answer',
    asked: [],
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    emulator.asked.push(name);
    if (emulator.mode === 'silent') return;
    const texts = type === TYPE_TXT ? (emulator.texts.get(name) ?? []) : [];
    const code = emulator.mode === 'fail' ? SERVFAIL : emulator.texts.has(name) ? 0 : NXDOMAIN;
    socket.send(answerOf(query.subarray(0, end), code, code === 0 ? texts : []), from.port, from.address);
  });
  return emulator;
}

/** The first question; names come in it as labels, each with its length, until an empty one. */
function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerOf(question: Buffer, code: number, texts: readonly string[]): Buffer {
  const head = Buffer.from(question);
  // An answer, recursion desired as asked and available.
  head.writeUInt16BE(0x8080 | (question.readUInt16BE(2) & 0x0100) | code, 2);
  head.writeUInt16BE(texts.length, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  return Buffer.concat([head, ...texts.map(recordOf)]);
}

/** A record of the name that was asked for, which stands at byte 12; its text in parts of at most 255 bytes. */
function recordOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (let from = 0; from < bytes.length || from === 0; from += LONGEST_PART) {
    const part = bytes.subarray(from, from + LONGEST_PART);
    parts.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(parts);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(TYPE_TXT, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
