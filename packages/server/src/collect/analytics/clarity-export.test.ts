import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ClarityEmulator, startClarity } from '../../../test/emulators/clarity.ts';
import { createGuardedClient, type GuardedClient } from '../../flow/guarded-client.ts';
import { createProviderCalls } from '../../flow/provider-calls.ts';
import { Fault } from '../../model/fault.ts';
import { type ClarityExport, createClarityExport, readClarity } from './clarity-export.ts';

let clarity: ClarityEmulator;
let client: GuardedClient;
let adapter: ClarityExport;

beforeEach(async () => {
  clarity = await startClarity();
  client = createGuardedClient({ userAgent: 'Vedette/test', allowPrivate: ['127.0.0.1'], timeoutMs: 5000 });
  adapter = createClarityExport(createProviderCalls({ client }), clarity.baseUrl);
  clarity.projects.set('abcd1234', {
    tokens: new Set(['good']),
    barred: new Set(['barred']),
    traffic: { sessions: 120, bots: 15, users: 90, pagesPerSession: 2.5 },
    rageClicks: 3,
  });
});
afterEach(async () => {
  await client.close();
  await clarity.close();
});

const ask = (token = 'good', more: object = {}) => adapter.figures({ token, tenantId: 'a', days: 1, ...more });
const faultOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: Fault) => error,
  );

describe('the figures of Clarity', () => {
  it('are read from text and numbers; bots are not people', async () => {
    expect(await ask()).toEqual([
      { key: 'Dead clicks', unit: 'times', value: 0 },
      { key: 'Excessive scrolls', unit: 'times', value: 0 },
      { key: 'Rage clicks', unit: 'times', value: 3 },
      { key: 'Quick backs', unit: 'times', value: 0 },
      { key: 'Script errors', unit: 'times', value: 0 },
      { key: 'Error clicks', unit: 'times', value: 0 },
      { key: 'Scroll depth', unit: 'percent', value: 61.5 },
      { key: 'Sessions', unit: 'sessions', value: 105 },
      { key: 'Bot sessions', unit: 'sessions', value: 15 },
      { key: 'Visitors', unit: 'visitors', value: 90 },
      { key: 'Pages a session', unit: 'pages', value: 2.5 },
      { key: 'Active time', unit: 'seconds', value: 204 },
    ]);
    expect(clarity.asked).toEqual(['?numOfDays=1']);
  });

  it('of nothing are none: metrics without rows', async () => {
    const project = clarity.projects.get('abcd1234');
    if (project !== undefined) project.traffic.sessions = 0;
    expect(await ask()).toEqual([]);
  });

  it('can be broken down', async () => {
    await ask('good', { days: 3, dimensions: ['Device', 'OS'] });
    expect(clarity.asked).toEqual(['?numOfDays=3&dimension1=Device&dimension2=OS']);
    expect(await faultOf(ask('good', { dimensions: ['Shoe size'] }))).toMatchObject({ code: 'provider-refused' });
  });

  it('are spelt in other ways too, as the document of the provider has it', () => {
    const json = [
      {
        metricName: 'Traffic',
        information: [
          { totalSessionCount: '9', totalBotSessionCount: '8', distantUserCount: '7', PagesPerSessionPercentage: 1.5 },
          { totalSessionCount: '4', totalBotSessionCount: '0', distantUserCount: '3', PagesPerSessionPercentage: 2.5 },
        ],
      },
      { metricName: 'Rage Click Count', information: [{ subTotal: '2' }] },
      { metricName: 'A metric of tomorrow', information: [{ subTotal: '2' }] },
    ];
    expect(readClarity(json)).toEqual([
      { key: 'Sessions', unit: 'sessions', value: 5 },
      { key: 'Bot sessions', unit: 'sessions', value: 8 },
      { key: 'Visitors', unit: 'visitors', value: 10 },
      { key: 'Pages a session', unit: 'pages', value: 2 },
      { key: 'Rage clicks', unit: 'times', value: 2 },
    ]);
  });

  it.each([
    ['unknown', 'provider-refused', /401: the token is unknown/],
    ['barred', 'provider-refused', /403: the token may not/],
  ])('under a token that is %s are refused', async (token, code, words) => {
    const fault = await faultOf(ask(token));
    expect(fault).toMatchObject({ code });
    expect(fault?.message).toMatch(words);
    expect(fault?.message).not.toContain(`Bearer ${token}`);
  });

  it('are asked for ten times a day; then it is enough', async () => {
    for (let i = 0; i < 10; i++) await ask();
    expect(await faultOf(ask())).toMatchObject({ code: 'provider-limited', message: expect.stringContaining('429') });
  });

  it.each([
    ['error', 'provider-failed'],
    ['garbage', 'provider-answer'],
    ['hang', 'outbound-timeout'],
    ['huge', 'outbound-too-large'],
    ['redirect', 'outbound-refused'],
    ['closing', 'outbound-failed'],
  ] as const)('from a service in mode %s are a fault: %s', async (mode, code) => {
    clarity.mode = mode;
    expect(await faultOf(ask())).toMatchObject({ code });
  });

  it('are numbers or a fault, whatever is answered', () => {
    const metric = fc.record({
      metricName: fc.oneof(fc.constantFrom('Traffic', 'RageClickCount', 'ScrollDepth'), fc.string()),
      information: fc.oneof(fc.array(fc.oneof(fc.object(), fc.constant({ subTotal: '7' }))), fc.anything()),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(fc.oneof(metric, fc.anything()))), (json) => {
        try {
          for (const { value } of readClarity(json)) expect(Number.isFinite(value)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Fault);
        }
      }),
      { numRuns: 300 },
    );
  });
});
