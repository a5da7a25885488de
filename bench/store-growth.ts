import { readFile } from 'node:fs/promises';
import type { ClickHouse } from '../packages/server/src/stores/drivers/clickhouse/client.ts';
import { ALL_DOMAINS } from '../packages/server/src/stores/requests-fields.ts';

const SAMPLE = new URL('../packages/server/migrations/clickhouse/0003_sample.sql', import.meta.url);
const VISITOR = "if(r.visitor_id = '', r.client_key, sipHash64(r.visitor_id))";
const LIMITS = 'max_partitions_per_insert_block = 0, max_execution_time = 36000, max_insert_threads = 1';

/**
 * Makes a store that many times as large: every request comes again under other ids, from other visitors, with another
 * duration, at the same time and place. Ten times faster than to generate and insert as many. Roll-ups by hour and day
 * and the sample grow with the rows, those by minute do not.
 */
export async function growStore(clickhouse: ClickHouse, times: number): Promise<void> {
  if (times <= 1) return;
  await clickhouse.command('DROP TABLE IF EXISTS seed');
  await clickhouse.command(
    `CREATE TABLE seed ENGINE = MergeTree ORDER BY (tenant_id, domain, toStartOfHour(time), client_key, time)
     AS SELECT * FROM requests SETTINGS max_execution_time = 36000`,
  );
  const columns = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'requests' AND default_kind = ''
     ORDER BY position`,
  );
  const names = columns.map(({ name }) => name);
  for (let copy = 1; copy < times; copy += 1) {
    const other: Record<string, string> = {
      id: 'generateUUIDv7()',
      visitor_id: `if(r.visitor_id = '', '', lower(hex(sipHash128(r.visitor_id, ${copy}))))`,
      client_key: `if(r.client_key = 0, 0, sipHash64(r.client_key, ${copy}))`,
      net_key: `sipHash64(r.net_key, ${copy})`,
      duration_us: 'if(r.duration_us < 0, -1, r.duration_us + rand() % 100)',
    };
    const copied = names.map((name) => (name in other ? `${other[name]} AS ${name}` : name));
    await clickhouse.command(
      `INSERT INTO requests (${names.join(', ')}) SELECT ${copied.join(', ')} FROM seed AS r
       SETTINGS ${LIMITS}, min_insert_block_size_rows = 1048576`,
    );
    const visitor = `if(r.visitor_id = '', sipHash64(r.client_key, ${copy}), sipHash64(r.visitor_id, ${copy}))`;
    await clickhouse.command(
      `INSERT INTO visits_hour SELECT tenant_id, arrayJoin([toString(r.domain), '${ALL_DOMAINS}']) AS domain, toStartOfHour(r.time) AS bucket,
         multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class, origin,
         uniqStateIf(${visitor}, r.visitor_id != '' OR r.client_key != 0) AS visitors,
         quantilesDDStateIf(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(r.duration_us, r.duration_us >= 0) AS durations
       FROM seed AS r GROUP BY tenant_id, domain, bucket, class, origin SETTINGS ${LIMITS}`,
    );
  }
  await clickhouse.command('DROP TABLE seed SYNC');
  // The same groups with other numbers.
  await clickhouse.command(
    `INSERT INTO counts_hour SELECT c.* REPLACE (c.requests * ${times - 1} AS requests, c.bytes_in * ${times - 1} AS bytes_in,
       c.bytes_out * ${times - 1} AS bytes_out) FROM counts_hour AS c SETTINGS ${LIMITS}`,
  );
  await fillSample(clickhouse);
}

/** Draws the sample anew from the rows that are there, as the migration does. */
async function fillSample(clickhouse: ClickHouse): Promise<void> {
  const text = (await readFile(SAMPLE, 'utf8')).replace(/^--.*$/gm, '');
  const insert = text.split(/;\s*$/m).find((statement) => statement.trim().startsWith('INSERT'));
  if (insert === undefined || !insert.includes(VISITOR)) throw new Error('the migration of the sample has no INSERT');
  await clickhouse.command('TRUNCATE TABLE requests_sample SYNC');
  await clickhouse.command(insert.replace('SETTINGS insert', 'SETTINGS max_execution_time = 36000, insert'));
}

/** Waits until the engine has no merges under way for some seconds. */
export async function mergesSettled(clickhouse: ClickHouse): Promise<void> {
  let calm = 0;
  while (calm < 3) {
    const [row] = await clickhouse.query<{ n: number }>('SELECT count() AS n FROM system.merges');
    calm = row?.n === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
