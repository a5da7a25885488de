import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4Number, ipv6Words } from '../model/address.ts';
import { type Cidr, parseCidr } from '../model/cidr.ts';
import { NETWORK_KINDS } from '../model/enrichment.ts';
import { openAsnDatabase } from './network.ts';
import { classifySystem, type KindVerdict, kindOfAddress4, kindOfAddress6 } from './network-kind.ts';
import { foldName, kindOfName } from './network-kind-names.ts';

describe('systems', () => {
  it.each([
    [16509, 'Amazon.com, Inc.', 'hosting'],
    [24940, 'Hetzner Online GmbH', 'hosting'],
    [15169, 'Google LLC', 'hosting'],
    [7922, 'Comcast Cable Communications, LLC', 'residential'],
    [21928, 'T-Mobile USA, Inc.', 'mobile'],
    [786, 'Jisc Services Limited', 'education'],
    [749, 'United States Department of Defense (DoD)', 'government'],
    [714, 'Apple Inc.', 'business'],
    [3356, 'Level 3 Communications, Inc.', 'business'],
  ])('AS%i %s is %s by its number', (asn, name, kind) => {
    const verdict = classifySystem(asn, name);
    expect(verdict.kind).toBe(kind);
    expect(verdict.confidence).toBeGreaterThanOrEqual(0.7);
    expect(verdict.reason).toContain(`AS${asn}`);
  });

  it('is less sure of one that holds several kinds', () => {
    expect(classifySystem(15169, 'Google LLC').confidence).toBeLessThan(
      classifySystem(396982, 'Google LLC').confidence,
    );
    expect(classifySystem(1, 'Example Broadband').confidence).toBeGreaterThan(
      classifySystem(1, 'Example Broadband and Hosting').confidence,
    );
  });

  // Names made up for this table, in the words operators use.
  it.each([
    ['Example Hosting Ltd', 'hosting'],
    ['EXAMPLEHOST SRL', 'hosting'],
    ['Exempel Webbhotell & VPS AB', 'hosting'],
    ['Example Dedicated Servers LLC', 'hosting'],
    ['Beispiel Rechenzentrum GmbH', 'hosting'],
    ['Exemple Hébergement SARL', 'hosting'],
    ['Ejemplo Centro de Datos S.A.', 'hosting'],
    ['ExampleCloud Pte. Ltd.', 'hosting'],
    ['Example Colocation Inc', 'hosting'],
    ['LEASEWEB-EXAMPLE-01', 'hosting'],
    ['Universidad de Ejemplo', 'education'],
    ['Uniwersytet Przykładowy', 'education'],
    ['Technische Hochschule Beispiel', 'education'],
    ['Example Unified School District', 'education'],
    ['National Research and Education Network of Example', 'education'],
    ['Ministerio de Ejemplo', 'government'],
    ['Ministère de l’Exemple', 'government'],
    ['City of Example', 'government'],
    ['Prefeitura Municipal de Exemplo', 'government'],
    ['Bundesamt für Beispiele', 'government'],
    ['Example Mobile Communications', 'mobile'],
    ['Ejemplo Telefonía Celular S.A.', 'mobile'],
    ['Example Cellular Company', 'mobile'],
    ['Example Broadband Ltd', 'residential'],
    ['Exemplo Telecomunicações LTDA', 'residential'],
    ['Beispiel Kabelfernsehen GmbH', 'residential'],
    ['Przykład Telekom Sp. z o.o.', 'residential'],
    ['Example Cable Television', 'residential'],
    ['Example Rural Telephone Cooperative', 'residential'],
    ['Bank of Example', 'business'],
    ['Example Insurance Group', 'business'],
    ['Example Hospitals Trust', 'business'],
    ['Jane Doe', 'unknown'],
    ['', 'unknown'],
    ['Example B.V.', 'unknown'],
  ])('%s is %s', (name, kind) => {
    const verdict = classifySystem(4_199_999_999, name);
    expect(verdict, verdict.reason).toMatchObject({ kind });
    expect(verdict.reason).not.toBe('');
    expect(verdict.confidence > 0).toBe(kind !== 'unknown');
  });

  it('says nothing of numbers for private use', () => {
    for (const asn of [64512, 65535, 4_200_000_000])
      expect(classifySystem(asn, 'Example Hosting').kind).toBe('unknown');
  });

  it('takes any name', () => {
    fc.assert(
      fc.property(fc.nat(4_294_967_295), fc.string({ unit: 'binary', maxLength: 400 }), (asn, name) => {
        const verdict = classifySystem(asn, name);
        expect(NETWORK_KINDS).toContain(verdict.kind);
        expect(verdict.confidence).toBeGreaterThanOrEqual(0);
        expect(verdict.confidence).toBeLessThanOrEqual(1);
        expect(foldName(foldName(name))).toBe(foldName(name));
      }),
    );
  });
});

function ofAddress(text: string, announced: boolean): KindVerdict | null {
  const v4 = ipv4Number(text);
  if (v4 >= 0) return kindOfAddress4(v4, announced);
  const words = new Uint32Array(4);
  ipv6Words(text, words);
  return kindOfAddress6(words, announced);
}

