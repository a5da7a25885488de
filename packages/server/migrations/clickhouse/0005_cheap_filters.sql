-- The hour of a row, beside its time: a window is told from it, which of most rows is all that is asked of their time. As
-- rows are sorted by it, it is stored for next to nothing and read ten times faster than the time. Parts from before make
-- it of the time, until a merge writes it.
ALTER TABLE requests ADD COLUMN IF NOT EXISTS hour DateTime('UTC') MATERIALIZED toStartOfHour(time) CODEC(ZSTD(1)) AFTER time;

ALTER TABLE requests_sample ADD COLUMN IF NOT EXISTS hour DateTime('UTC') MATERIALIZED toStartOfHour(time) CODEC(ZSTD(1)) AFTER time;

-- Which pieces of a part hold a value at all, of fields with very many values: most values are in few pieces, as rows are
-- sorted by domain, hour and client. The expressions are those of requests-fields.ts. Merges build them, INSERTs do not,
-- so that parts from before get theirs as new ones do.
ALTER TABLE requests
    ADD INDEX IF NOT EXISTS path_of path TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS route_of if(template = '', path, template) TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS query_of query TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS city_of lowerUTF8(city) TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS network_of lowerUTF8(as_org) TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS user_agent_of lowerUTF8(ifNull(user_agent, '')) TYPE bloom_filter(0.01) GRANULARITY 1,
    ADD INDEX IF NOT EXISTS referrer_of lowerUTF8(referrer) TYPE bloom_filter(0.01) GRANULARITY 1;
