import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IssuedToken } from './google-token.ts';
import { sendJson } from './modes.ts';

/** Figures of one day. */
export interface DayFigures {
  screenPageViews: number;
  activeUsers: number;
  sessions: number;
}

export interface ReportData {
  /** Properties by number: who may read, and the figures by `20260131`, or `(other)`. */
  properties: Map<string, { readers: Set<string>; days: Map<string, DayFigures> }>;
  /** Tokens left of the property's hour; a report takes ten. */
  quotaTokens: number;
  timeZone: string;
  /** Whether figures about few people are left out. */
  thresholded: boolean;
  /** Bodies of the reports that were asked for. */
  reports: ReportBody[];
}

export interface ReportBody {
  dateRanges?: { startDate: string; endDate: string }[];
  dimensions?: { name: string }[];
  metrics?: { name: string }[];
  limit?: string | number;
  offset?: string | number;
}

interface Service extends ReportData {
  issued: IssuedToken[];
  now: () => number;
}

const METRICS: readonly string[] = ['screenPageViews', 'activeUsers', 'sessions'];
const MOST_ROWS = 250_000;
const TOKENS_A_REPORT = 10;
const FEW = 5;

/** `properties.runReport` of the Data API v1beta. Numbers are text; what is empty or zero is left out. */
export function answerReport(
  service: Service,
  url: URL,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const refuse = (code: number, status: string, message: string) =>
    sendJson(response, code, { error: { code, message, status } });
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const holder = service.issued.find((issued) => issued.token === token && issued.until > service.now());
  if (holder === undefined) {
    return refuse(
      401,
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
    );
  }
  const property = service.properties.get(/properties\/([^:]+):/.exec(url.pathname)?.[1] ?? '');
  if (property === undefined || !property.readers.has(holder.email)) {
    return refuse(
      403,
      'PERMISSION_DENIED',
      'User does not have sufficient permissions for this property. To learn more about Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.',
    );
  }
  const question = parse(body);
  const wrong = question === null ? 'Invalid JSON payload received.' : wrongOf(question);
  if (question === null || wrong !== '') return refuse(400, 'INVALID_ARGUMENT', wrong);
  service.reports.push(question);
  if (service.quotaTokens < TOKENS_A_REPORT) {
    return refuse(
      429,
      'RESOURCE_EXHAUSTED',
      'Exhausted property tokens per hour. These quota tokens will return in under an hour.',
    );
  }
  service.quotaTokens -= TOKENS_A_REPORT;
  sendJson(response, 200, reportOf(service, property.days, question));
}

function parse(body: string): ReportBody | null {
  try {
    return JSON.parse(body) as ReportBody;
  } catch {
    return null;
  }
}

function wrongOf({ dimensions = [], metrics = [], dateRanges = [], limit = 10_000, offset = 0 }: ReportBody): string {
  const dimension = dimensions.find(({ name }) => name !== 'date');
  if (dimension !== undefined) return `Field ${dimension.name} is not a valid dimension.`;
  const metric = metrics.find(({ name }) => !METRICS.includes(name));
  if (metric !== undefined) return `Field ${metric.name} is not a valid metric.`;
  if (metrics.length === 0 && dimensions.length === 0) return 'Empty request: no dimensions and no metrics.';
  for (const { startDate, endDate } of dateRanges) {
    const date = /^\d{4}-\d{2}-\d{2}$/;
    if (!date.test(startDate) || !date.test(endDate) || startDate > endDate) return 'A date range is not valid.';
  }
  if (dateRanges.length === 0) return 'dateRanges is required.';
  if (!(Number(limit) > 0 && Number(limit) <= MOST_ROWS)) return `Limit must be between 1 and ${MOST_ROWS}.`;
  return Number(offset) >= 0 ? '' : 'Offset must not be negative.';
}

function reportOf(service: Service, days: Map<string, DayFigures>, question: ReportBody): object {
  const { dateRanges = [], metrics = [], limit = 10_000, offset = 0 } = question;
  const { startDate = '', endDate = '' } = dateRanges[0] ?? {};
  const inRange = (day: string) => {
    const plain = (date: string) => date.replaceAll('-', '');
    return !/^\d{8}$/.test(day) || (day >= plain(startDate) && day <= plain(endDate));
  };
  const rows = [...days]
    .filter(([day, { activeUsers }]) => inRange(day) && !(service.thresholded && activeUsers < FEW))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, figures]) => ({
      dimensionValues: [{ value: day }],
      metricValues: metrics.map(({ name }) => ({ value: String(figures[name as keyof DayFigures]) })),
    }));
  const page = rows.slice(Number(offset), Number(offset) + Number(limit));
  return {
    dimensionHeaders: [{ name: 'date' }],
    metricHeaders: metrics.map(({ name }) => ({ name, type: 'TYPE_INTEGER' })),
    ...(page.length === 0 ? {} : { rows: page }),
    ...(rows.length === 0 ? {} : { rowCount: rows.length }),
    metadata: {
      currencyCode: 'EUR',
      timeZone: service.timeZone,
      ...(service.thresholded ? { subjectToThresholding: true } : {}),
      ...(rows.length === 0 ? { emptyReason: 'No data' } : {}),
    },
    propertyQuota: {
      tokensPerDay: { consumed: TOKENS_A_REPORT, remaining: 199_990 },
      tokensPerHour: { consumed: TOKENS_A_REPORT, remaining: service.quotaTokens },
      concurrentRequests: { remaining: 10 },
      serverErrorsPerProjectPerHour: { remaining: 10 },
      potentiallyThresholdedRequestsPerHour: { remaining: 120 },
    },
    kind: 'analyticsData#runReport',
  };
}
