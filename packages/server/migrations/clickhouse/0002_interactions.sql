-- What people do in pages. All interactions enter interactions_in, which keeps nothing:
--
--     interactions_in ─┬─> interactions                rows of people who granted, with kept = 1
--                      └─> interaction_counts_hour ─> interaction_counts_day      everybody's
--
-- Deduplication windows as in 0001_requests.sql.

CREATE TABLE IF NOT EXISTS interactions_in
(
    tenant_id    UUID,
    domain       LowCardinality(String),
    id           UUID,
    time_ms      Int64,
    received_ms  Int64,
    expires_on   UInt16,
    kept         UInt8,
    visitor_id   String,
    client_key   UInt64,
    key_day      UInt16,
    country      LowCardinality(String),
    region       LowCardinality(String),
    city         LowCardinality(String),
    network_kind LowCardinality(String),
    device_type  LowCardinality(String),
    os_name      LowCardinality(String),
    browser_name LowCardinality(String),
    is_bot       UInt8,
    kind         LowCardinality(String),
    name         LowCardinality(String),
    path         LowCardinality(String),
    query        String,
    referrer     LowCardinality(String),
    value        Float64,
    has_value    UInt8
)
ENGINE = Null;

-- Rows are there of people who granted only.
CREATE TABLE IF NOT EXISTS interactions
(
    tenant_id    UUID CODEC(ZSTD(1)),
    domain       LowCardinality(String),
    id           UUID CODEC(ZSTD(1)),
    time         DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    received     DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    expires_on   Date,
    class        Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    visitor_id   String CODEC(ZSTD(1)),
    client_key   UInt64 CODEC(ZSTD(1)),
    key_day      UInt16 CODEC(ZSTD(1)),
    country      LowCardinality(String) CODEC(ZSTD(1)),
    region       LowCardinality(String) CODEC(ZSTD(1)),
    city         LowCardinality(String) CODEC(ZSTD(1)),
    network_kind LowCardinality(String) CODEC(ZSTD(1)),
    device_type  LowCardinality(String) CODEC(ZSTD(1)),
    os_name      LowCardinality(String) CODEC(ZSTD(1)),
    browser_name LowCardinality(String) CODEC(ZSTD(1)),
    kind         LowCardinality(String) CODEC(ZSTD(1)),
    name         LowCardinality(String) CODEC(ZSTD(1)),
    path         LowCardinality(String) CODEC(ZSTD(1)),
    query        String CODEC(ZSTD(1)),
    referrer     LowCardinality(String) CODEC(ZSTD(1)),
    value        Float64 CODEC(ZSTD(1)),
    has_value    UInt8 CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, domain, toStartOfHour(time), visitor_id, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS interactions_view TO interactions AS
SELECT
    tenant_id, domain, id,
    fromUnixTimestamp64Milli(time_ms, 'UTC') AS time,
    fromUnixTimestamp64Milli(received_ms, 'UTC') AS received,
    toDate(i.expires_on) AS expires_on,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    visitor_id, client_key, key_day, country, region, city, network_kind, device_type, os_name, browser_name,
    kind, name, path, query, referrer, value, has_value
FROM interactions_in AS i
WHERE i.kept = 1;

-- Everybody's, by what may be counted of people who may not be followed.
CREATE TABLE IF NOT EXISTS interaction_counts_hour
(
    tenant_id    UUID CODEC(ZSTD(1)),
    domain       LowCardinality(String) CODEC(ZSTD(1)),
    bucket       DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    class        Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    kept         UInt8 CODEC(ZSTD(1)),
    kind         LowCardinality(String) CODEC(ZSTD(1)),
    name         LowCardinality(String) CODEC(ZSTD(1)),
    country      LowCardinality(String) CODEC(ZSTD(1)),
    device_type  LowCardinality(String) CODEC(ZSTD(1)),
    interactions SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    valued       SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    value_sum    SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
    values       AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.95), Float64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, kept, kind, name, country, device_type)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE TABLE IF NOT EXISTS interaction_counts_day AS interaction_counts_hour
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, kept, kind, name, country, device_type)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

CREATE MATERIALIZED VIEW IF NOT EXISTS interaction_counts_hour_view TO interaction_counts_hour AS
SELECT
    tenant_id, domain,
    toDateTime(intDiv(time_ms, 3600000) * 3600, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    kept, kind, name, country, device_type,
    count() AS interactions,
    countIf(i.has_value = 1) AS valued,
    sumIf(i.value, i.has_value = 1) AS value_sum,
    quantilesDDStateIf(0.01, 0.5, 0.75, 0.95)(i.value, i.has_value = 1) AS values
FROM interactions_in AS i
GROUP BY tenant_id, domain, bucket, class, kept, kind, name, country, device_type;

CREATE MATERIALIZED VIEW IF NOT EXISTS interaction_counts_day_view TO interaction_counts_day AS
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, kept, kind, name, country, device_type,
    sum(finer.interactions) AS interactions, sum(finer.valued) AS valued, sum(finer.value_sum) AS value_sum,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.95)(finer.values) AS values
FROM interaction_counts_hour AS finer
GROUP BY tenant_id, domain, bucket, class, kept, kind, name, country, device_type;

-- Derived from requests and interactions, a whole day (UTC, of the session's start) at a time, whose partition is put
-- in the place of the last one. Each row says of which derivation it is: sessions that began before `derived_until` are
-- there, from so many rows as `counted`. One row of no tenant says so where nobody had a session.
CREATE TABLE IF NOT EXISTS sessions
(
    tenant_id     UUID CODEC(ZSTD(1)),
    domain        LowCardinality(String) CODEC(ZSTD(1)),
    day           Date CODEC(ZSTD(1)),
    started       DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    ended         DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    expires_on    Date CODEC(ZSTD(1)),
    visitor_id    String CODEC(ZSTD(1)),
    client_key    UInt64 CODEC(ZSTD(1)),
    hits          UInt32 CODEC(ZSTD(1)),
    pages         UInt32 CODEC(ZSTD(1)),
    entry         LowCardinality(String) CODEC(ZSTD(1)),
    exit          LowCardinality(String) CODEC(ZSTD(1)),
    referrer      LowCardinality(String) CODEC(ZSTD(1)),
    country       LowCardinality(String) CODEC(ZSTD(1)),
    device_type   LowCardinality(String) CODEC(ZSTD(1)),
    os_name       LowCardinality(String) CODEC(ZSTD(1)),
    browser_name  LowCardinality(String) CODEC(ZSTD(1)),
    derived_until DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    counted       UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY day
ORDER BY (tenant_id, domain, started, visitor_id, client_key)
SETTINGS min_bytes_for_wide_part = 134217728;
