import { answerJson, fieldsOf, itemsOf, numberOf, type ProviderCalls, wordsOf } from '../../flow/provider-calls.ts';
import { Fault } from '../../model/fault.ts';

const PROVIDER = 'Clarity’s Data Export';
const PATH = '/export-data/api/v1/project-live-insights';
const MOST_METRICS = 200;

/** A figure of the last day as Clarity counts it. */
export interface ClarityFigure {
  /** What is counted, in our words. */
  key: string;
  unit: string;
  value: number;
}

export interface ExportQuestion {
  token: string;
  tenantId: string;
  /** How many days back, from now: 1, 2 or 3. */
  days: 1 | 2 | 3;
  /** Up to three things to break down by, such as `Device`. */
  dimensions?: readonly string[];
  signal?: AbortSignal | undefined;
}

/**
 * Clarity's figures. One call is one of the ten that a project has a day, whoever makes it, so the caller counts them.
 * Faults: those of the calls; `provider-refused` for 400, 401 and 403, `provider-limited` for 429, `provider-answer`.
 */
export interface ClarityExport {
  figures(question: ExportQuestion): Promise<ClarityFigure[]>;
}

/** `baseUrl` is `https://www.clarity.ms`. */
export function createClarityExport(calls: ProviderCalls, baseUrl: string): ClarityExport {
  return {
    async figures({ token, tenantId, days, dimensions = [], signal }) {
      const query = new URLSearchParams({ numOfDays: String(days) });
      for (const [i, dimension] of dimensions.slice(0, 3).entries()) query.set(`dimension${i + 1}`, dimension);
      const answer = await calls.call({
        provider: PROVIDER,
        tenantId,
        url: `${baseUrl.replace(/\/+$/, '')}${PATH}?${query}`,
        headers: { authorization: `Bearer ${token}` },
        signal,
      });
      if (answer.status !== 200) throw refusalOf(answer.status, answer.body);
      return readClarity(answerJson(PROVIDER, answer));
    },
  };
}

const MEANING: Record<number, string> = {
  400: 'the question is wrong',
  401: 'the token is unknown or was taken back',
  403: 'the token may not read this project',
  429: 'the calls of today are used up',
};

function refusalOf(status: number, body: Buffer): Fault {
  const code = status === 429 ? 'provider-limited' : 'provider-refused';
  const said = wordsOf(body.toString('utf8', 0, 300).replace(/<[^>]*>/g, ' '));
  const meaning = MEANING[status] ?? 'it gave no reason';
  return new Fault(code, `${PROVIDER} answered ${status}: ${meaning}${said === '' ? '' : ` (${said})`}`);
}

/** Counts of things that trouble people: each metric has a `subTotal`. */
const TROUBLES: Record<string, string> = {
  rageclickcount: 'Rage clicks',
  deadclickcount: 'Dead clicks',
  quickbackclick: 'Quick backs',
  scripterrorcount: 'Script errors',
  errorclickcount: 'Error clicks',
  excessivescroll: 'Excessive scrolls',
};

/**
 * Reads an answer: `[{metricName, information: [{…}]}]`, where numbers are text or numbers, and the same field is spelt
 * differently in the provider's document and in its answers. What is not known is passed over. Throws Fault
 * `provider-answer` when it is no list.
 */
export function readClarity(json: unknown): ClarityFigure[] {
  if (!Array.isArray(json)) throw new Fault('provider-answer', `${PROVIDER} answered with something that is no list`);
  const figures: ClarityFigure[] = [];
  for (const metric of json.slice(0, MOST_METRICS)) {
    const { metricName, information } = fieldsOf(metric);
    const name = wordsOf(metricName).replace(/\s+/g, '').toLowerCase();
    const rows = itemsOf(information).map(byLowerCase);
    if (rows.length === 0) continue;
    if (name === 'traffic') figures.push(...traffic(rows));
    const trouble = TROUBLES[name];
    if (trouble !== undefined) add(figures, trouble, 'times', sum(rows, 'subtotal'));
    if (name === 'scrolldepth') add(figures, 'Scroll depth', 'percent', mean(rows, 'averagescrolldepth'));
    if (name === 'engagementtime') add(figures, 'Active time', 'seconds', sum(rows, 'activetime'));
  }
  return figures;
}

type Row = Record<string, unknown>;

function traffic(rows: readonly Row[]): ClarityFigure[] {
  const figures: ClarityFigure[] = [];
  const bots = sum(rows, 'totalbotsessioncount');
  const sessions = sum(rows, 'totalsessioncount');
  add(figures, 'Sessions', 'sessions', sessions === null ? null : Math.max(0, sessions - (bots ?? 0)));
  add(figures, 'Bot sessions', 'sessions', bots);
  // The document says "distant", the answers say "distinct".
  add(figures, 'Visitors', 'visitors', sum(rows, 'distinctusercount') ?? sum(rows, 'distantusercount'));
  add(figures, 'Pages a session', 'pages', mean(rows, 'pagespersessionpercentage'));
  return figures;
}

function add(figures: ClarityFigure[], key: string, unit: string, value: number | null): void {
  if (value !== null) figures.push({ key, unit, value });
}

function byLowerCase(row: unknown): Row {
  return Object.fromEntries(Object.entries(fieldsOf(row)).map(([name, value]) => [name.toLowerCase(), value]));
}

/** null when no row has it. */
function sum(rows: readonly Row[], name: string): number | null {
  const values = rows.map((row) => numberOf(row[name])).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
}

function mean(rows: readonly Row[], name: string): number | null {
  const values = rows.map((row) => numberOf(row[name])).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}
