import type { FunnelStep } from '@vedette/contract';

export const LEAST_STEPS = 2;
export const MOST_STEPS = 8;
/** Choices for the time from the first step to the last, minutes. */
export const WITHIN = [15, 60, 1440, 10_080, 43_200] as const;
const USUAL_WITHIN = 60;
export const STEP_KINDS = ['page_view', 'click', 'outbound', 'custom'] as const;

export interface Funnel {
  steps: readonly FunnelStep[];
  within: number;
}

/** What a funnel begins with: two steps to fill in. */
export const BLANK: Funnel = {
  steps: [
    { kind: 'page_view', match: '' },
    { kind: 'page_view', match: '' },
  ],
  within: USUAL_WITHIN,
};

/** The funnel of an address, `step=page_view:/pricing&step=click:signup&within=60`; null when it has none. */
export function parseFunnel(search: string): Funnel | null {
  const parameters = new URLSearchParams(search);
  const steps = parameters.getAll('step').flatMap((written) => {
    const [, kind = '', match = ''] = /^([a-z_]+):(.*)$/s.exec(written) ?? [];
    const known = STEP_KINDS.find((name) => name === kind);
    return known === undefined || match.trim() === '' ? [] : [{ kind: known, match: match.trim().slice(0, 500) }];
  });
  if (steps.length < LEAST_STEPS) return null;
  const minutes = Number(parameters.get('within'));
  const within = Number.isInteger(minutes) && minutes >= 1 && minutes <= 43_200 ? minutes : USUAL_WITHIN;
  return { steps: steps.slice(0, MOST_STEPS), within };
}

/** The query part with that funnel in place of another; null takes it out. */
export function withFunnel(search: string, funnel: Funnel | null): string {
  const parameters = new URLSearchParams(search);
  parameters.delete('step');
  parameters.delete('within');
  for (const { kind, match } of funnel?.steps ?? []) parameters.append('step', `${kind}:${match.trim()}`);
  if (funnel !== null) parameters.set('within', String(funnel.within));
  const query = parameters.toString();
  return query === '' ? '' : `?${query}`;
}

/** The places of steps that say nothing to match, from 0. */
export function blankSteps({ steps }: Funnel): number[] {
  return steps.flatMap(({ match }, index) => (match.trim() === '' ? [index] : []));
}

/** How many of a step went on to the next, and how many did not; null for the first. */
export function dropAt(visitors: readonly number[], index: number): { lost: number; share: number | null } | null {
  const before = visitors[index - 1];
  const here = visitors[index];
  if (before === undefined || here === undefined) return null;
  return { lost: Math.max(0, before - here), share: before > 0 ? here / before : null };
}
