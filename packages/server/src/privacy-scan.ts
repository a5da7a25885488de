import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSource, sourceOf } from './collect/access-log/source.ts';
import type { Config } from './config.ts';
import { readSpool } from './flow/spool-reader.ts';
import { kafkaPlaceOf } from './pipeline.ts';
import { type BatchSource, type LyingBatch, type ScanSources, scan } from './privacy/scan.ts';
import type { FileTools } from './privacy/scan-files.ts';
import type { ScanReport } from './privacy/scan-tally.ts';
import { blockTexts } from './stores/native-rows.ts';
import { lookIntoKafka } from './stores/stream.ts';
import type { Texts } from './stores/texts.ts';

const ENGINE = 'is looked at through its tables; the files themselves are in the engine’s own form';

/** Scans everything that this process can reach: the engines, what is on its way, the data directory. */
export function scanHub(config: Config, texts: readonly Texts[], signal: AbortSignal): Promise<ScanReport> {
  return scan(hubSources(config, texts, signal));
}

/** Scans files and directories only: logs, backups. */
export function scanFiles(paths: readonly string[], signal: AbortSignal): Promise<ScanReport> {
  return scan({ texts: [], batches: [], directory: null, paths, skipped: [], tools: fileTools(signal) });
}

function hubSources(config: Config, texts: readonly Texts[], signal: AbortSignal): ScanSources {
  const { data } = config;
  const skipped: { place: string; why: string }[] = [];
  const batches: BatchSource[] = [{ source: 'spool', read: () => spoolBatches(join(data, 'spool')) }];
  const place = kafkaPlaceOf(config);
  if (place === null) skipped.push({ place: 'Kafka', why: 'is not used (KAFKA_BROKERS)' });
  else batches.push({ source: 'Kafka', read: () => kafkaBatches(lookIntoKafka(place, signal)) });
  // The embedded server's log is plain text, which may quote what it could not take.
  const logs = [join(data, 'postgres', 'cluster', 'log')].filter((path) => existsSync(path));
  if (config.roles.length < 4) {
    skipped.push({ place: 'other processes', why: 'have spools and data directories of their own: run this there' });
  }
  return { texts, batches, directory: directoryOf(data), paths: logs, skipped, tools: fileTools(signal) };
}

/** The data directory without what is looked at otherwise, or is what protects the rest. */
function directoryOf(data: string): ScanSources['directory'] {
  const leaveOut = new Map<string, string>();
  const leave = (name: string, why: string) => {
    if (existsSync(join(data, name))) leaveOut.set(join(data, name), why);
  };
  leave('clickhouse', ENGINE);
  leave('postgres', ENGINE);
  leave('spool', 'is looked at batch by batch');
  leave('geo', 'is public data about networks: their addresses, nobody’s');
  leave('master.key', 'is the key that seals the rest, and has to be here');
  for (const name of ['control.sock', 'control.path', 'hub.lock']) leave(name, 'says where the running hub is');
  return { path: data, leaveOut };
}

async function* spoolBatches(dir: string): AsyncGenerator<LyingBatch> {
  for await (const { name, meta, bytes, reason } of readSpool(dir)) {
    yield { name, meta: JSON.stringify({ meta, reason }), bytes: bytes.length, texts: () => blockTexts(bytes) };
  }
}

async function* kafkaBatches(messages: ReturnType<typeof lookIntoKafka>): AsyncGenerator<LyingBatch> {
  for await (const { topic, bytes, batch } of messages) {
    const read = await batch().catch((error: unknown) => error as Error);
    yield {
      name: topic,
      meta: read instanceof Error ? '' : JSON.stringify({ token: read.token, receipts: read.receipts }),
      bytes,
      texts() {
        if (read instanceof Error) throw read;
        return blockTexts(read.bytes);
      },
    };
  }
}

function fileTools(signal: AbortSignal): FileTools {
  return { open: openSource, unpack: (name, bytes) => sourceOf(name, undefined, bytes), signal };
}
