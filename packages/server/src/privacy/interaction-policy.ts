/** What a tenant lets be kept of interactions and sessions; it can only be less than the consent table allows. */
export interface InteractionPolicy {
  /** Of rows of people who granted. */
  interactionDays: number;
  sessionDays: number;
  city: boolean;
  referrer: 'full' | 'host' | 'none';
  /** Whether `DNT: 1` counts as a refusal too. */
  honourDnt: boolean;
}

/** 13 months, the usual limit for analytics. */
export const DEFAULT_INTERACTION_POLICY: InteractionPolicy = Object.freeze({
  interactionDays: 396,
  sessionDays: 396,
  city: true,
  referrer: 'full',
  honourDnt: false,
});
