import { PrivacyAnswer, PrivacyPolicy, PrivacyPreview } from '@vedette/contract';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { isRefusal } from '../../model/request.ts';
import { tenantOf } from '../access.ts';
import type { Hub } from '../ports.ts';
import { ProblemError } from '../problem.ts';
import { addRoute, TENANT } from '../route.ts';

const QUERY = Type.Object({ tenant: TENANT });
// The desk looks at what is written: it can say where it is wrong.
const BODY = { types: ['application/json'], schema: PrivacyPolicy };

/** What a tenant keeps of its visitors, why and until when. */
export function addPrivacyRoutes(app: FastifyInstance, hub: Hub): void {
  addRoute(app, {
    method: 'GET',
    url: '/api/v1/privacy/policy',
    access: 'read',
    summary: 'What is kept of visitors, why and until when',
    query: QUERY,
    answers: { 200: { description: 'The policy, in sentences too, and how much there is', schema: PrivacyAnswer } },
    async handler(request): Promise<PrivacyAnswer> {
      return hub.privacy.policies.get((await tenantOf(hub, request)).id);
    },
  });
  addRoute(app, {
    method: 'PUT',
    url: '/api/v1/privacy/policy',
    access: 'privacy',
    audit: 'privacy-policy.set',
    summary: 'Sets the policy of a tenant, whole',
    description: 'It can only keep less than the consent table allows. Retention holds for what comes from now on.',
    query: QUERY,
    body: BODY,
    answers: {
      200: { description: 'The policy that holds now', schema: PrivacyAnswer },
      422: { description: 'The policy cannot be; `errors` says where it is wrong', codes: ['bad-policy'] },
    },
    async handler(request): Promise<PrivacyAnswer> {
      const { id } = await tenantOf(hub, request);
      const before = (await hub.privacy.policies.get(id)).policy;
      const answer = unlessRefused(await hub.privacy.policies.set(id, request.body));
      request.audit({ target: 'privacy policy', detail: { changed: changesOf(before, answer.policy) } });
      return answer;
    },
  });
  addRoute(app, {
    method: 'POST',
    url: '/api/v1/privacy/preview',
    access: 'read',
    // A question.
    audit: false,
    summary: 'What a policy would mean, in sentences, without setting it',
    query: QUERY,
    body: BODY,
    answers: {
      200: { description: 'The policy in sentences, and what it changes', schema: PrivacyPreview },
      422: { description: 'The policy cannot be; `errors` says where it is wrong', codes: ['bad-policy'] },
    },
    async handler(request): Promise<PrivacyPreview> {
      return unlessRefused(await hub.privacy.policies.preview((await tenantOf(hub, request)).id, request.body));
    },
  });
}

/** What differs, as it was and as it is. */
function changesOf(before: object, after: object): Record<string, unknown> {
  const former = new Map(Object.entries(before));
  return Object.fromEntries(
    Object.entries(after)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(former.get(name)))
      .map(([name, value]) => [name, { from: former.get(name), to: value }]),
  );
}

function unlessRefused<T extends object>(answer: T | { refused: string; detail: string; field: string }): T {
  if (!isRefusal(answer)) return answer as T;
  const { refused, detail, field } = answer as { refused: string; detail: string; field: string };
  throw new ProblemError(422, refused, detail, { errors: [{ name: field, reason: detail }] });
}
