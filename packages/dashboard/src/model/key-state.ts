import type { ApiKey } from '@vedette/contract';

export type KeyState = 'good' | 'soon' | 'expired' | 'revoked';

/** How it stands with a key at a time. */
export function stateOf(key: Pick<ApiKey, 'expires' | 'expires_soon' | 'revoked'>, now: number): KeyState {
  if (key.revoked !== null) return 'revoked';
  if (key.expires !== null && Date.parse(key.expires) <= now) return 'expired';
  return key.expires_soon ? 'soon' : 'good';
}

/** Whether a key still opens anything. */
export function inForce(state: KeyState): boolean {
  return state === 'good' || state === 'soon';
}
