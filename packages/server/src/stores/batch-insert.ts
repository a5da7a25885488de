import { Fault } from '../model/fault.ts';
import type { ClickHouse, Settings } from './drivers/clickhouse/client.ts';

/** One batch: rows as one block of the Native format, and the token that drops a repetition. */
export interface Batch {
  token: string;
  count: number;
  bytes: Buffer;
}

const MOST_ROWS = 16_777_216;

// One batch becomes one block of one part in each table: the token then stands for all of it. With several blocks a
// repetition that is cut elsewhere would not be recognised.
const INSERT_SETTINGS: Settings = {
  async_insert: 0,
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  input_format_parallel_parsing: 0,
  max_insert_threads: 1,
  max_threads: 1,
  parallel_view_processing: 0,
  max_insert_block_size: MOST_ROWS,
  min_insert_block_size_rows: MOST_ROWS,
  min_insert_block_size_bytes: 0,
  max_block_size: MOST_ROWS,
  group_by_two_level_threshold: 0,
  group_by_two_level_threshold_bytes: 0,
  // A new part is small enough to be read through; indexes come with its first merge.
  materialize_skip_indexes_on_insert: 0,
  // A batch of an old log may touch many months of the roll-ups.
  max_partitions_per_insert_block: 0,
  max_execution_time: 120,
};

/** Stores a batch as one INSERT. A repetition under the same token changes nothing, in rows and roll-ups. */
export async function insertBatch(
  clickhouse: ClickHouse,
  table: string,
  { token, count, bytes }: Batch,
): Promise<void> {
  if (count === 0) return;
  if (count > MOST_ROWS) throw new Fault('batch-too-large', `a batch of ${count} rows is over ${MOST_ROWS}`);
  const settings = { ...INSERT_SETTINGS, insert_deduplication_token: token };
  await clickhouse.insertBlock({ table, bytes, settings });
}
