import type { PageReaders } from '../model/interaction.ts';
import type { WireReaders } from '../model/ways-in.ts';
import { readEvents } from './beacon.ts';
import { readBulk } from './bulk.ts';
import { createLineReaders } from './line-reader.ts';
import { readLogs, readSpans } from './otlp/read.ts';
import { readPlausible } from './plausible.ts';

/** Readers of what other programs send. Lines of access logs are read by the format their sender was found to use. */
export function createWireReaders(): WireReaders {
  const readerOf = createLineReaders();
  const linesOf = (sender: string) => (name: string) => readerOf(`${sender} ${name}`);
  return {
    spans: readSpans,
    logs: (body, encoding, sender) => readLogs(body, encoding, linesOf(sender)),
    bulk: (body, index, sender) => readBulk(body, index, linesOf(sender)),
  };
}

/** Readers of what pages send. */
export function createPageReaders(): PageReaders {
  return { events: readEvents, plausible: readPlausible };
}
