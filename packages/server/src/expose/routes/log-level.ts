import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Hub } from '../ports.ts';
import { addRoute } from '../route.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
const LOG_LEVEL = Type.Object(
  { level: Type.Union(LEVELS.map((level) => Type.Literal(level))) },
  { title: 'LogLevel', examples: [{ level: 'info' }] },
);

/** How much the running hub logs; on the control socket only. */
export function addLogLevelRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/log-level',
    access: 'operate',
    summary: 'How much this process logs',
    answers: { 200: { description: 'The level', schema: LOG_LEVEL } },
    async handler() {
      return { level: hub.log.level };
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/v1/log-level',
    access: 'operate',
    audit: 'log-level.change',
    summary: 'Has this process log more or less, until it is started again',
    body: { types: ['application/json'], schema: LOG_LEVEL, validated: true },
    answers: { 200: { description: 'The level that holds now', schema: LOG_LEVEL } },
    async handler(request) {
      const { level } = request.body as { level: (typeof LEVELS)[number] };
      request.audit({ target: 'log', detail: { before: hub.log.level, level } });
      hub.log.level = level;
      return { level };
    },
  });
}
