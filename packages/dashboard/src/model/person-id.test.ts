import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIds, findProof } from './person-id.ts';

const PROOF = '0f3a5c7e9b1d2f406182a4c6e8f00a1b';
const VISITOR = '77aa11cc33ee55008822446600bbdd99';

describe('findIds', () => {
  it.each([
    [PROOF, { proof: null, visitor: null, plain: PROOF }],
    [`  ${PROOF.toUpperCase()}\n`, { proof: null, visitor: null, plain: PROOF }],
    [`1.${PROOF}.a1m0.${VISITOR}`, { proof: PROOF, visitor: VISITOR, plain: null }],
    [`vedette_consent=1.${PROOF}.a0m0; other=1`, { proof: PROOF, visitor: null, plain: null }],
    [`${PROOF}0`, { proof: null, visitor: null, plain: null }],
    [`2.${PROOF}.a1m0.${VISITOR}`, { proof: null, visitor: null, plain: null }],
    [`1.${PROOF}.a2m0`, { proof: null, visitor: null, plain: null }],
    ['', { proof: null, visitor: null, plain: null }],
  ])('%j', (pasted, ids) => {
    expect(findIds(pasted)).toEqual(ids);
  });
  it('finds only what is an id, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (pasted) => {
        const proof = findProof(pasted);
        expect(proof === null || /^[0-9a-f]{32}$/.test(proof)).toBe(true);
      }),
    );
  });
});
