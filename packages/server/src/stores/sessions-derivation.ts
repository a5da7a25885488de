export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A visitor who is silent for that long begins another session. */
export const LEAST_GAP_MS = HOUR_MS / 2;
/** A session is not followed for longer. */
export const MOST_SESSION_MS = DAY_MS;
/** Whose the rows are that tell of a derivation. */
export const MARKER_TENANT = '00000000-0000-0000-0000-000000000000';

/** Ends of paths that are no pages, for requests that do not say what they fetch (Sec-Fetch-Dest). */
export const ASSETS: readonly string[] = Object.freeze(
  (
    'avif bmp css csv eot gif ico jpeg jpg js json map mjs mp3 mp4 ogg otf png svg tif tiff ttf txt wasm wav webm ' +
    'webmanifest webp woff woff2 xml zip'
  ).split(' '),
);
/** Kinds of interactions by which somebody shows to be there. */
export const ACTIVE_KINDS = Object.freeze(['page_view', 'click', 'outbound', 'custom']);

export interface SessionsOfDay {
  tenantId: string;
  /** Days since the epoch, UTC. */
  day: number;
  /** Sessions that began before, ms since the epoch. */
  until: number;
  /** Days since the epoch. */
  expiresOn: number;
  /** Which part of the visitors, from 0, and of how many. */
  slice: number;
  slices: number;
}

const VISITOR = 'domain, visitor_id, client';
/** Of a visitor, in the columns that the rows have. */
const HASH = `cityHash64(toString(domain), visitor_id, if(visitor_id = '', client_key, 0))`;
const IN_ORDER = `PARTITION BY ${VISITOR} ORDER BY at, source, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW`;
const IS_PAGE = `method = 'GET' AND status < 400 AND multiIf(headers['sec-fetch-dest'] = 'document', 1,
  headers['sec-fetch-dest'] != '', 0, match(lower(path), '\\\\.(${ASSETS.join('|')})$'), 0, 1)`;

/**
 * A SELECT of the sessions of one tenant that began on a day, in the columns of `sessions`. They are people's: bots,
 * hosting networks and those who refused have none. A visitor is the visitor id of somebody who granted, else the client
 * key, which is another one each day. A session begins at a row of the visitor with no other in the half hour before,
 * and is followed for a day at most. Its pages are its page views, or, where no page told of any, the requests that
 * look like pages. Rows of the same ms are taken in the order of their source and id, so that all is determined.
 */
export function sessionsOfDay({ tenantId, day, until, expiresOn, slice, slices }: SessionsOfDay): string {
  const start = day * DAY_MS;
  const end = Math.min(until, start + DAY_MS);
  return `(tenant_id, domain, day, started, ended, expires_on, visitor_id, client_key, hits, pages, entry, exit, referrer,
  country, device_type, os_name, browser_name)
SELECT toUUID('${tenantId}'), domain, toDate(${day}), fromUnixTimestamp64Milli(toInt64(began), 'UTC'),
  fromUnixTimestamp64Milli(toInt64(last), 'UTC'), toDate(${expiresOn}), visitor_id, client, n,
  if(views > 0, views, fetched), if(views > 0, first_view, first_fetched), if(views > 0, last_view, last_fetched),
  if(came_from = domain, '', came_from), place, device, os, browser
FROM (
  SELECT ${VISITOR}, began, max(at) AS last, count() AS n,
    countIf(viewed) AS views, countIf(page AND NOT viewed) AS fetched,
    argMinIf(path, (at, source, id), viewed) AS first_view, argMaxIf(path, (at, source, id), viewed) AS last_view,
    argMinIf(path, (at, source, id), page AND NOT viewed) AS first_fetched,
    argMaxIf(path, (at, source, id), page AND NOT viewed) AS last_fetched,
    domain(if(views > 0, argMinIf(referrer, (at, source, id), viewed), argMinIf(referrer, (at, source, id), page))) AS came_from,
    argMin(country, (at, source, id)) AS place, argMin(device_type, (at, source, id)) AS device,
    argMin(os_name, (at, source, id)) AS os, argMin(browser_name, (at, source, id)) AS browser
  FROM (
    SELECT *, min(at) OVER (PARTITION BY ${VISITOR}, number) AS began FROM (
      SELECT *, sum(starts) OVER (${IN_ORDER}) AS number FROM (
        SELECT *, at - lagInFrame(at) OVER (${IN_ORDER}) >= ${LEAST_GAP_MS} AS starts
        FROM (${rowsAround(tenantId, start, end, slices > 1 ? `AND ${HASH} % ${slices} = ${slice}` : '')})
      )
    )
  )
  WHERE began >= ${start} AND began < ${end} AND at < began + ${MOST_SESSION_MS}
  GROUP BY ${VISITOR}, began
)
SETTINGS max_execution_time = 1800, max_bytes_before_external_group_by = 1000000000, max_bytes_before_external_sort = 1000000000`;
}

/** All that may belong to a session that begins in the window, or say that it began before. */
function rowsAround(tenantId: string, start: number, end: number, part: string): string {
  const time = (ms: number) => `fromUnixTimestamp64Milli(toInt64(${ms}), 'UTC')`;
  const around = `time >= ${time(start - LEAST_GAP_MS)} AND time < ${time(end + MOST_SESSION_MS)}`;
  const common = `toString(domain) AS domain, visitor_id, if(visitor_id = '', client_key, 0) AS client,
    toUnixTimestamp64Milli(time) AS at, UUIDToNum(id) AS id, toString(path) AS path, toString(referrer) AS referrer,
    toString(country) AS country, toString(device_type) AS device_type, toString(os_name) AS os_name,
    toString(browser_name) AS browser_name`;
  const who = `tenant_id = toUUID('${tenantId}') AND ${around} AND (visitor_id != '' OR client_key != 0) ${part}`;
  return `SELECT ${common}, 1 AS source, 0 AS viewed, ${IS_PAGE} AS page FROM requests
      WHERE ${who} AND is_bot = 0 AND network_kind != 'hosting' AND consent != 'refused'
    UNION ALL
    SELECT ${common}, 0 AS source, kind = 'page_view' AS viewed, kind = 'page_view' AS page FROM interactions
      WHERE ${who} AND class = 'people' AND kind IN (${ACTIVE_KINDS.map((kind) => `'${kind}'`).join(', ')})`;
}
