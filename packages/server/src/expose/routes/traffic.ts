import { FieldsAnswer, TrafficAnswer, TrafficRow } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { FIELDS } from '../../model/field.ts';
import { METRICS, type TrafficRow as Row, TIME_STEPS, type TrafficQuery } from '../../model/traffic-query.ts';
import type { TenantRequests } from '../../stores/requests.ts';
import { tenantOf } from '../access.ts';
import { type ExportFormat, exportAnswer, FORMAT, pagesOf, sendExport } from '../export.ts';
import type { Hub } from '../ports.ts';
import { addRoute, TENANT } from '../route.ts';
import { MOST_ROWS, readTrafficQuestion, TRAFFIC_FILTERS, type TrafficParameters, words } from '../traffic-question.ts';

const QUERY = Type.Object({
  tenant: TENANT,
  ...TRAFFIC_FILTERS,
  metrics: words(
    `By comma or repeated: ${METRICS.join(', ')}. Percentiles are in ms, of the requests that tell their duration: timed.`,
  ),
  by: words(`Fields to group by, by comma or repeated; also ${TIME_STEPS.join(', ')}.`),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, description: 'Rows, 100 by default.' })),
  order: Type.Optional(Type.String({ description: 'Metric by which rows are sorted, largest first.' })),
  compare: Type.Optional(
    Type.String({
      description:
        'previous for the window of the same length just before, or FROM..TO: adds <metric>_before to every row. Rows by time are matched by their distance from the start of their window.',
    }),
  ),
});

const OF_PEOPLE = words(
  'Metrics of people alone, by comma or repeated, each in a column people_METRIC: without bots and hosting.',
);

const SAMPLING = Type.Optional(
  Type.Union([Type.Literal('auto'), Type.Literal('none')], {
    description: 'auto (default): what needs very many rows is answered from a sample of them. none: always exact.',
  }),
);

/** What traffic there was, and what can be asked about it. */
export function addTrafficRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/traffic',
    access: 'read',
    summary: 'Figures of a tenant’s traffic, grouped and filtered',
    query: Type.Object({ ...QUERY.properties, sampling: SAMPLING }),
    answers: { 200: { description: 'One row a group', schema: TrafficAnswer } },
    async handler(request) {
      const question = readTrafficQuestion(request.query as TrafficParameters, Date.now());
      const tenant = await tenantOf(hub, request);
      return hub.requestsOf(tenant.id).traffic(question);
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/traffic/export',
    access: 'export',
    summary: 'Figures of a tenant’s traffic as a file',
    description:
      'As /api/v1/traffic answers them, with a column for each field and metric; people_METRIC for those of people alone.',
    query: Type.Object({ ...QUERY.properties, people_metrics: OF_PEOPLE, format: FORMAT }),
    answers: { 200: exportAnswer(TrafficRow, 'country,requests\r\nDE,815\r\n') },
    async handler(request, reply) {
      const { format = 'csv', people_metrics = [] } = request.query as {
        format?: ExportFormat;
        people_metrics?: string[];
      };
      const given: TrafficParameters = { ...(request.query as TrafficParameters), sampling: 'none' };
      const now = Date.now();
      const question = readTrafficQuestion(given, now);
      const ofPeople = people_metrics.length === 0 ? null : ofPeopleIn(given, people_metrics, now);
      const tenant = await tenantOf(hub, request);
      const { rows, columns } = await tableOf(hub.requestsOf(tenant.id), question, ofPeople);
      return sendExport(reply, format, { name: `traffic-${tenant.slug}`, columns, pages: pagesOf(rows) });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/fields',
    access: 'read',
    summary: 'Fields, metrics and steps of time that questions about traffic can use',
    query: Type.Object({ tenant: TENANT }),
    answers: { 200: { description: 'All of them', schema: FieldsAnswer } },
    async handler(): Promise<FieldsAnswer> {
      const fields = FIELDS.map(({ name, title, kind, aliases }) => ({ name, title, kind, aliases: [...aliases] }));
      return { fields, metrics: [...METRICS], steps: [...TIME_STEPS] };
    },
  });
}

/** The same question, of people alone. All their groups are asked for, because the largest ones are others'. */
function ofPeopleIn(given: TrafficParameters, metrics: string[], now: number): TrafficQuery {
  const where = [...(given.where ?? []), 'class=people'];
  const { order: _order, ...question } = readTrafficQuestion({ ...given, metrics, where, limit: MOST_ROWS }, now);
  return question;
}

/** The answer as a table; figures of people stand in the row of the same group, under names of their own. */
async function tableOf(
  store: Pick<TenantRequests, 'traffic'>,
  question: TrafficQuery,
  ofPeople: TrafficQuery | null,
): Promise<{ columns: string[]; rows: Row[] }> {
  const named = ({ metrics, compare }: TrafficQuery) =>
    compare === null ? [...metrics] : [...metrics, ...metrics.map((metric) => `${metric}_before`)];
  const [all, people] = await Promise.all([
    store.traffic(question),
    ofPeople === null ? null : store.traffic(ofPeople),
  ]);
  const columns = [...question.by, ...named(question)];
  if (ofPeople === null || people === null) return { columns, rows: all.rows };
  const groupOf = (row: Row) => JSON.stringify(question.by.map((name) => row[name]));
  const known = new Map(people.rows.map((row) => [groupOf(row), row]));
  const own = named(ofPeople);
  const rows = all.rows.map((row) => {
    const theirs = known.get(groupOf(row));
    return { ...row, ...Object.fromEntries(own.map((name) => [`people_${name}`, theirs?.[name] ?? null])) };
  });
  return { columns: [...columns, ...own.map((name) => `people_${name}`)], rows };
}
