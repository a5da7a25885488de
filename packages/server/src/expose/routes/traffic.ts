import { FieldsAnswer, TrafficAnswer } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { FIELDS } from '../../model/field.ts';
import { METRICS, TIME_STEPS } from '../../model/traffic-query.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { addRoute, TENANT } from '../route.ts';
import { MOST_ROWS, readTrafficQuestion, type TrafficParameters } from '../traffic-question.ts';

const words = (description: string) => Type.Optional(Type.Array(Type.String({ maxLength: 2100 }), { description }));
const TIME = 'RFC 3339, ms since the epoch, now, or a time from now such as -24h';

const QUERY = Type.Object({
  tenant: TENANT,
  from: Type.Optional(Type.String({ description: `Inclusive, by default a day before to. ${TIME}.` })),
  to: Type.Optional(Type.String({ description: `Exclusive, by default now. ${TIME}.` })),
  metrics: words(
    `By comma or repeated: ${METRICS.join(', ')}. Percentiles are in ms, of the requests that tell their duration: timed.`,
  ),
  by: words(`Fields to group by, by comma or repeated; also ${TIME_STEPS.join(', ')}.`),
  where: words('A filter, repeated for more, of which all must match: country=DE, status=5xx, path=/api/*, bot:false.'),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, description: 'Rows, 100 by default.' })),
  order: Type.Optional(Type.String({ description: 'Metric by which rows are sorted, largest first.' })),
});

/** What traffic there was, and what can be asked about it. */
export function addTrafficRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/traffic',
    access: 'read',
    summary: 'Figures of a tenant’s traffic, grouped and filtered',
    query: QUERY,
    answers: { 200: { description: 'One row a group', schema: TrafficAnswer } },
    async handler(request) {
      const question = readTrafficQuestion(request.query as TrafficParameters, Date.now());
      const tenant = await tenantOf(hub, request);
      return hub.requestsOf(tenant.id).traffic(question);
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
