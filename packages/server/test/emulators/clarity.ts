import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenLocally, type Mode, misbehave, sendJson } from './modes.ts';

const PATH = '/export-data/api/v1/project-live-insights';
const CALLS_A_DAY = 10;
const DAY_MS = 86_400_000;
const DIMENSIONS = new Set([
  'Browser',
  'Device',
  'Country/Region',
  'OS',
  'Source',
  'Medium',
  'Campaign',
  'Channel',
  'URL',
]);

export interface ClarityProject {
  /** Tokens that may read it, and tokens that may not any more. */
  tokens: Set<string>;
  barred: Set<string>;
  traffic: { sessions: number; bots: number; users: number; pagesPerSession: number };
  rageClicks: number;
}

export interface ClarityEmulator {
  baseUrl: string;
  mode: Mode;
  projects: Map<string, ClarityProject>;
  /** Questions, as they stood in the query. */
  asked: string[];
  now: () => number;
  /** Calls that a project made on the day of now. */
  callsOf(project: string): number;
  close(): Promise<void>;
}

/** Starts a stand-in for the Data Export of Microsoft Clarity on a free loopback port. */
export async function startClarity(): Promise<ClarityEmulator> {
  const calls = new Map<string, number>();
  const keyOf = (project: string) => `${project} ${Math.floor(emulator.now() / DAY_MS)}`;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', emulator.baseUrl);
    emulator.asked.push(url.search);
    if (misbehave(emulator.mode, response)) return;
    answer(emulator, request, url, response, (project) => {
      const made = calls.get(keyOf(project)) ?? 0;
      calls.set(keyOf(project), made + 1);
      return made < CALLS_A_DAY;
    });
  });
  const emulator: ClarityEmulator = {
    baseUrl: await listenLocally(server),
    mode: 'normal',
    projects: new Map(),
    asked: [],
    now: Date.now,
    callsOf: (project) => calls.get(keyOf(project)) ?? 0,
    close: () => closeServer(server),
  };
  return emulator;
}

function answer(
  { projects }: ClarityEmulator,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
  take: (project: string) => boolean,
): void {
  const plain = (status: number, text: string) => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
  };
  if (request.method !== 'GET' || url.pathname !== PATH) return plain(404, 'Not Found');
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if ([...projects.values()].some(({ barred }) => barred.has(token))) return plain(403, 'Forbidden');
  const [name, project] = [...projects].find(([, { tokens }]) => tokens.has(token)) ?? [];
  if (name === undefined || project === undefined) return plain(401, 'Unauthorized');
  const dimensions = ['dimension1', 'dimension2', 'dimension3']
    .map((parameter) => url.searchParams.get(parameter))
    .filter((dimension) => dimension !== null);
  const days = url.searchParams.get('numOfDays') ?? '';
  if (!/^[123]$/.test(days) || dimensions.some((dimension) => !DIMENSIONS.has(dimension))) {
    return plain(400, 'Bad Request');
  }
  if (!take(name)) return plain(429, 'Exceeded daily limit');
  sendJson(response, 200, insightsOf(project, dimensions));
}

/** Counts are text, rates are numbers; broken down, every row names its values. A metric without data has no rows. */
function insightsOf({ traffic, rageClicks }: ClarityProject, dimensions: readonly string[]): object[] {
  const broken = Object.fromEntries(dimensions.map((dimension) => [dimension.replace('/Region', ''), 'Other']));
  const { sessions, bots, users, pagesPerSession } = traffic;
  const trouble = (subTotal: number) => ({
    sessionsCount: String(sessions),
    sessionsWithMetricPercentage: sessions === 0 ? 0 : Math.round((subTotal / sessions) * 10_000) / 100,
    sessionsWithoutMetricPercentage: sessions === 0 ? 0 : Math.round((1 - subTotal / sessions) * 10_000) / 100,
    pagesViews: String(Math.round(sessions * pagesPerSession)),
    subTotal: String(subTotal),
    ...broken,
  });
  const rows = (row: object) => (sessions === 0 ? [] : [row]);
  return [
    { metricName: 'DeadClickCount', information: rows(trouble(0)) },
    { metricName: 'ExcessiveScroll', information: rows(trouble(0)) },
    { metricName: 'RageClickCount', information: rows(trouble(rageClicks)) },
    { metricName: 'QuickbackClick', information: rows(trouble(0)) },
    { metricName: 'ScriptErrorCount', information: rows(trouble(0)) },
    { metricName: 'ErrorClickCount', information: rows(trouble(0)) },
    { metricName: 'ScrollDepth', information: rows({ averageScrollDepth: 61.5, ...broken }) },
    {
      metricName: 'Traffic',
      information: rows({
        totalSessionCount: String(sessions),
        totalBotSessionCount: String(bots),
        distinctUserCount: String(users),
        pagesPerSessionPercentage: pagesPerSession,
        ...broken,
      }),
    },
    { metricName: 'EngagementTime', information: rows({ totalTime: '512', activeTime: '204', ...broken }) },
    { metricName: 'Browser', information: rows({ name: 'Chrome', sessionsCount: String(sessions) }) },
    { metricName: 'PageTitle', information: rows({ name: null, sessionsCount: String(sessions) }) },
  ];
}
