import { answerJson, fieldsOf, itemsOf, type ProviderCalls, wordsOf } from '../flow/provider-calls.ts';
import { Fault } from '../model/fault.ts';

const PROVIDER = 'Google Analytics';
const MOST_MESSAGES = 20;

export interface Ga4Target {
  tenantId: string;
  measurementId: string;
  apiSecret: string;
  signal?: AbortSignal | undefined;
}

/** Hands events to the Measurement Protocol. */
export interface Ga4Measurement {
  /**
   * Sends one body. Resolves when Google took it, which it says of bad events too. Faults: those of the calls;
   * `provider-limited` for 429, `provider-refused` for any other answer that is none of 2xx.
   */
  send(target: Ga4Target, body: string): Promise<void>;
  /**
   * What Google's validation says of a body: nothing when all is well. It counts nothing, and does not look at the
   * secret. The same faults, and `provider-answer`.
   */
  validate(target: Ga4Target, body: string): Promise<string[]>;
}

/** `baseUrl` is `https://www.google-analytics.com`, or another of Google's collection points. */
export function createGa4Measurement(calls: ProviderCalls, baseUrl: string): Ga4Measurement {
  async function post(path: string, { tenantId, measurementId, apiSecret, signal }: Ga4Target, body: string) {
    const query = new URLSearchParams({ measurement_id: measurementId, api_secret: apiSecret });
    const answer = await calls.call({
      provider: PROVIDER,
      tenantId,
      url: `${baseUrl.replace(/\/+$/, '')}${path}?${query}`,
      headers: { 'content-type': 'application/json' },
      body,
      maxBytes: 256 * 1024,
      signal,
    });
    if (answer.status === 429) throw new Fault('provider-limited', `${PROVIDER} was sent too much at once`);
    if (answer.status < 200 || answer.status > 299) {
      throw new Fault('provider-refused', `${PROVIDER} answered with status ${answer.status}`);
    }
    return answer;
  }
  return {
    async send(target, body) {
      await post('/mp/collect', target, body);
    },
    async validate(target, body) {
      const fields = fieldsOf(answerJson(PROVIDER, await post('/debug/mp/collect', target, body)));
      if (!Array.isArray(fields.validationMessages)) {
        throw new Fault('provider-answer', `${PROVIDER} answered without validationMessages`);
      }
      return itemsOf(fields.validationMessages)
        .slice(0, MOST_MESSAGES)
        .map((message) => {
          const { fieldPath, description, validationCode } = fieldsOf(message);
          const where = wordsOf(fieldPath);
          return `${where === '' ? '' : `${where}: `}${wordsOf(description) || wordsOf(validationCode) || 'not valid'}`;
        });
    },
  };
}
