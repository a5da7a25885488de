import { createHash } from 'node:crypto';
import type { ConsentRecord, ConsentText, ConsentTextVersion } from '@vedette/contract';
import messages from '../../contract/messages/consent.json' with { type: 'json' };
import { random } from './sample-traffic.ts';

/** What a tenant's visitors chose, and how often they were asked. */
export interface FakeConsent {
  records: ConsentRecord[];
  /** Banners shown, by UTC day. */
  shown: Map<string, number>;
  texts: Omit<ConsentTextVersion, 'choices'>[];
}

const DAY = 86_400_000;

export const PROOF = '0f3a5c7e9b1d2f406182a4c6e8f00a1b';
export const VISITOR = '77aa11cc33ee55008822446600bbdd99';

const versionOf = (text: ConsentText) => createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 16);

/** Two versions in English, of which the second is shown now, and one in German. */
function sampleTexts(now: number): FakeConsent['texts'] {
  const earlier: ConsentText = { ...messages.en, title: 'We use cookies', accept: 'OK', refuse: 'No' };
  const of = (text: ConsentText, language: string, days: number, current: boolean) => ({
    version: versionOf(text),
    language,
    text,
    first_shown: new Date(now - days * DAY).toISOString(),
    current,
  });
  return [of(messages.en, 'en', 12, true), of(messages.de, 'de', 12, true), of(earlier, 'en', 80, false)];
}

/** Choices of the last 90 days: half of them grant, some withdraw, one in nine comes with Global Privacy Control. */
export function sampleConsent(choices: number, now: number): FakeConsent {
  const next = random(5);
  const texts = sampleTexts(now);
  const shown = new Map<string, number>();
  const records: ConsentRecord[] = [];
  const hex = () => Array.from({ length: 32 }, () => Math.floor(next() * 16).toString(16)).join('');
  for (let index = 0; index < choices; index++) {
    const time = now - Math.floor(next() ** 1.4 * 90 * DAY);
    const gpc = next() < 0.11;
    const granted = next() < (gpc ? 0.2 : 0.52);
    const marketing = granted && next() < 0.7;
    const old = time < now - 12 * DAY;
    const text = texts[old ? 2 : next() < 0.6 ? 0 : 1];
    const day = new Date(time).toISOString().slice(0, 10);
    shown.set(day, (shown.get(day) ?? 0) + 1 + Math.floor(next() * 2));
    records.push({
      id: `01900000-0000-7000-9000-${String(index).padStart(12, '0')}`,
      time: new Date(time).toISOString(),
      domain: next() < 0.7 ? 'www.example.org' : 'shop.example.org',
      proof_id: hex(),
      visitor_id: granted ? hex() : null,
      choices: { analytical: granted, marketing },
      asked: ['analytical', 'marketing'],
      change: !granted && next() < 0.08 ? 'withdrawn' : 'first',
      text_version: text?.version ?? '',
      language: text?.language ?? 'en',
      surface: 'banner',
      gpc,
    });
  }
  records.push(...historyOfProof(texts, now));
  return { records, shown, texts };
}

/** Somebody who refused, granted, and withdrew. */
function historyOfProof(texts: FakeConsent['texts'], now: number): ConsentRecord[] {
  const steps = [
    { days: 40, analytical: false, change: 'first', surface: 'banner', text: 2 },
    { days: 9, analytical: true, change: 'changed', surface: 'settings', text: 1 },
    { days: 2, analytical: false, change: 'withdrawn', surface: 'settings', text: 1 },
  ] as const;
  return steps.map(({ days, analytical, change, surface, text }, index) => ({
    id: `01900000-0000-7000-9001-${String(index).padStart(12, '0')}`,
    time: new Date(now - days * DAY).toISOString(),
    domain: 'www.example.org',
    proof_id: PROOF,
    visitor_id: analytical ? VISITOR : null,
    choices: { analytical, marketing: false },
    asked: index === 0 ? ['analytical'] : ['analytical', 'marketing'],
    change,
    text_version: texts[text]?.version ?? '',
    language: texts[text]?.language ?? 'en',
    surface,
    gpc: index === 0,
  }));
}
