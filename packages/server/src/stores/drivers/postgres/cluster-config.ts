/** Settings for a small hub. Operators put their own into `local.conf` in the cluster's directory, which is read last. */
const SETTINGS: Record<string, string> = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  max_connections: '60',
  password_encryption: "'scram-sha-256'",
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  wal_compression: 'on',
  max_wal_size: '512MB',
  // What was erased must not lie about in segments that wait to be used again.
  wal_recycle: 'off',
  // A container's /dev/shm may be 64 MB or less, and parallel queries are what needs it.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  fsync: 'on',
  synchronous_commit: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  lc_messages: "'C'",
  lc_monetary: "'C'",
  lc_numeric: "'C'",
  lc_time: "'C'",
  default_text_search_config: "'pg_catalog.english'",
  logging_collector: 'on',
  log_directory: "'log'",
  log_filename: "'postgresql-%a.log'",
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_truncate_on_rotation: 'on',
  log_checkpoints: 'off',
  log_line_prefix: "'%m [%p] %a '",
};

/** The text of postgresql.conf for a port; `more` overrides single settings. */
export function postgresqlConf(port: number, more: Record<string, string> = {}): string {
  const lines = Object.entries({ ...SETTINGS, port: String(port), ...more }).map(
    ([name, value]) => `${name} = ${value}`,
  );
  return [
    '# Written by Vedette at each start; put settings of your own into local.conf.',
    ...lines,
    "include_if_exists 'local.conf'",
    '',
  ].join('\n');
}

/** Only over loopback, only with the password. */
export const HBA_CONF = ['# Written by Vedette.', 'host all all 127.0.0.1/32 scram-sha-256', ''].join('\n');
