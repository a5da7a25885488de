/** Headers that are kept of those a sender tells; never credentials, cookies or what holds addresses. */
export const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'connection',
  'content-encoding',
  'content-type',
  'dnt',
  'origin',
  'pragma',
  'range',
  'save-data',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'sec-fetch-user',
  'sec-gpc',
  'sec-purpose',
  'te',
  'traceparent',
  'upgrade',
  'upgrade-insecure-requests',
  'vedette-visitor-id',
  'via',
  'x-requested-with',
]);

/** Characters kept of one header. */
export const LONGEST_HEADER = 2048;