describe('addresses', () => {
  it.each([
    ['104.28.0.1', true, 'residential'],
    ['172.225.1.1', true, 'residential'],
    ['2a02:26f7::1', true, 'residential'],
    ['104.16.0.1', true, null],
    ['3.1.2.3', false, 'hosting'],
    ['3.1.2.3', true, null],
    ['2600:1f18::1', false, 'hosting'],
    ['8.8.8.8', false, null],
  ])('%s, announced %s: %s', (address, announced, kind) => {
    expect(ofAddress(address, announced)?.kind ?? null).toBe(kind);
    expect(ofAddress(address, announced)).toBe(ofAddress(address, announced));
  });
});

const feeds = join(
  process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../../../../shared'),
  'data/threat-feeds',
);

describe.skipIf(!existsSync(feeds))('measured on published lists (shared data)', () => {
  const systems = openAsnDatabase();
  const lines = (file: string): string[] => {
    const bytes = readFileSync(join(feeds, file));
    return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().trim().split('\n');
  };
  const kindOf = ({ family, words }: Cidr): string => {
    const entry = family === 4 ? systems.find4(words[3] as number) : systems.find6(words);
    const own =
      family === 4 ? kindOfAddress4(words[3] as number, entry !== null) : kindOfAddress6(words, entry !== null);
    return entry || own ? (own ?? classifySystem(entry?.asn ?? 0, entry?.asOrg ?? '')).kind : 'unannounced';
  };

  it('knows clouds as hosting, and relays of people as people', () => {
    const counts = new Map<string, { all: number; hosting: number; residential: number }>();
    for (const line of lines('ipranges.jsonl.gz')) {
      const { provider, cidr } = JSON.parse(line) as { provider: string; cidr: string };
      const kind = kindOf(parseCidr(cidr) as Cidr);
      if (kind === 'unannounced') continue;
      const count = counts.get(provider) ?? { all: 0, hosting: 0, residential: 0 };
      counts.set(provider, count);
      count.all++;
      if (kind === 'hosting' || kind === 'residential') count[kind]++;
    }
    for (const provider of ['amazon', 'cloudflare', 'github', 'google', 'googlebot', 'openai', 'oracle', 'vultr']) {
      const { all, hosting } = counts.get(provider) as { all: number; hosting: number };
      expect(hosting / all, provider).toBeGreaterThan(0.97);
    }
    const relay = counts.get('apple-proxy') as { all: number; residential: number };
    expect(relay.residential / relay.all).toBeGreaterThan(0.99);
  });

  it('finds most VPN networks on hosting, and calls few lines into homes hosting', () => {
    const kinds = lines('x4bnet.vpn-ipv4.txt.gz').map((line) => {
      const block = parseCidr(line.trim()) as Cidr;
      return kindOfAddress4(block.words[3] as number, true) ? 'relay' : kindOf(block);
    });
    const counted = kinds.filter((kind) => kind !== 'relay' && kind !== 'unannounced');
    expect(counted.filter((kind) => kind === 'hosting').length / counted.length).toBeGreaterThan(0.8);
  });
});

describe('precision of the names', () => {
  it('calls none of the big access providers hosting by name', () => {
    const names = [
      'Comcast Cable Communications, LLC',
      'Charter Communications Inc',
      'Cox Communications Inc.',
      'Deutsche Telekom AG',
      'Vodafone GmbH',
      'Telefonica Germany GmbH & Co.OHG',
      'Orange S.A.',
      'Free SAS',
      'Bouygues Telecom SA',
      'Societe Francaise Du Radiotelephone - SFR SA',
      'British Telecommunications PLC',
      'Virgin Media Limited',
      'Sky UK Limited',
      'TalkTalk Communications Limited',
      'Telecom Italia S.p.A.',
      'Fastweb SpA',
      'WIND TRE S.P.A.',
      'TELEFONICA DE ESPANA S.A.U.',
      'KPN B.V.',
      'Telia Company AB',
      'Telenor Norge AS',
      'TDC Holding A/S',
      'Swisscom (Schweiz) AG',
      'Proximus NV',
      'Orange Polska Spolka Akcyjna',
      'Turk Telekomunikasyon Anonim Sirketi',
      'PJSC Rostelecom',
      'Korea Telecom',
      'KDDI CORPORATION',
      'NTT Communications Corporation',
      'Chunghwa Telecom Co., Ltd.',
      'Telstra Limited',
      'Bell Canada',
      'Rogers Communications Canada Inc.',
      'TELEFONICA BRASIL S.A',
      'Claro NXT Telecomunicacoes Ltda',
      'Telecom Argentina S.A.',
      'Telmex Colombia S.A.',
      'VNPT Corp',
      'Bharti Airtel Limited',
      'Reliance Jio Infocomm Limited',
      'PT. Telekomunikasi Selular',
      'MTN SA',
      'Safaricom Limited',
      'Telkom SA Ltd.',
    ];
    for (const name of names) expect(kindOfName(name)?.kind, name).not.toBe('hosting');
  });
});
