import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptAnswer, receiptAgain } from './receipts.ts';

const refusals = fc
  .uniqueArray(fc.nat(300), { maxLength: 200 })
  .chain((indices) =>
    fc
      .array(fc.constantFrom('bad-time', 'bad-record'), { minLength: indices.length, maxLength: indices.length })
      .map((reasons) =>
        [...indices]
          .sort((a, b) => a - b)
          .map((index, at) => ({ index, refusal: { refused: reasons[at] as string, detail: `of ${index}` } })),
      ),
  );

test('what is remembered of an answer tells of every record again', () => {
  fc.assert(
    fc.property(refusals, (refused) => {
      const again = receiptAgain(keptAnswer({ accepted: 3, refused, fingerprint: 'f', repeated: false }));
      expect(again).toMatchObject({ accepted: 3, fingerprint: 'f', repeated: true });
      expect(again.refused.map(({ index, refusal }) => [index, refusal.refused])).toEqual(
        refused.map(({ index, refusal }) => [index, refusal.refused]),
      );
    }),
  );
});

test('what is remembered of a body of nothing but wrong records is small', () => {
  const refused = Array.from({ length: 50_000 }, (_, index) => ({
    index,
    refusal: { refused: 'implausible-time', detail: `time ${index} is before 1990` },
  }));
  const kept = keptAnswer({ accepted: 0, refused, repeated: false });
  expect(JSON.stringify(kept).length).toBeLessThan(200);
  expect(receiptAgain(kept).refused).toHaveLength(50_000);
});
