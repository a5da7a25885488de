import { answerJson, fieldsOf, itemsOf, numberOf, type ProviderCalls, wordsOf } from '../../flow/provider-calls.ts';
import { Fault } from '../../model/fault.ts';
import type { GoogleTokens, ServiceAccount } from './google-token.ts';

const PROVIDER = 'the Google Analytics Data API';
const PAGE_ROWS = 1000;
/** Pages of one report: more would be another report than was asked for. */
const MOST_PAGES = 20;

/** What is asked for, with the unit under which it is shown. */
export const GA4_METRICS = [
  { name: 'screenPageViews', unit: 'page views' },
  { name: 'activeUsers', unit: 'visitors' },
  { name: 'sessions', unit: 'sessions' },
] as const;
export type Ga4Unit = (typeof GA4_METRICS)[number]['unit'];

export interface Ga4Report {
  /** One figure for each day and unit; days as `2026-01-31`, in the property's time zone. */
  rows: { day: string; unit: Ga4Unit; value: number }[];
  /** Time zone of the property; '' when it was not told. */
  timeZone: string;
  /** Whether Google left out what would be about too few people. */
  thresholded: boolean;
  /** Tokens of the property's quota that are left this hour; null when it was not told. */
  tokensLeft: number | null;
}

export interface ReportQuestion {
  /** Number of the property. */
  property: string;
  account: ServiceAccount;
  tenantId: string;
  /** First and last day, both inclusive, `2026-01-31`. */
  from: string;
  to: string;
  signal?: AbortSignal | undefined;
}

/** The figures of a property, day by day. */
export interface Ga4Reports {
  /**
   * Faults: those of the calls and of tokens; `provider-refused` for 400, 401, 403 and 404 with Google's words,
   * `provider-limited` for 429, `provider-answer`.
   */
  days(question: ReportQuestion): Promise<Ga4Report>;
}

export interface Ga4ReportsOptions {
  calls: ProviderCalls;
  tokens: GoogleTokens;
  /** `https://analyticsdata.googleapis.com` */
  baseUrl: string;
}

/** Speaks v1beta of the Data API: `properties.runReport`, page by page. */
export function createGa4Reports(options: Ga4ReportsOptions): Ga4Reports {
  return {
    async days(question) {
      const report: Ga4Report = { rows: [], timeZone: '', thresholded: false, tokensLeft: null };
      for (let page = 0; page < MOST_PAGES; page++) {
        const offset = page * PAGE_ROWS;
        const fields = await ask(options, question, offset);
        const read = readPage(fields, report);
        if (read === 0 || offset + read >= (numberOf(fields.rowCount) ?? 0)) return report;
      }
      throw new Fault('provider-answer', `${PROVIDER} answered with more than ${MOST_PAGES * PAGE_ROWS} days`);
    },
  };
}

/** One page. A token that is refused is asked for anew, once. */
async function ask(
  { calls, tokens, baseUrl }: Ga4ReportsOptions,
  question: ReportQuestion,
  offset: number,
): Promise<Record<string, unknown>> {
  const body = JSON.stringify({
    dateRanges: [{ startDate: question.from, endDate: question.to }],
    dimensions: [{ name: 'date' }],
    metrics: GA4_METRICS.map(({ name }) => ({ name })),
    orderBys: [{ dimension: { dimensionName: 'date' } }],
    limit: String(PAGE_ROWS),
    offset: String(offset),
    returnPropertyQuota: true,
  });
  for (let attempt = 0; ; attempt++) {
    const token = await tokens.token(question.account, question.tenantId, question.signal);
    const answer = await calls.call({
      provider: PROVIDER,
      tenantId: question.tenantId,
      url: `${baseUrl.replace(/\/+$/, '')}/v1beta/properties/${question.property}:runReport`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      signal: question.signal,
    });
    if (answer.status === 401 && attempt === 0) {
      tokens.drop(token);
      continue;
    }
    const fields = fieldsOf(answerJson(PROVIDER, answer));
    if (answer.status === 200) return fields;
    throw refusalOf(answer.status, fields);
  }
}

function refusalOf(status: number, fields: Record<string, unknown>): Fault {
  const { status: name, message } = fieldsOf(fields.error);
  const words = [wordsOf(name), wordsOf(message)].filter((text) => text !== '').join(': ') || `status ${status}`;
  const limited = status === 429 || name === 'RESOURCE_EXHAUSTED';
  return new Fault(limited ? 'provider-limited' : 'provider-refused', `${PROVIDER} answered ${status} ${words}`);
}

/** Takes the rows of a page into the report; answers how many the page had. */
function readPage(fields: Record<string, unknown>, report: Ga4Report): number {
  const metadata = fieldsOf(fields.metadata);
  report.timeZone = wordsOf(metadata.timeZone) || report.timeZone;
  report.thresholded ||= metadata.subjectToThresholding === true;
  report.tokensLeft = numberOf(fieldsOf(fieldsOf(fields.propertyQuota).tokensPerHour).remaining) ?? report.tokensLeft;
  const units = unitsByColumn(fields);
  const rows = itemsOf(fields.rows);
  for (const row of rows) {
    const { dimensionValues, metricValues } = fieldsOf(row);
    const [, year, month, day] =
      /^(\d{4})(\d{2})(\d{2})$/.exec(wordsOf(fieldsOf(itemsOf(dimensionValues)[0]).value)) ?? [];
    // '(other)' and '(not set)' are no days.
    if (day === undefined) continue;
    for (const [column, unit] of units) {
      const value = numberOf(fieldsOf(itemsOf(metricValues)[column]).value);
      if (value !== null) report.rows.push({ day: `${year}-${month}-${day}`, unit, value });
    }
  }
  return rows.length;
}

/** Columns by their headers, for nobody promises their order. */
function unitsByColumn(fields: Record<string, unknown>): [number, Ga4Unit][] {
  return itemsOf(fields.metricHeaders).flatMap((header, column) => {
    const found = GA4_METRICS.find(({ name }) => name === fieldsOf(header).name);
    return found === undefined ? [] : [[column, found.unit] as [number, Ga4Unit]];
  });
}
