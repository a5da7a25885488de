-- Roll-ups by hour and by day have every group a second time, of all domains of the tenant together, with the domain
-- 'ALL'. (Domains are stored in lower case: no domain has that name.) Most questions are about all domains, and a state of
-- visitors or durations costs the more to merge the more of them there are. Who reads these tables names the domain, or
-- leaves out 'ALL'. Days are made of hours, 'ALL' of them like every other.

-- Where this began and was broken off while a view was being loaded again (see the end).
ATTACH TABLE IF NOT EXISTS counts_hour_view;

ATTACH TABLE IF NOT EXISTS visits_hour_view;

ATTACH TABLE IF NOT EXISTS counts_day_view;

ATTACH TABLE IF NOT EXISTS visits_day_view;

ALTER TABLE counts_hour_view MODIFY QUERY
SELECT
    tenant_id, arrayJoin([toString(finer.domain), 'ALL']) AS domain, toStartOfHour(finer.bucket) AS bucket, class, origin, kept, country, device_type, status_class,
    sum(finer.requests) AS requests, sum(finer.bytes_in) AS bytes_in, sum(finer.bytes_out) AS bytes_out, groupBitOr(finer.sizes_known) AS sizes_known
FROM counts_minute AS finer
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

ALTER TABLE visits_hour_view MODIFY QUERY
SELECT
    tenant_id, arrayJoin([toString(finer.domain), 'ALL']) AS domain, toStartOfHour(finer.bucket) AS bucket, class, origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM visits_minute AS finer
GROUP BY tenant_id, domain, bucket, class, origin;

-- What was there before. Hours are kept for less long than days, so that each is made of its own kind; days do not take
-- what is brought to the hours meanwhile. A migration that starts over begins with nothing.
--
-- To the engine a changed view is another one, for which no batch was stored yet. A batch that was stored but not
-- acknowledged before would count twice in hours and days; a hub that is stopped leaves none, one that is killed may.
ALTER TABLE counts_day_view MODIFY QUERY
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin, kept, country, device_type, status_class,
    sum(finer.requests) AS requests, sum(finer.bytes_in) AS bytes_in, sum(finer.bytes_out) AS bytes_out, groupBitOr(finer.sizes_known) AS sizes_known
FROM counts_hour AS finer
WHERE finer.domain != 'ALL'
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

ALTER TABLE visits_day_view MODIFY QUERY
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM visits_hour AS finer
WHERE finer.domain != 'ALL'
GROUP BY tenant_id, domain, bucket, class, origin;

ALTER TABLE counts_hour DELETE WHERE domain = 'ALL' SETTINGS mutations_sync = 1;

ALTER TABLE counts_day DELETE WHERE domain = 'ALL' SETTINGS mutations_sync = 1;

ALTER TABLE visits_hour DELETE WHERE domain = 'ALL' SETTINGS mutations_sync = 1;

ALTER TABLE visits_day DELETE WHERE domain = 'ALL' SETTINGS mutations_sync = 1;

INSERT INTO counts_hour
SELECT
    tenant_id, 'ALL' AS domain, own.bucket, class, origin, kept, country, device_type, status_class,
    sum(own.requests) AS requests, sum(own.bytes_in) AS bytes_in, sum(own.bytes_out) AS bytes_out, groupBitOr(own.sizes_known) AS sizes_known
FROM counts_hour AS own
WHERE (SELECT count() FROM counts_hour AS made WHERE made.domain = 'ALL') = 0
GROUP BY tenant_id, own.bucket, class, origin, kept, country, device_type, status_class
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 1000000000;

INSERT INTO counts_day
SELECT
    tenant_id, 'ALL' AS domain, own.bucket, class, origin, kept, country, device_type, status_class,
    sum(own.requests) AS requests, sum(own.bytes_in) AS bytes_in, sum(own.bytes_out) AS bytes_out, groupBitOr(own.sizes_known) AS sizes_known
FROM counts_day AS own
WHERE (SELECT count() FROM counts_day AS made WHERE made.domain = 'ALL') = 0
GROUP BY tenant_id, own.bucket, class, origin, kept, country, device_type, status_class
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 1000000000;

INSERT INTO visits_hour
SELECT
    tenant_id, 'ALL' AS domain, own.bucket, class, origin,
    uniqMergeState(own.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(own.durations) AS durations
FROM visits_hour AS own
WHERE (SELECT count() FROM visits_hour AS made WHERE made.domain = 'ALL') = 0
GROUP BY tenant_id, own.bucket, class, origin
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 1000000000;

INSERT INTO visits_day
SELECT
    tenant_id, 'ALL' AS domain, own.bucket, class, origin,
    uniqMergeState(own.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(own.durations) AS durations
FROM visits_day AS own
WHERE (SELECT count() FROM visits_day AS made WHERE made.domain = 'ALL') = 0
GROUP BY tenant_id, own.bucket, class, origin
SETTINGS insert_deduplicate = 0, max_partitions_per_insert_block = 0, max_bytes_before_external_group_by = 1000000000;

ALTER TABLE counts_day_view MODIFY QUERY
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin, kept, country, device_type, status_class,
    sum(finer.requests) AS requests, sum(finer.bytes_in) AS bytes_in, sum(finer.bytes_out) AS bytes_out, groupBitOr(finer.sizes_known) AS sizes_known
FROM counts_hour AS finer
GROUP BY tenant_id, domain, bucket, class, origin, kept, country, device_type, status_class;

ALTER TABLE visits_day_view MODIFY QUERY
SELECT
    tenant_id, domain, toStartOfDay(finer.bucket) AS bucket, class, origin,
    uniqMergeState(finer.visitors) AS visitors,
    quantilesDDMergeState(0.01, 0.5, 0.75, 0.9, 0.95, 0.99)(finer.durations) AS durations
FROM visits_hour AS finer
GROUP BY tenant_id, domain, bucket, class, origin;

-- The tokens that a changed view gives are others than those it gives once it was loaded from disk: a batch that is repeated
-- after a restart would count twice. So each is loaded at once.
DETACH TABLE IF EXISTS counts_hour_view;

ATTACH TABLE IF NOT EXISTS counts_hour_view;

DETACH TABLE IF EXISTS visits_hour_view;

ATTACH TABLE IF NOT EXISTS visits_hour_view;

DETACH TABLE IF EXISTS counts_day_view;

ATTACH TABLE IF NOT EXISTS counts_day_view;

DETACH TABLE IF EXISTS visits_day_view;

ATTACH TABLE IF NOT EXISTS visits_day_view;
