import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ProviderCalls } from '../../flow/provider-calls.ts';
import { Fault } from '../../model/fault.ts';
import { isRefusal } from '../../model/request.ts';
import { createGa4Measurement } from '../../respond/ga4-measurement.ts';
import { createClarityExport } from './clarity-export.ts';
import { createGa4Reports } from './ga4-report.ts';
import { createGoogleTokens, readServiceAccount } from './google-token.ts';

// What providers might answer some day: the adapters know what to do with it, or say that it is a fault.
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const account = { email: 'a@b.example', keyId: '', key };
const status = fc.constantFrom(200, 200, 200, 204, 302, 400, 401, 403, 404, 429);

/** Answers everything with the same. */
function answering(code: number, text: string): ProviderCalls {
  const answer = { status: code, url: '', headers: {}, body: Buffer.from(text) };
  return { call: async () => answer, forget: () => undefined };
}

const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null), fc.constant('20260131'));
const cell = fc.oneof(fc.record({ value }), fc.anything());
const row = fc.oneof(fc.record({ dimensionValues: fc.array(cell), metricValues: fc.array(cell) }), fc.anything());
const report = fc.record(
  {
    metricHeaders: fc.oneof(
      fc.array(fc.oneof(fc.record({ name: fc.constant('sessions') }), fc.anything())),
      fc.anything(),
    ),
    rows: fc.oneof(fc.array(row, { maxLength: 5 }), fc.anything()),
    rowCount: fc.oneof(fc.nat(10), fc.anything()),
    metadata: fc.anything(),
    propertyQuota: fc.anything(),
    access_token: fc.oneof(fc.constant('ya29.x'), fc.anything()),
    expires_in: fc.oneof(fc.constant(3599), fc.anything()),
    validationMessages: fc.oneof(fc.array(fc.anything()), fc.anything()),
    error: fc.anything(),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(
  fc.string(),
  fc
    .oneof(report, fc.anything())
    .map((json) => JSON.stringify(json, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? ''),
);

it('answers of any shape are figures or faults', async () => {
  await fc.assert(
    fc.asyncProperty(status, text, async (code, body) => {
      const calls = answering(code, body);
      const tokens = createGoogleTokens(calls, 'https://token.example');
      const given = { token: async () => 'ya29.x', drop: () => undefined };
      const target = { tenantId: 't', measurementId: 'G-ABCD', apiSecret: 'hush' };
      const question = { property: '1', account, tenantId: 't', from: '2026-01-01', to: '2026-01-31' };
      const outcomes = await Promise.allSettled([
        tokens.token(account, 't').then((token) => expect(token).toMatch(/^[!-~]+$/)),
        createGa4Reports({ calls, tokens: given, baseUrl: 'https://data.example' })
          .days(question)
          .then(({ rows }) => {
            for (const figure of rows) {
              expect(figure.day).toMatch(/^\d{4}-\d\d-\d\d$/);
              expect(Number.isFinite(figure.value)).toBe(true);
            }
          }),
        createGa4Measurement(calls, 'https://collect.example')
          .validate(target, '{}')
          .then((messages) => expect(messages.every((message) => typeof message === 'string')).toBe(true)),
        createClarityExport(calls, 'https://clarity.example').figures({ token: 'x', tenantId: 't', days: 1 }),
      ]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(Fault);
    }),
    { numRuns: 300 },
  );
});

it('any text is a service account or a refusal', () => {
  const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
  const file = fc.record(
    {
      type: fc.constantFrom('service_account', 'authorized_user'),
      client_email: fc.oneof(fc.constant('a@b.example'), fc.anything()),
      private_key: fc.oneof(fc.constant(pem), fc.string(), fc.anything()),
      private_key_id: fc.anything(),
    },
    { requiredKeys: [] },
  );
  const written = fc.oneof(
    fc.string(),
    file.map((json) => JSON.stringify(json, (_, part) => (typeof part === 'bigint' ? 0 : part))),
  );
  fc.assert(
    fc.property(written, (given) => {
      const read = readServiceAccount(given);
      if (isRefusal(read)) expect(read.refused).toBe('bad-secret');
      else expect(read.email).toBe('a@b.example');
    }),
    { numRuns: 300 },
  );
});
