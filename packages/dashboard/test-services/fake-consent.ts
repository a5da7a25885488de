import type { ConsentAnswer, ConsentDay, ConsentProof, ConsentRecord, ConsentTexts } from '@vedette/contract';
import type { FakeConsent } from './sample-consent.ts';

const DAY = 86_400_000;

function kindOf({ choices: { analytical, marketing } }: ConsentRecord): 'granted' | 'partly' | 'refused' {
  if (analytical && marketing) return 'granted';
  return analytical || marketing ? 'partly' : 'refused';
}

function within({ records }: FakeConsent, parameters: URLSearchParams): ConsentRecord[] {
  const from = Date.parse(parameters.get('from') ?? '1970-01-01');
  const to = Date.parse(parameters.get('to') ?? '2999-01-01');
  const domain = parameters.get('domain');
  return records.filter((record) => {
    const time = Date.parse(record.time);
    return time >= from && time < to && (domain === null || record.domain === domain);
  });
}

/** GET /api/v1/consent. */
export function answerConsent(consent: FakeConsent, parameters: URLSearchParams): ConsentAnswer {
  const [from, to] = ['from', 'to'].map((name) => Date.parse(parameters.get(name) ?? ''));
  const records = within(consent, parameters);
  const days: ConsentDay[] = [];
  for (let time = Math.floor((from ?? 0) / DAY) * DAY; time < (to ?? 0); time += DAY) {
    const day = new Date(time).toISOString().slice(0, 10);
    const own = records.filter((record) => record.time.startsWith(day));
    const count = (test: (record: ConsentRecord) => boolean) => own.filter(test).length;
    days.push({
      day,
      shown: consent.shown.get(day) ?? 0,
      granted: count((record) => kindOf(record) === 'granted'),
      partly: count((record) => kindOf(record) === 'partly'),
      refused: count((record) => kindOf(record) === 'refused'),
      withdrawn: count(({ change }) => change === 'withdrawn'),
      gpc: count(({ gpc }) => gpc),
    });
  }
  const latest = new Map(
    records.toSorted((a, b) => a.time.localeCompare(b.time)).map((record) => [record.proof_id, record]),
  );
  const people = { granted: 0, partly: 0, refused: 0 };
  for (const record of latest.values()) people[kindOf(record)]++;
  return { window: { from: parameters.get('from') ?? '', to: parameters.get('to') ?? '' }, days, people };
}

/** GET /api/v1/consent/proofs/{proof_id}. */
export function answerProof({ records }: FakeConsent, id: string): ConsentProof {
  const own = records.filter(({ proof_id: proof }) => proof === id);
  return { proof_id: id, records: own.sort((a, b) => b.time.localeCompare(a.time)), next: null };
}

/** GET /api/v1/consent/texts. */
export function answerTexts({ texts, records }: FakeConsent): ConsentTexts {
  return {
    next: null,
    texts: texts.map((text) => ({
      ...text,
      choices: records.filter((record) => record.text_version === text.version).length,
    })),
  };
}

/** GET /api/v1/consent/export: the body and its media type. */
export function exportConsent(consent: FakeConsent, parameters: URLSearchParams): { body: string; type: string } {
  const records = within(consent, parameters);
  if (parameters.get('format') === 'ndjson') {
    return { type: 'application/x-ndjson', body: records.map((record) => `${JSON.stringify(record)}\n`).join('') };
  }
  const lines = records.map(({ time, domain, proof_id: proof, choices }) =>
    [time, domain, proof, choices.analytical, choices.marketing].join(','),
  );
  return {
    type: 'text/csv; charset=utf-8',
    body: ['time,domain,proof_id,analytical,marketing', ...lines, ''].join('\r\n'),
  };
}
