import { describe, expect, it } from 'vitest';
import { AnswerReader } from './upload.ts';

const result = {
  name: 'a',
  format: 'common',
  lines: { read: 1, accepted: 1, rejected: 0, known: 0 },
  reasons: {},
  rejects: [],
  window: null,
  truncated: null,
};

describe('AnswerReader', () => {
  it('reads lines as they grow, each once', () => {
    const seen: number[] = [];
    const reader = new AnswerReader((lines) => seen.push(lines));
    const whole = `${JSON.stringify({ progress: { bytes: 1, lines: 10, received: 1 } })}\n${JSON.stringify({ progress: { bytes: 2, lines: 20, received: 2 } })}\n${JSON.stringify({ result })}\n`;
    for (let end = 0; end <= whole.length; end++) reader.read(whole.slice(0, end));
    expect(seen).toEqual([10, 20]);
    expect(reader.result).toEqual(result);
    expect(reader.problem).toBeUndefined();
  });
  it('keeps a problem met on the way, and passes over rejects and what it does not know', () => {
    const reader = new AnswerReader(() => {});
    const problem = { type: 'about:blank', title: 'The disk is full', status: 507, detail: '0 bytes left' };
    reader.read(`{"reject":{"line":1}}\nnot json\n{"new":1}\n${JSON.stringify({ error: problem })}\n`);
    expect(reader.result).toBeUndefined();
    expect(reader.problem).toMatchObject({ status: 507, message: 'The disk is full', detail: '0 bytes left' });
  });
});
