import { expect, test } from 'vitest';
import type { BulkReading, Reception } from '../model/ways-in.ts';
import { bulkAnswer } from './elasticsearch-answer.ts';

const reading = (count: number): BulkReading => ({
  records: [],
  rejected: [],
  ignored: 0,
  allNamed: false,
  actions: Array.from({ length: count }, (_, n) => ({
    action: n % 2 === 0 ? 'index' : 'create',
    index: 'i',
    id: `${n}`,
  })),
});
const reception = (more: Partial<Reception> = {}): Reception => ({
  accepted: 0,
  rejected: [],
  failed: [],
  fault: undefined,
  repeated: false,
  ...more,
});

test('all is well: every item is created, none is an error', () => {
  expect(bulkAnswer(reading(2), reception(), 7)).toMatchObject({
    took: 7,
    errors: false,
    items: [
      { index: { _index: 'i', _id: '0', status: 201, result: 'created' } },
      { create: { _index: 'i', _id: '1', status: 201, result: 'created' } },
    ],
  });
});

test('what found no room is to be sent again, what is wrong is not', () => {
  const refusal = { refused: 'bad-time', detail: 'no time is told' };
  const rejected = [{ index: 1, refusal, from: '' }];
  const answer = bulkAnswer(reading(3), reception({ failed: [2], rejected }), 0) as Record<string, unknown>;
  expect(answer).toMatchObject({
    errors: true,
    items: [
      { index: { status: 201 } },
      { create: { status: 400, error: { type: 'document_parsing_exception', reason: 'no time is told (bad-time)' } } },
      { index: { status: 429, error: { type: 'es_rejected_execution_exception' } } },
    ],
  });
});
