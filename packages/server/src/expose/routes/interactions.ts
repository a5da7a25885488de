import { FunnelAnswer, FunnelQuestion, InteractionsAnswer, SessionsAnswer, WidgetsAnswer } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { INTERACTION_KINDS, type InteractionKind } from '../../model/interaction.ts';
import {
  INTERACTION_BY,
  type InteractionBy,
  SESSION_BY,
  type SessionBy,
  type Stretch,
} from '../../model/interaction-query.ts';
import { isRefusal, type TrafficClass } from '../../model/request.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { parseTime } from '../time-range.ts';

const DAY_MS = 86_400_000;
const funnelQuestion = Compile(FunnelQuestion);
const MOST_ROWS = 10_000;
const TIME = 'RFC 3339, ms since the epoch, now, or a time from now such as -24h';
const WINDOW = {
  tenant: TENANT,
  from: Type.Optional(Type.String({ maxLength: 64, description: `Inclusive, by default a day before to. ${TIME}.` })),
  to: Type.Optional(Type.String({ maxLength: 64, description: `Exclusive, by default now. ${TIME}.` })),
  domain: Type.Optional(Type.String({ maxLength: 255 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS, description: 'Rows, 100 by default.' })),
};
const oneOf = (names: readonly string[]) => Type.Union(names.map((name) => Type.Literal(name)));

interface WindowParameters {
  from?: string;
  to?: string;
  domain?: string;
  limit?: number;
}

/** What people did in pages: figures, widgets, funnels, sessions. */
export function addInteractionRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/interactions',
    access: 'read',
    summary: 'Figures of what people did in pages',
    description:
      'The window is widened to whole hours. Counts are of everybody, whatever people chose; visitors and paths of people ' +
      'who granted only. Without class, bots and hosting networks are counted too.',
    query: Type.Object({
      ...WINDOW,
      by: Type.Optional(oneOf(INTERACTION_BY)),
      kind: Type.Optional(oneOf(INTERACTION_KINDS)),
      name: Type.Optional(Type.String({ maxLength: 120 })),
      class: Type.Optional(oneOf(['people', 'bots', 'hosting'])),
    }),
    answers: { 200: { description: 'One row a key', schema: InteractionsAnswer } },
    async handler(request): Promise<InteractionsAnswer> {
      const given = request.query as WindowParameters & {
        by?: InteractionBy;
        kind?: InteractionKind;
        name?: string;
        class?: TrafficClass;
      };
      const { by = 'kind', kind, name, class: of } = given;
      const window = readWindow(given);
      const tenant = await tenantOf(hub, request);
      return hub.interactionsOf(tenant.id).figures({ ...window, by, kind, name, class: of });
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/interactions/widgets',
    access: 'read',
    summary: 'How often widgets were clicked, and by how many of those who saw their page',
    query: Type.Object(WINDOW),
    answers: { 200: { description: 'One row a widget, the most clicked first', schema: WidgetsAnswer } },
    async handler(request): Promise<WidgetsAnswer> {
      const window = readWindow(request.query as WindowParameters);
      const tenant = await tenantOf(hub, request);
      return hub.interactionsOf(tenant.id).widgets(window);
    },
  });
  addFunnelRoute(app, hub);
  addSessionRoute(app, hub);
}

function addFunnelRoute(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/interactions/funnel',
    access: 'read',
    // A question.
    audit: false,
    summary: 'How many people who granted came how far through a sequence of steps',
    query: Type.Object({ tenant: TENANT }),
    body: { types: ['application/json'], schema: FunnelQuestion },
    answers: { 200: { description: 'People by step', schema: FunnelAnswer } },
    async handler(request): Promise<FunnelAnswer> {
      // First whose figures they are: who may not ask is told that, and not what was wrong with the question.
      const tenant = await tenantOf(hub, request);
      const question = readQuestion(request.body);
      const { from, to, domain } = readWindow(question);
      const { steps, within_minutes: minutes } = question;
      return hub.interactionsOf(tenant.id).funnel({ from, to, domain, steps, withinMs: minutes * 60_000 });
    },
  });
}

function addSessionRoute(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/sessions',
    access: 'read',
    summary: 'Figures of people’s sessions that began in a window',
    description:
      'Derived some hours after they began (derived_until). People who granted are known by their visitor id; the rest by ' +
      'a key that changes each day, so that their uniques are daily ones. People who refused have no sessions.',
    query: Type.Object({
      ...WINDOW,
      by: Type.Optional(oneOf(SESSION_BY)),
      consent: Type.Optional(oneOf(['granted', 'unknown'])),
    }),
    answers: { 200: { description: 'One row a key', schema: SessionsAnswer } },
    async handler(request): Promise<SessionsAnswer> {
      const given = request.query as WindowParameters & { by?: SessionBy; consent?: 'granted' | 'unknown' };
      const window = readWindow(given);
      const tenant = await tenantOf(hub, request);
      return hub.interactionsOf(tenant.id).sessions({ ...window, by: given.by ?? 'day', consent: given.consent });
    },
  });
}

/** Throws a ProblemError 400 that names the fields that are wrong. */
function readQuestion(body: unknown): FunnelQuestion {
  if (funnelQuestion.Check(body)) return body as FunnelQuestion;
  const errors = funnelQuestion.Errors(body).map(({ instancePath, keyword, message, params }) => {
    const missing =
      keyword === 'required' ? String((params as { requiredProperties?: string[] }).requiredProperties) : '';
    return { name: instancePath.slice(1).replaceAll('/', '.') || missing || 'body', reason: message };
  });
  throw new ProblemError(400, 'invalid', errors.map(({ name, reason }) => `${name}: ${reason}`).join('; '), { errors });
}

/** Throws a ProblemError 400 that names every parameter that is wrong. */
function readWindow(given: WindowParameters): Stretch & { domain?: string; limit: number } {
  const now = Date.now();
  const errors: { name: string; reason: string }[] = [];
  const timeOf = (name: 'from' | 'to', standard: string): number => {
    const time = parseTime(given[name] ?? standard, now, name);
    if (!(typeof time === 'object' && isRefusal(time))) return time;
    errors.push({ name, reason: time.detail });
    return Number.NaN;
  };
  const to = timeOf('to', String(now + 1));
  const from = timeOf('from', String(to - DAY_MS));
  if (from >= to) errors.push({ name: 'from', reason: 'must be before to' });
  if (errors.length > 0) {
    const detail = errors.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
    throw new ProblemError(400, 'invalid', detail, { errors });
  }
  return { from, to, domain: given.domain, limit: given.limit ?? 100 };
}
