CREATE TABLE vedette.counts_day
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `kept` UInt8 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `status_class` UInt8 CODEC(ZSTD(1)),
    `requests` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_in` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_out` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `sizes_known` SimpleAggregateFunction(groupBitOr, UInt8) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.counts_day_view TO vedette.counts_day
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3),
    `origin` LowCardinality(String),
    `kept` UInt8,
    `country` LowCardinality(String),
    `device_type` LowCardinality(String),
    `status_class` UInt8,
    `requests` UInt64,
    `bytes_in` UInt64,
    `bytes_out` UInt64,
    `sizes_known` UInt8
)
AS SELECT
    tenant_id,
    domain,
    toStartOfDay(finer.bucket) AS bucket,
    class,
    origin,
    kept,
    country,
    device_type,
    status_class,
    sum(finer.requests) AS requests,
    sum(finer.bytes_in) AS bytes_in,
    sum(finer.bytes_out) AS bytes_out,
    groupBitOr(finer.sizes_known) AS sizes_known
FROM vedette.counts_hour AS finer
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin,
    kept,
    country,
    device_type,
    status_class;

CREATE TABLE vedette.counts_hour
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `kept` UInt8 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `status_class` UInt8 CODEC(ZSTD(1)),
    `requests` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_in` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_out` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `sizes_known` SimpleAggregateFunction(groupBitOr, UInt8) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.counts_hour_view TO vedette.counts_hour
(
    `tenant_id` UUID,
    `domain` String,
    `bucket` DateTime('UTC'),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3),
    `origin` LowCardinality(String),
    `kept` UInt8,
    `country` LowCardinality(String),
    `device_type` LowCardinality(String),
    `status_class` UInt8,
    `requests` UInt64,
    `bytes_in` UInt64,
    `bytes_out` UInt64,
    `sizes_known` UInt8
)
AS SELECT
    tenant_id,
    arrayJoin([toString(finer.domain), 'ALL']) AS domain,
    toStartOfHour(finer.bucket) AS bucket,
    class,
    origin,
    kept,
    country,
    device_type,
    status_class,
    sum(finer.requests) AS requests,
    sum(finer.bytes_in) AS bytes_in,
    sum(finer.bytes_out) AS bytes_out,
    groupBitOr(finer.sizes_known) AS sizes_known
FROM vedette.counts_minute AS finer
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin,
    kept,
    country,
    device_type,
    status_class;

CREATE TABLE vedette.counts_minute
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `kept` UInt8 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `status_class` UInt8 CODEC(ZSTD(1)),
    `requests` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_in` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `bytes_out` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `sizes_known` SimpleAggregateFunction(groupBitOr, UInt8) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.counts_minute_view TO vedette.counts_minute
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` UInt8,
    `origin` LowCardinality(String),
    `kept` UInt8,
    `country` LowCardinality(String),
    `device_type` LowCardinality(String),
    `status_class` UInt16,
    `requests` UInt64,
    `bytes_in` Int64,
    `bytes_out` Int64,
    `sizes_known` UInt32
)
AS SELECT
    tenant_id,
    domain,
    toDateTime(intDiv(time_ms, 60000) * 60, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    origin,
    kept,
    country,
    device_type,
    intDiv(status, 100) AS status_class,
    count() AS requests,
    sumIf(i.bytes_in, i.bytes_in >= 0) AS bytes_in,
    sumIf(i.bytes_out, i.bytes_out >= 0) AS bytes_out,
    groupBitOr((i.bytes_in >= 0) + (2 * (i.bytes_out >= 0))) AS sizes_known
FROM vedette.requests_in AS i
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin,
    kept,
    country,
    device_type,
    status_class;

CREATE TABLE vedette.interaction_counts_day
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `kept` UInt8 CODEC(ZSTD(1)),
    `kind` LowCardinality(String) CODEC(ZSTD(1)),
    `name` LowCardinality(String) CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `interactions` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `valued` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `value_sum` SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
    `values` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.95), Float64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, kept, kind, name, country, device_type)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.interaction_counts_day_view TO vedette.interaction_counts_day
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3),
    `kept` UInt8,
    `kind` LowCardinality(String),
    `name` LowCardinality(String),
    `country` LowCardinality(String),
    `device_type` LowCardinality(String),
    `interactions` UInt64,
    `valued` UInt64,
    `value_sum` Float64,
    `values` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.95), Float64)
)
AS SELECT
    tenant_id,
    domain,
    toStartOfDay(finer.bucket) AS bucket,
    class,
    kept,
    kind,
    name,
    country,
    device_type,
    sum(finer.interactions) AS interactions,
    sum(finer.valued) AS valued,
    sum(finer.value_sum) AS value_sum,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.95)(finer.`values`) AS `values`
