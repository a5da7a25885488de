import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLANK, blankSteps, dropAt, type Funnel, MOST_STEPS, parseFunnel, STEP_KINDS, withFunnel } from './funnel.ts';

describe('a funnel in the address', () => {
  it.each([
    ['', null],
    ['?step=page_view:/', null],
    ['?step=page_view:/&step=vital:LCP', null],
    ['?step=page_view:/&step=click:', null],
    [
      '?step=page_view:/a*&step=click:buy%20now&within=1440',
      {
        steps: [
          { kind: 'page_view', match: '/a*' },
          { kind: 'click', match: 'buy now' },
        ],
        within: 1440,
      },
    ],
  ])('%s', (search, funnel) => {
    expect(parseFunnel(search)).toEqual(funnel);
  });
  it.each(['', '0', '-5', '1.5', '43201', 'soon'])('takes an hour for within=%s', (within) => {
    expect(parseFunnel(`?step=page_view:/&step=page_view:/b&within=${within}`)?.within).toBe(60);
  });
  it('has no more steps than may be asked for', () => {
    const search = `?${Array.from({ length: 12 }, (_, index) => `step=page_view:/${index}`).join('&')}`;
    expect(parseFunnel(search)?.steps).toHaveLength(MOST_STEPS);
  });
  it('reads what it wrote, and leaves the other parameters alone', () => {
    const steps = fc.array(
      fc.record({
        kind: fc.constantFrom(...STEP_KINDS),
        match: fc.string({ minLength: 1, maxLength: 60 }).filter((match) => match.trim() === match && match !== ''),
      }),
      { minLength: 2, maxLength: MOST_STEPS },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 43_200 }), (made, within) => {
        const funnel: Funnel = { steps: made, within };
        const search = withFunnel('?tenant=bakery&step=page_view:/old&within=5', funnel);
        expect(parseFunnel(search)).toEqual(funnel);
        expect(new URLSearchParams(search).get('tenant')).toBe('bakery');
        expect(withFunnel(search, null)).toBe('?tenant=bakery');
      }),
    );
  });
});

describe('a funnel that is built', () => {
  it('names its blank steps', () => {
    expect(blankSteps(BLANK)).toEqual([0, 1]);
    expect(blankSteps({ ...BLANK, steps: [{ kind: 'click', match: 'x' }, ...BLANK.steps] })).toEqual([1, 2]);
  });
});

describe('dropAt', () => {
  it.each([
    [[80, 20], 0, null],
    [[80, 20], 1, { lost: 60, share: 0.25 }],
    [[0, 0], 1, { lost: 0, share: null }],
    [[80], 1, null],
  ])('%j at %d', (visitors, index, drop) => {
    expect(dropAt(visitors, index)).toEqual(drop);
  });
});
