-- All requests enter requests_in, which keeps nothing. Views feed what is kept:
--
--     requests_in ─┬─> requests                 rows with kept = 1
--                  ├─> counts_minute ─> counts_hour ─> counts_day
--                  └─> visits_minute ─> visits_hour ─> visits_day
--
-- Each target table has a deduplication window of its own, larger than the number of batches that can be
-- unacknowledged, so that a repeated batch is dropped in every one of them.

CREATE TABLE IF NOT EXISTS requests_in
(
    tenant_id      UUID,
    domain         LowCardinality(String),
    id             UUID,
    time_ms        Int64,
    received_ms    Int64,
    expires_on     UInt16,
    kept           UInt8,
    consent        LowCardinality(String),
    origin         LowCardinality(String),
    visitor_id     String,
    client_key     UInt64,
    net_key        UInt64,
    site_key       UInt64,
    key_day        UInt16,
    country        LowCardinality(String),
    region         LowCardinality(String),
    city           LowCardinality(String),
    asn            UInt32,
    as_org         LowCardinality(String),
    isp            LowCardinality(String),
    network_kind   LowCardinality(String),
    device_type    LowCardinality(String),
    os_name        LowCardinality(String),
    browser_name   LowCardinality(String),
    is_bot         UInt8,
    bot_name       LowCardinality(String),
    bot_kind       LowCardinality(String),
    bot_verified   UInt8,
    method         LowCardinality(String),
    path           LowCardinality(String),
    route          LowCardinality(String),
    query          String,
    status         UInt16,
    duration_us    Int64,
    bytes_in       Int64,
    bytes_out      Int64,
    protocol       LowCardinality(String),
    headers        Map(String, String),
    user_agent     LowCardinality(String),
    user_agent_known UInt8,
    referrer       LowCardinality(String),
    threat_score   Int8,
    threat_sources Array(String),
    attack_score   Int8,
    attack_rules   Array(String)
)
ENGINE = Null;

