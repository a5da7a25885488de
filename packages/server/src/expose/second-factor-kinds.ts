import type { SecondFactorKind } from '@vedette/contract';
import type { FactorSummary } from '../stores/records.ts';

/** By what somebody may complete a log-in with a password; none: the password is enough. */
export function secondFactorsOf({ totp, passkeys, recoveryCodesLeft }: FactorSummary): SecondFactorKind[] {
  if (!totp && passkeys === 0) return [];
  return [
    ...(totp ? ['totp' as const] : []),
    ...(passkeys > 0 ? ['passkey' as const] : []),
    ...(recoveryCodesLeft > 0 ? ['recovery' as const] : []),
  ];
}