FROM vedette.interaction_counts_hour AS finer
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    kept,
    kind,
    name,
    country,
    device_type;

CREATE TABLE vedette.interaction_counts_hour
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `kept` UInt8 CODEC(ZSTD(1)),
    `kind` LowCardinality(String) CODEC(ZSTD(1)),
    `name` LowCardinality(String) CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `interactions` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `valued` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `value_sum` SimpleAggregateFunction(sum, Float64) CODEC(ZSTD(1)),
    `values` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.95), Float64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, kept, kind, name, country, device_type)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.interaction_counts_hour_view TO vedette.interaction_counts_hour
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` UInt8,
    `kept` UInt8,
    `kind` LowCardinality(String),
    `name` LowCardinality(String),
    `country` LowCardinality(String),
    `device_type` LowCardinality(String),
    `interactions` UInt64,
    `valued` UInt64,
    `value_sum` Float64,
    `values` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.95), Float64)
)
AS SELECT
    tenant_id,
    domain,
    toDateTime(intDiv(time_ms, 3600000) * 3600, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    kept,
    kind,
    name,
    country,
    device_type,
    count() AS interactions,
    countIf(i.has_value = 1) AS valued,
    sumIf(i.value, i.has_value = 1) AS value_sum,
    quantilesDDStateIf(0.01, 0.5, 0.75, 0.95)(i.value, i.has_value = 1) AS `values`
FROM vedette.interactions_in AS i
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    kept,
    kind,
    name,
    country,
    device_type;

CREATE TABLE vedette.interactions
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String),
    `id` UUID CODEC(ZSTD(1)),
    `time` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `received` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `expires_on` Date,
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `visitor_id` String CODEC(ZSTD(1)),
    `client_key` UInt64 CODEC(ZSTD(1)),
    `key_day` UInt16 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `region` LowCardinality(String) CODEC(ZSTD(1)),
    `city` LowCardinality(String) CODEC(ZSTD(1)),
    `network_kind` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `os_name` LowCardinality(String) CODEC(ZSTD(1)),
    `browser_name` LowCardinality(String) CODEC(ZSTD(1)),
    `kind` LowCardinality(String) CODEC(ZSTD(1)),
    `name` LowCardinality(String) CODEC(ZSTD(1)),
    `path` LowCardinality(String) CODEC(ZSTD(1)),
    `query` String CODEC(ZSTD(1)),
    `referrer` LowCardinality(String) CODEC(ZSTD(1)),
    `value` Float64 CODEC(ZSTD(1)),
    `has_value` UInt8 CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, domain, toStartOfHour(time), visitor_id, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE TABLE vedette.interactions_in
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `id` UUID,
    `time_ms` Int64,
    `received_ms` Int64,
    `expires_on` UInt16,
    `kept` UInt8,
    `visitor_id` String,
    `client_key` UInt64,
    `key_day` UInt16,
    `country` LowCardinality(String),
    `region` LowCardinality(String),
    `city` LowCardinality(String),
    `network_kind` LowCardinality(String),
    `device_type` LowCardinality(String),
    `os_name` LowCardinality(String),
    `browser_name` LowCardinality(String),
    `is_bot` UInt8,
    `kind` LowCardinality(String),
    `name` LowCardinality(String),
    `path` LowCardinality(String),
    `query` String,
    `referrer` LowCardinality(String),
    `value` Float64,
    `has_value` UInt8
)
ENGINE = `Null`;

CREATE MATERIALIZED VIEW vedette.interactions_view TO vedette.interactions
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `id` UUID,
    `time` DateTime64(3, 'UTC'),
    `received` DateTime64(3, 'UTC'),
    `expires_on` Date,
    `class` UInt8,
    `visitor_id` String,
    `client_key` UInt64,
    `key_day` UInt16,
    `country` LowCardinality(String),
    `region` LowCardinality(String),
    `city` LowCardinality(String),
    `network_kind` LowCardinality(String),
    `device_type` LowCardinality(String),
    `os_name` LowCardinality(String),
    `browser_name` LowCardinality(String),
    `kind` LowCardinality(String),
    `name` LowCardinality(String),
    `path` LowCardinality(String),
    `query` String,
    `referrer` LowCardinality(String),
    `value` Float64,
    `has_value` UInt8
)
AS SELECT
    tenant_id,
    domain,
    id,
    fromUnixTimestamp64Milli(time_ms, 'UTC') AS time,
    fromUnixTimestamp64Milli(received_ms, 'UTC') AS received,
    toDate(i.expires_on) AS expires_on,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    visitor_id,
    client_key,
    key_day,
    country,
    region,
    city,
    network_kind,
    device_type,
    os_name,
    browser_name,
    kind,
    name,
    path,
    query,
    referrer,
    value,
    has_value
FROM vedette.interactions_in AS i
WHERE i.kept = 1;

CREATE TABLE vedette.live_addresses
(
    `tenant_id` UUID,
    `client_key` UInt64,
    `address` String,
    `last_seen` DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(last_seen)
PARTITION BY toStartOfHour(last_seen)
ORDER BY (tenant_id, client_key, address)
SETTINGS index_granularity = 8192;

CREATE TABLE vedette.requests
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String),
    `id` UUID CODEC(ZSTD(1)),
    `time` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `hour` DateTime('UTC') MATERIALIZED toStartOfHour(time) CODEC(ZSTD(1)),
    `received_lag` Int64 CODEC(T64, ZSTD(1)),
    `received` DateTime64(3, 'UTC') ALIAS fromUnixTimestamp64Milli(toUnixTimestamp64Milli(time) + received_lag, 'UTC'),
    `expires_on` Date,
    `consent` LowCardinality(String),
    `origin` LowCardinality(String),
    `visitor_id` String CODEC(ZSTD(1)),
    `client_key` UInt64 CODEC(ZSTD(1)),
    `net_key` UInt64 CODEC(ZSTD(1)),
    `site_key` UInt64 CODEC(ZSTD(1)),
    `key_day` UInt16 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `region` LowCardinality(String) CODEC(ZSTD(1)),
    `city` LowCardinality(String) CODEC(ZSTD(1)),
    `asn` UInt32 CODEC(ZSTD(1)),
    `as_org` LowCardinality(String) CODEC(ZSTD(1)),
    `isp` LowCardinality(String) CODEC(ZSTD(1)),
    `network_kind` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `os_name` LowCardinality(String) CODEC(ZSTD(1)),
    `browser_name` LowCardinality(String) CODEC(ZSTD(1)),
    `is_bot` UInt8 CODEC(ZSTD(1)),
    `bot_name` LowCardinality(String) CODEC(ZSTD(1)),
    `bot_kind` LowCardinality(String) CODEC(ZSTD(1)),
    `bot_verified` UInt8 CODEC(ZSTD(1)),
    `method` LowCardinality(String) CODEC(ZSTD(1)),
    `path` LowCardinality(String) CODEC(ZSTD(1)),
    `template` LowCardinality(String) CODEC(ZSTD(1)),
    `route` String ALIAS if(template = '', path, template),
    `query` String CODEC(ZSTD(1)),
    `status` UInt16 CODEC(ZSTD(1)),
    `duration_us` Int64 CODEC(T64, ZSTD(1)),
    `bytes_in` Int64 CODEC(T64, ZSTD(1)),
    `bytes_out` Int64 CODEC(T64, ZSTD(1)),
    `protocol` LowCardinality(String) CODEC(ZSTD(1)),
    `headers` Map(String, String) CODEC(ZSTD(1)),
    `user_agent` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `referrer` LowCardinality(String) CODEC(ZSTD(1)),
    `threat_score` Int8 CODEC(ZSTD(1)),
    `threat_sources` Array(String) CODEC(ZSTD(1)),
    `attack_score` Int8 CODEC(ZSTD(1)),
    `attack_rules` Array(String) CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1,
    INDEX path_of path TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX route_of if(template = '', path, template) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX query_of query TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX city_of lowerUTF8(city) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX network_of lowerUTF8(as_org) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX user_agent_of lowerUTF8(ifNull(user_agent, '')) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX referrer_of lowerUTF8(referrer) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, domain, toStartOfHour(time), client_key, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE TABLE vedette.requests_in
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `id` UUID,
    `time_ms` Int64,
    `received_ms` Int64,
    `expires_on` UInt16,
    `kept` UInt8,
    `consent` LowCardinality(String),
    `origin` LowCardinality(String),
    `visitor_id` String,
    `client_key` UInt64,
    `net_key` UInt64,
    `site_key` UInt64,
    `key_day` UInt16,
    `country` LowCardinality(String),
    `region` LowCardinality(String),
    `city` LowCardinality(String),
    `asn` UInt32,
    `as_org` LowCardinality(String),
    `isp` LowCardinality(String),
    `network_kind` LowCardinality(String),
    `device_type` LowCardinality(String),
    `os_name` LowCardinality(String),
    `browser_name` LowCardinality(String),
    `is_bot` UInt8,
    `bot_name` LowCardinality(String),
    `bot_kind` LowCardinality(String),
    `bot_verified` UInt8,
    `method` LowCardinality(String),
    `path` LowCardinality(String),
    `route` LowCardinality(String),
    `query` String,
    `status` UInt16,
    `duration_us` Int64,
    `bytes_in` Int64,
    `bytes_out` Int64,
    `protocol` LowCardinality(String),
    `headers` Map(String, String),
    `user_agent` LowCardinality(String),
    `user_agent_known` UInt8,
    `referrer` LowCardinality(String),
    `threat_score` Int8,
    `threat_sources` Array(String),
    `attack_score` Int8,
    `attack_rules` Array(String)
)
ENGINE = `Null`;

CREATE TABLE vedette.requests_sample
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `drawn_by` Enum8('request' = 1, 'visitor' = 2) CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `time` DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    `hour` DateTime('UTC') MATERIALIZED toStartOfHour(time) CODEC(ZSTD(1)),
    `day` Date CODEC(ZSTD(1)),
    `expires_on` Date CODEC(ZSTD(1)),
    `consent` LowCardinality(String) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `visitor_id` String CODEC(ZSTD(1)),
    `named_visitor_id` String CODEC(ZSTD(1)),
    `client_key` UInt64 CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `region` LowCardinality(String) CODEC(ZSTD(1)),
    `city` LowCardinality(String) CODEC(ZSTD(1)),
    `asn` UInt32 CODEC(ZSTD(1)),
    `as_org` LowCardinality(String) CODEC(ZSTD(1)),
    `network_kind` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `os_name` LowCardinality(String) CODEC(ZSTD(1)),
    `browser_name` LowCardinality(String) CODEC(ZSTD(1)),
    `is_bot` UInt8 CODEC(ZSTD(1)),
    `bot_name` LowCardinality(String) CODEC(ZSTD(1)),
    `bot_kind` LowCardinality(String) CODEC(ZSTD(1)),
    `bot_verified` UInt8 CODEC(ZSTD(1)),
    `method` LowCardinality(String) CODEC(ZSTD(1)),
    `path` LowCardinality(String) CODEC(ZSTD(1)),
    `template` LowCardinality(String) CODEC(ZSTD(1)),
    `route` String ALIAS if(template = '', path, template),
    `query` String CODEC(ZSTD(1)),
    `status` UInt16 CODEC(ZSTD(1)),
    `duration_us` Int64 CODEC(T64, ZSTD(1)),
    `bytes_in` Int64 CODEC(T64, ZSTD(1)),
    `bytes_out` Int64 CODEC(T64, ZSTD(1)),
    `protocol` LowCardinality(String) CODEC(ZSTD(1)),
    `user_agent` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `referrer` LowCardinality(String) CODEC(ZSTD(1)),
    `threat_score` Int8 CODEC(ZSTD(1)),
    `attack_score` Int8 CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, drawn_by, domain, asn, client_key, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.requests_sample_view TO vedette.requests_sample
(
    `tenant_id` UUID,
    `drawn_by` UInt8,
    `domain` LowCardinality(String),
    `time` DateTime64(3, 'UTC'),
    `day` Date,
    `expires_on` Date,
    `consent` LowCardinality(String),
    `origin` LowCardinality(String),
    `visitor_id` String,
    `named_visitor_id` String,
    `client_key` UInt64,
    `country` LowCardinality(String),
    `region` LowCardinality(String),
    `city` LowCardinality(String),
    `asn` UInt32,
    `as_org` LowCardinality(String),
    `network_kind` LowCardinality(String),
    `device_type` LowCardinality(String),
    `os_name` LowCardinality(String),
    `browser_name` LowCardinality(String),
    `is_bot` UInt8,
    `bot_name` LowCardinality(String),
    `bot_kind` LowCardinality(String),
    `bot_verified` UInt8,
    `method` LowCardinality(String),
    `path` LowCardinality(String),
    `template` String,
    `query` String,
    `status` UInt16,
    `duration_us` Int64,
    `bytes_in` Int64,
    `bytes_out` Int64,
    `protocol` LowCardinality(String),
    `user_agent` Nullable(String),
    `referrer` LowCardinality(String),
    `threat_score` Int8,
    `attack_score` Int8
)
AS SELECT
    tenant_id,
    arrayJoin(arrayConcat(if((sipHash64(i.id) % 32) = 0, [1], []), if(((i.visitor_id != '') OR (i.client_key != 0)) AND ((intHash64(if(i.visitor_id = '', i.client_key, sipHash64(i.visitor_id))) % 64) = 0), [2], []))) AS drawn_by,
    domain,
    fromUnixTimestamp64Milli(i.time_ms, 'UTC') AS time,
    toDate(fromUnixTimestamp64Milli(greatest(i.time_ms, i.received_ms), 'UTC')) AS day,
    toDate(i.expires_on) AS expires_on,
    consent,
    origin,
    visitor_id,
    i.headers['vedette-visitor-id'] AS named_visitor_id,
    client_key,
    country,
    region,
    city,
    asn,
    as_org,
    network_kind,
    device_type,
    os_name,
    browser_name,
    is_bot,
    bot_name,
    bot_kind,
    bot_verified,
    method,
    path,
    if(i.route = i.path, '', i.route) AS template,
    query,
    status,
    duration_us,
    bytes_in,
    bytes_out,
    protocol,
    if(i.user_agent_known = 1, i.user_agent, NULL) AS user_agent,
    referrer,
    threat_score,
    attack_score
FROM vedette.requests_in AS i
WHERE (i.kept = 1) AND (((sipHash64(i.id) % 32) = 0) OR (((i.visitor_id != '') OR (i.client_key != 0)) AND ((intHash64(if(i.visitor_id = '', i.client_key, sipHash64(i.visitor_id))) % 64) = 0)));

CREATE MATERIALIZED VIEW vedette.requests_view TO vedette.requests
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `id` UUID,
    `time` DateTime64(3, 'UTC'),
    `received_lag` Int64,
    `expires_on` Date,
    `consent` LowCardinality(String),
    `origin` LowCardinality(String),
    `visitor_id` String,
    `client_key` UInt64,
    `net_key` UInt64,
    `site_key` UInt64,
    `key_day` UInt16,
    `country` LowCardinality(String),
    `region` LowCardinality(String),
    `city` LowCardinality(String),
    `asn` UInt32,
    `as_org` LowCardinality(String),
    `isp` LowCardinality(String),
    `network_kind` LowCardinality(String),
    `device_type` LowCardinality(String),
    `os_name` LowCardinality(String),
    `browser_name` LowCardinality(String),
    `is_bot` UInt8,
    `bot_name` LowCardinality(String),
    `bot_kind` LowCardinality(String),
    `bot_verified` UInt8,
    `method` LowCardinality(String),
    `path` LowCardinality(String),
    `template` String,
    `query` String,
    `status` UInt16,
    `duration_us` Int64,
    `bytes_in` Int64,
    `bytes_out` Int64,
    `protocol` LowCardinality(String),
    `headers` Map(String, String),
    `user_agent` Nullable(String),
    `referrer` LowCardinality(String),
    `threat_score` Int8,
    `threat_sources` Array(String),
    `attack_score` Int8,
    `attack_rules` Array(String)
)
AS SELECT
    tenant_id,
    domain,
    id,
    fromUnixTimestamp64Milli(time_ms, 'UTC') AS time,
    received_ms - time_ms AS received_lag,
    toDate(i.expires_on) AS expires_on,
    consent,
    origin,
    visitor_id,
    client_key,
    net_key,
    site_key,
    key_day,
    country,
    region,
    city,
    asn,
    as_org,
    isp,
    network_kind,
    device_type,
    os_name,
    browser_name,
    is_bot,
    bot_name,
    bot_kind,
    bot_verified,
    method,
    path,
    if(i.route = i.path, '', i.route) AS template,
    query,
    status,
    duration_us,
    bytes_in,
    bytes_out,
    protocol,
    headers,
    if(i.user_agent_known = 1, i.user_agent, NULL) AS user_agent,
    referrer,
    threat_score,
    threat_sources,
    attack_score,
    attack_rules
FROM vedette.requests_in AS i
WHERE i.kept = 1;

CREATE TABLE vedette.schema_migrations
(
    `number` UInt32,
    `name` String,
    `checksum` String,
    `applied` DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree
ORDER BY number
SETTINGS index_granularity = 8192;

CREATE TABLE vedette.sessions
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `day` Date CODEC(ZSTD(1)),
    `started` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `ended` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `expires_on` Date CODEC(ZSTD(1)),
    `visitor_id` String CODEC(ZSTD(1)),
    `client_key` UInt64 CODEC(ZSTD(1)),
    `hits` UInt32 CODEC(ZSTD(1)),
    `pages` UInt32 CODEC(ZSTD(1)),
    `entry` LowCardinality(String) CODEC(ZSTD(1)),
    `exit` LowCardinality(String) CODEC(ZSTD(1)),
    `referrer` LowCardinality(String) CODEC(ZSTD(1)),
    `country` LowCardinality(String) CODEC(ZSTD(1)),
    `device_type` LowCardinality(String) CODEC(ZSTD(1)),
    `os_name` LowCardinality(String) CODEC(ZSTD(1)),
    `browser_name` LowCardinality(String) CODEC(ZSTD(1)),
    `derived_until` DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    `counted` UInt64 CODEC(ZSTD(1))
)
ENGINE = MergeTree
PARTITION BY day
ORDER BY (tenant_id, domain, started, visitor_id, client_key)
SETTINGS min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE TABLE vedette.visits_day
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `visitors` AggregateFunction(uniq, UInt64) CODEC(ZSTD(1)),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.visits_day_view TO vedette.visits_day
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3),
    `origin` LowCardinality(String),
    `visitors` AggregateFunction(uniq, UInt64),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64)
)
AS SELECT
    tenant_id,
    domain,
    toStartOfDay(finer.bucket) AS bucket,
    class,
    origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM vedette.visits_hour AS finer
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin;

CREATE TABLE vedette.visits_hour
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `visitors` AggregateFunction(uniq, UInt64) CODEC(ZSTD(1)),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfYear(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.visits_hour_view TO vedette.visits_hour
(
    `tenant_id` UUID,
    `domain` String,
    `bucket` DateTime('UTC'),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3),
    `origin` LowCardinality(String),
    `visitors` AggregateFunction(uniq, UInt64),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64)
)
AS SELECT
    tenant_id,
    arrayJoin([toString(finer.domain), 'ALL']) AS domain,
    toStartOfHour(finer.bucket) AS bucket,
    class,
    origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM vedette.visits_minute AS finer
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin;

CREATE TABLE vedette.visits_minute
(
    `tenant_id` UUID CODEC(ZSTD(1)),
    `domain` LowCardinality(String) CODEC(ZSTD(1)),
    `bucket` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `class` Enum8('people' = 1, 'bots' = 2, 'hosting' = 3) CODEC(ZSTD(1)),
    `origin` LowCardinality(String) CODEC(ZSTD(1)),
    `visitors` AggregateFunction(uniq, UInt64) CODEC(ZSTD(1)),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64) CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toStartOfMonth(bucket)
ORDER BY (tenant_id, domain, bucket, class, origin)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728, index_granularity = 8192;

CREATE MATERIALIZED VIEW vedette.visits_minute_view TO vedette.visits_minute
(
    `tenant_id` UUID,
    `domain` LowCardinality(String),
    `bucket` DateTime('UTC'),
    `class` UInt8,
    `origin` LowCardinality(String),
    `visitors` AggregateFunction(uniq, UInt64),
    `durations` AggregateFunction(quantilesDD(0.01, 0.5, 0.75, 0.9, 0.95, 0.99), Int64)
)
AS SELECT
    tenant_id,
    domain,
    toDateTime(intDiv(time_ms, 60000) * 60, 'UTC') AS bucket,
    multiIf(is_bot = 1, 2, network_kind = 'hosting', 3, 1) AS class,
    origin,
    uniqStateIf(if(visitor_id = '', client_key, sipHash64(visitor_id)), (kept = 1) AND ((visitor_id != '') OR (client_key != 0))) AS visitors,
    quantilesDDStateIf(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(duration_us, duration_us >= 0) AS durations
FROM vedette.requests_in AS i
GROUP BY
    tenant_id,
    domain,
    bucket,
    class,
    origin;
