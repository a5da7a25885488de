import { afterEach, describe, expect, it } from 'vitest';
import { english, speak } from '../text.ts';
import { german } from '../texts/de.ts';
import { describeError, Problem, toProblem } from './client.ts';

afterEach(() => speak(english));

const body = (code: string, status: number, detail: string) =>
  JSON.stringify({ type: `urn:vedette:problem:${code}`, title: 'Forbidden', status, detail });

describe('what is shown of a problem', () => {
  const known = toProblem(403, body('forbidden', 403, 'the role viewer may not export'));
  const unknown = toProblem(422, body('bad-teapot', 422, 'the spout of "teapot" is missing'));

  it('is the hub’s own words in English', () => {
    expect(describeError(known)).toEqual({ title: 'Forbidden', detail: 'the role viewer may not export' });
  });
  it('is the word of the language for its code', () => {
    speak(german);
    expect(describeError(known)).toEqual({ title: german.problems.forbidden, detail: '' });
  });
  it('is, without one, what the status means, and the hub’s sentence marked as English', () => {
    speak(german);
    expect(describeError(unknown)).toEqual({
      title: 'Inhalt nicht verarbeitbar',
      detail: 'the spout of "teapot" is missing',
      lang: 'en',
    });
    expect(describeError(toProblem(418, body('constructor', 418, 'x')))).toMatchObject({ detail: 'x', lang: 'en' });
  });
  it('is in the language in force where there was no answer, whatever it was when it was asked', () => {
    const away = new Problem(0, english.error.network, '');
    speak(german);
    expect(describeError(away).title).toBe(german.error.network);
    expect(describeError(new Error('x'))).toEqual({ title: 'x', detail: '' });
  });
});
