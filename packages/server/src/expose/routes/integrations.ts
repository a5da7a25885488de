import {
  Integration,
  IntegrationChange,
  IntegrationFigures,
  IntegrationKind,
  IntegrationsAnswer,
  IntegrationTest,
} from '@vedette/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { IntegrationView } from '../../model/integration.ts';
import { isRefusal } from '../../model/request.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { ProblemError, refused } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';
import { timeText } from '../time-text.ts';

const QUERY = Type.Object({ tenant: TENANT });
const PARAMS = Type.Object({ kind: IntegrationKind });
const URL = '/api/v1/integrations/:kind';

/** What other companies' analytics a tenant is connected to. Secrets go in and never come out. */
export function addIntegrationRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/integrations',
    access: 'read',
    summary: 'The analytics services a tenant can connect, with what was set up and how it goes',
    description: 'Off by default. Of secrets it says only whether and when they were set.',
    query: QUERY,
    answers: { 200: { description: 'One for each kind', schema: IntegrationsAnswer } },
    async handler(request): Promise<IntegrationsAnswer> {
      const tenant = await tenantOf(hub, request);
      return { integrations: (await hub.integrations.list(tenant.id)).map(show) };
    },
  });
  addChangeRoutes(app, hub);
  addQuestionRoutes(app, hub);
}

function addChangeRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'PUT',
    url: URL,
    access: 'settings',
    audit: 'integration.set',
    summary: 'Sets up or changes an integration',
    description: 'A secret that is absent stays as it is; null takes it away. While it is off, nothing leaves the hub.',
    query: QUERY,
    params: PARAMS,
    body: { types: ['application/json'], schema: IntegrationChange, validated: true },
    answers: {
      200: { description: 'As it is now', schema: Integration },
      422: {
        description: 'Settings of another kind, an unknown or wrong secret, or one that is missing',
        codes: ['bad-settings', 'unknown-secret', 'bad-secret', 'secret-missing'],
      },
    },
    async handler(request): Promise<Integration> {
      const { tenant, kind } = await subject(hub, request);
      const change = request.body as IntegrationChange;
      const changed = await hub.integrations.change(tenant, kind, change);
      if (isRefusal(changed)) throw refused(changed);
      // Which secrets, not what they are.
      request.audit({
        detail: { enabled: changed.enabled, settings: changed.settings, set: Object.keys(change.secrets ?? {}) },
      });
      return show(changed);
    },
  });
  addRoute(app, {
    method: 'DELETE',
    url: URL,
    access: 'settings',
    audit: 'integration.remove',
    summary: 'Takes an integration away, with its secrets, its figures and all that waits to be sent',
    query: QUERY,
    params: PARAMS,
    answers: { 204: { description: 'It is gone' }, 404: { description: 'It was not set up', codes: ['not-set-up'] } },
    async handler(request, reply) {
      const { tenant, kind } = await subject(hub, request);
      if (!(await hub.integrations.remove(tenant, kind))) {
        throw new ProblemError(404, 'not-set-up', `${kind} is not set up for this tenant`);
      }
      return reply.code(204).send();
    },
  });
}

function addQuestionRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'POST',
    url: `${URL}/test`,
    access: 'settings',
    audit: 'integration.test',
    summary: 'Tries the connection now',
    description:
      'Asks the provider with what is set up, also while it is off. For Clarity it takes one of the ten calls of the day.',
    query: QUERY,
    params: PARAMS,
    answers: {
      200: { description: 'What was tried and how it went', schema: IntegrationTest },
      404: { description: 'It was not set up', codes: ['not-set-up'] },
    },
    async handler(request): Promise<IntegrationTest> {
      const { tenant, kind } = await subject(hub, request);
      const outcome = await hub.integrations.test(tenant, kind);
      if (isRefusal(outcome)) throw refused(outcome, 404);
      return outcome;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: `${URL}/figures`,
    access: 'read',
    summary: 'The provider’s figures beside the hub’s own',
    description:
      'As they were fetched last, four times a day; fetched is null while they never were. Days of the hub are UTC, ' +
      'those of Google Analytics are of the property’s time zone.',
    query: QUERY,
    params: PARAMS,
    answers: { 200: { description: 'By day, or by what is counted', schema: IntegrationFigures } },
    async handler(request): Promise<IntegrationFigures> {
      const { tenant, kind } = await subject(hub, request);
      const { fetched, rows } = await hub.integrations.figures(tenant, kind);
      return { kind, fetched: timeText(fetched), rows };
    },
  });
}

async function subject(hub: Hub, request: FastifyRequest): Promise<{ tenant: string; kind: IntegrationKind }> {
  const { kind } = request.params as { kind: IntegrationKind };
  return { tenant: (await tenantOf(hub, request)).id, kind };
}

function show(view: IntegrationView): Integration {
  const { kind, enabled, settings, sent, waiting, lastError } = view;
  return {
    kind,
    enabled,
    settings,
    secrets: view.secrets.map(({ name, changedAt }) => ({
      name,
      set: changedAt !== null,
      changed: timeText(changedAt),
    })),
    last_success: timeText(view.lastSuccess),
    last_error: lastError === null ? null : { at: new Date(lastError.at).toISOString(), text: lastError.text },
    sent,
    waiting,
    calls_left: view.callsLeft,
  };
}