-- Sorted by client within the hour: what belongs to one client (keys, place, network, agent) then repeats from row to
-- row and costs next to nothing. -1 stands for an unknown number, '' for an unknown text, as in the model; a NULL user
-- agent means that the source does not say, an empty one that the client sent none. Two columns are stored as what they
-- differ by: `received` by its distance from `time`, `route` only where it is not the path itself.
CREATE TABLE IF NOT EXISTS requests
(
    tenant_id      UUID CODEC(ZSTD(1)),
    domain         LowCardinality(String),
    id             UUID CODEC(ZSTD(1)),
    time           DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received_lag   Int64 CODEC(T64, ZSTD(1)),
    received       DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(toUnixTimestamp64Milli(time) + received_lag, 'UTC'),
    expires_on     Date,
    consent        LowCardinality(String),
    origin         LowCardinality(String),
    visitor_id     String CODEC(ZSTD(1)),
    client_key     UInt64 CODEC(ZSTD(1)),
    net_key        UInt64 CODEC(ZSTD(1)),
    site_key       UInt64 CODEC(ZSTD(1)),
    key_day        UInt16 CODEC(ZSTD(1)),
    country        LowCardinality(String) CODEC(ZSTD(1)),
    region         LowCardinality(String) CODEC(ZSTD(1)),
    city           LowCardinality(String) CODEC(ZSTD(1)),
    asn            UInt32 CODEC(ZSTD(1)),
    as_org         LowCardinality(String) CODEC(ZSTD(1)),
    isp            LowCardinality(String) CODEC(ZSTD(1)),
    network_kind   LowCardinality(String) CODEC(ZSTD(1)),
    device_type    LowCardinality(String) CODEC(ZSTD(1)),
    os_name        LowCardinality(String) CODEC(ZSTD(1)),
    browser_name   LowCardinality(String) CODEC(ZSTD(1)),
    is_bot         UInt8 CODEC(ZSTD(1)),
    bot_name       LowCardinality(String) CODEC(ZSTD(1)),
    bot_kind       LowCardinality(String) CODEC(ZSTD(1)),
    bot_verified   UInt8 CODEC(ZSTD(1)),
    method         LowCardinality(String) CODEC(ZSTD(1)),
    path           LowCardinality(String) CODEC(ZSTD(1)),
    template       LowCardinality(String) CODEC(ZSTD(1)),
    route          String ALIAS if(template = '', path, template),
    query          String CODEC(ZSTD(1)),
    status         UInt16 CODEC(ZSTD(1)),
    duration_us    Int64 CODEC(T64, ZSTD(1)),
    bytes_in       Int64 CODEC(T64, ZSTD(1)),
    bytes_out      Int64 CODEC(T64, ZSTD(1)),
    protocol       LowCardinality(String) CODEC(ZSTD(1)),
    headers        Map(String, String) CODEC(ZSTD(1)),
    user_agent     LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    referrer       LowCardinality(String) CODEC(ZSTD(1)),
    threat_score   Int8 CODEC(ZSTD(1)),
    threat_sources Array(String) CODEC(ZSTD(1)),
    attack_score   Int8 CODEC(ZSTD(1)),
    attack_rules   Array(String) CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, domain, toStartOfHour(time), client_key, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS requests_view TO requests AS
SELECT
    tenant_id, domain, id,
    fromUnixTimestamp64Milli(time_ms, 'UTC') AS time,
    received_ms - time_ms AS received_lag,
    toDate(i.expires_on) AS expires_on,
    consent, origin, visitor_id, client_key, net_key, site_key, key_day,
    country, region, city, asn, as_org, isp, network_kind,
    device_type, os_name, browser_name, is_bot, bot_name, bot_kind, bot_verified,
    method, path, if(i.route = i.path, '', i.route) AS template, query, status, duration_us, bytes_in, bytes_out,
    protocol, headers, if(i.user_agent_known = 1, i.user_agent, NULL) AS user_agent, referrer,
    threat_score, threat_sources, attack_score, attack_rules
FROM requests_in AS i
WHERE i.kept = 1;

-- Counts by everything that is counted of a request nobody may keep. `sizes_known`: 1 if any request of the bucket
-- told its incoming bytes, 2 its outgoing ones.
CREATE TABLE IF NOT EXISTS counts_minute
(
    tenant_id    UUID CODEC(ZSTD(1)),
    domain       LowCardinality(String) CODEC(ZSTD(1)),
    bucket       DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    class        Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    origin       LowCardinality(String) CODEC(ZSTD(1)),
    kept         UInt8 CODEC(ZSTD(1)),
    country      LowCardinality(String) CODEC(ZSTD(1)),
    device_type  LowCardinality(String) CODEC(ZSTD(1)),
    status_class UInt8 CODEC(ZSTD(1)),
    requests     SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    bytes_in     SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    bytes_out    SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    sizes_known  SimpleAggregateFunction(groupBitOr, UInt8) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS counts_hour AS counts_minute
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS counts_day AS counts_minute
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS counts_minute_view TO counts_minute AS
SELECT
    tenant_id, domain,
    toDateTime(intDiv(time_ms, 60000) * 60, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    origin, kept, country, device_type,
    intDiv(status, 100) AS status_class,
    count() AS requests,
    sumIf(i.bytes_in, i.bytes_in >= 0) AS bytes_in,
    sumIf(i.bytes_out, i.bytes_out >= 0) AS bytes_out,
    groupBitOr((i.bytes_in >= 0) + 2 * (i.bytes_out >= 0)) AS sizes_known
FROM requests_in AS i
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

CREATE MATERIALIZED VIEW IF NOT EXISTS counts_hour_view TO counts_hour AS
SELECT
    tenant_id, domain, toStartOfHour(finer.bucket) AS bucket, class, origin, kept, country, device_type, status_class,
    sum(finer.requests) AS requests, sum(finer.bytes_in) AS bytes_in, sum(finer.bytes_out) AS bytes_out, groupBitOr(finer.sizes_known) AS sizes_known
FROM counts_minute AS finer
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

CREATE MATERIALIZED VIEW IF NOT EXISTS counts_day_view TO counts_day AS
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin, kept, country, device_type, status_class,
    sum(finer.requests) AS requests, sum(finer.bytes_in) AS bytes_in, sum(finer.bytes_out) AS bytes_out, groupBitOr(finer.sizes_known) AS sizes_known
FROM counts_hour AS finer
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

-- Uniques and latency by fewer dimensions, because a state costs more than a count.
CREATE TABLE IF NOT EXISTS visits_minute
(
    tenant_id  UUID CODEC(ZSTD(1)),
    domain     LowCardinality(String) CODEC(ZSTD(1)),
    bucket     DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    class      Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    origin     LowCardinality(String) CODEC(ZSTD(1)),
    visitors   AggregateFunction(uniq, UInt64) CODEC(ZSTD(1)),
    durations  AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS visits_hour AS visits_minute
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS visits_day AS visits_minute
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS visits_minute_view TO visits_minute AS
SELECT
    tenant_id, domain,
    toDateTime(intDiv(time_ms, 60000) * 60, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    origin,
    uniqStateIf(if(visitor_id = '', client_key, sipHash64(visitor_id)), kept = 1 AND (visitor_id != '' OR client_key != 0)) AS visitors,
    quantilesDDStateIf(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(duration_us, duration_us >= 0) AS durations
FROM requests_in AS i
GROUP BY tenant_id, domain, bucket, class, origin;

CREATE MATERIALIZED VIEW IF NOT EXISTS visits_hour_view TO visits_hour AS
SELECT
    tenant_id, domain, toStartOfHour(finer.bucket) AS bucket, class, origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM visits_minute AS finer
GROUP BY tenant_id, domain, bucket, class, origin;

CREATE MATERIALIZED VIEW IF NOT EXISTS visits_day_view TO visits_day AS
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM visits_hour AS finer
GROUP BY tenant_id, domain, bucket, class, origin;

-- The only place where addresses are, for an hour after they were last seen.
CREATE TABLE IF NOT EXISTS live_addresses
(
    tenant_id  UUID,
    client_key UInt64,
    address    String,
    last_seen  DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(last_seen)
PARTITION BY toStartOfHour(last_seen)
ORDER BY (tenant_id, client_key, address);
