-- A sample of the kept rows, for questions whose rows are too many to be read while somebody waits:
--
--     requests_in ─> requests_sample
--
-- It is drawn twice. `request`: 1 request in 32, whosever it is, for counts and durations; a client that asks very often
-- would make them jump if it were in or out as a whole. `visitor`: all requests of 1 visitor in 64, for uniques. A request
-- that is drawn both ways is there twice. What is drawn depends on ids alone, so that a repeated batch draws the same.
--
-- Columns are those that figures can be of, and `day`, of which a row is as old as it is. `named_visitor_id` is the
-- visitor that the request named itself, for the erasure of a person. Deduplication window as in 0001_requests.sql.
CREATE TABLE IF NOT EXISTS requests_sample
(
    tenant_id      UUID CODEC(ZSTD(1)),
    drawn_by       Enum8('request' = 1, 'visitor' = 2) CODEC(ZSTD(1)),
    domain         LowCardinality(String) CODEC(ZSTD(1)),
    time           DateTime64(3, 'UTC') CODEC(ZSTD(1)),
    day            Date CODEC(ZSTD(1)),
    expires_on     Date CODEC(ZSTD(1)),
    consent        LowCardinality(String) CODEC(ZSTD(1)),
    origin         LowCardinality(String) CODEC(ZSTD(1)),
    visitor_id     String CODEC(ZSTD(1)),
    named_visitor_id String CODEC(ZSTD(1)),
    client_key     UInt64 CODEC(ZSTD(1)),
    country        LowCardinality(String) CODEC(ZSTD(1)),
    region         LowCardinality(String) CODEC(ZSTD(1)),
    city           LowCardinality(String) CODEC(ZSTD(1)),
    asn            UInt32 CODEC(ZSTD(1)),
    as_org         LowCardinality(String) CODEC(ZSTD(1)),
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
    user_agent     LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    referrer       LowCardinality(String) CODEC(ZSTD(1)),
    threat_score   Int8 CODEC(ZSTD(1)),
    attack_score   Int8 CODEC(ZSTD(1)),
    INDEX time_range time TYPE minmax GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY expires_on
ORDER BY (tenant_id, drawn_by, domain, asn, client_key, time)
SETTINGS non_replicated_deduplication_window = 10000, min_bytes_for_wide_part = 134217728;

-- Rows from before. A migration that starts over begins with nothing; one that runs beside another leaves it to that one.
-- The view comes after them: there is nothing that both could bring.
TRUNCATE TABLE requests_sample;

INSERT INTO requests_sample
(
    tenant_id, drawn_by, domain, time, day, expires_on, consent, origin, visitor_id, named_visitor_id, client_key,
    country, region, city, asn, as_org, network_kind, device_type, os_name, browser_name, is_bot, bot_name, bot_kind,
    bot_verified, method, path, template, query, status, duration_us, bytes_in, bytes_out, protocol, user_agent,
    referrer, threat_score, attack_score
)
SELECT
    tenant_id, arrayJoin(arrayConcat(if(sipHash64(r.id) % 32 = 0, [1], []), if((r.visitor_id != '' OR r.client_key != 0) AND intHash64(if(r.visitor_id = '', r.client_key, sipHash64(r.visitor_id))) % 64 = 0, [2], []))) AS drawn_by,
    domain, time, toDate(greatest(r.time, r.received)) AS day, expires_on, consent, origin,
    visitor_id, r.headers['vedette-visitor-id'] AS named_visitor_id, client_key,
    country, region, city, asn, as_org, network_kind, device_type, os_name, browser_name, is_bot, bot_name, bot_kind,
    bot_verified, method, path, template, query, status, duration_us, bytes_in, bytes_out, protocol, user_agent,
    referrer, threat_score, attack_score
FROM requests AS r
WHERE (SELECT count() FROM requests_sample) = 0
    AND (sipHash64(r.id) % 32 = 0
    OR ((r.visitor_id != '' OR r.client_key != 0) AND intHash64(if(r.visitor_id = '', r.client_key, sipHash64(r.visitor_id))) % 64 = 0))
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS requests_sample_view TO requests_sample AS
SELECT
    tenant_id, arrayJoin(arrayConcat(if(sipHash64(i.id) % 32 = 0, [1], []), if((i.visitor_id != '' OR i.client_key != 0) AND intHash64(if(i.visitor_id = '', i.client_key, sipHash64(i.visitor_id))) % 64 = 0, [2], []))) AS drawn_by,
    domain,
    fromUnixTimestamp64Milli(i.time_ms, 'UTC') AS time,
    toDate(fromUnixTimestamp64Milli(greatest(i.time_ms, i.received_ms), 'UTC')) AS day,
    toDate(i.expires_on) AS expires_on,
    consent, origin, visitor_id, i.headers['vedette-visitor-id'] AS named_visitor_id, client_key,
    country, region, city, asn, as_org, network_kind, device_type, os_name, browser_name, is_bot, bot_name, bot_kind,
    bot_verified, method, path, if(i.route = i.path, '', i.route) AS template, query, status, duration_us, bytes_in,
    bytes_out, protocol, if(i.user_agent_known = 1, i.user_agent, NULL) AS user_agent, referrer, threat_score,
    attack_score
FROM requests_in AS i
WHERE i.kept = 1
    AND (sipHash64(i.id) % 32 = 0
    OR ((i.visitor_id != '' OR i.client_key != 0) AND intHash64(if(i.visitor_id = '', i.client_key, sipHash64(i.visitor_id))) % 64 = 0));
