import type { TenantChange } from '@vedette/contract';
import type { FastifyRequest } from 'fastify';
import type { TenantSettings } from '../stores/records.ts';
import { hasSecondFactor } from './principal.ts';
import { ProblemError } from './problem.ts';

/** How the refusal of `readSettings` stands in the OpenAPI document. */
export const WEAK = {
  description: 'Whoever asks others for a second factor has shown none',
  codes: ['second-factor-first'],
};

/**
 * What a call sets of a tenant, told to the audit log. Throws 409 for a person who asks for a second factor without having
 * shown one: the answer would be the last thing they saw of the tenant.
 */
export function readSettings(request: FastifyRequest): TenantSettings {
  const { name, second_factor: rule } = request.body as TenantChange;
  const { principal } = request;
  if (rule === 'required' && principal?.kind === 'user' && !hasSecondFactor(principal)) {
    throw new ProblemError(
      409,
      'second-factor-first',
      'set up an authenticator app or a passkey in your own account first, or log in again with it',
    );
  }
  request.audit({
    detail: { ...(name === undefined ? {} : { name }), ...(rule === undefined ? {} : { second_factor: rule }) },
  });
  return { name, secondFactorRequired: rule === undefined ? undefined : rule === 'required' };
}
