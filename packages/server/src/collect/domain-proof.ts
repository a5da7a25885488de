import { isIP } from 'node:net';
import type { GuardedClient } from '../flow/guarded-client.ts';
import type { LookUpText } from '../flow/text-records.ts';
import { Fault } from '../model/fault.ts';
import type { OwnershipFound } from '../stores/records.ts';

const RECORD = '_vedette-challenge';
const RECORD_VALUE = 'vedette-domain-verification';
const FILE = '/.well-known/vedette-domain-verification';
/** The file holds one token; whatever is longer is no such file. */
const MOST_BYTES = 4096;
const TIMEOUT_MS = 10_000;
const SCHEMES = ['https', 'http'] as const;

/** What the owner of a domain publishes: one of them will do. */
export interface Proofs {
  /** null for an address, which has no name that could carry a record. */
  dns: { name: string; type: 'TXT'; value: string } | null;
  file: { url: string; content: string };
}

export interface ProofTools {
  fetcher: Pick<GuardedClient, 'get'>;
  lookUpText: LookUpText;
  /** Where the file of a host is looked for; both schemes at their own ports unless told. */
  origins?: (host: string) => readonly string[];
}

/** The host at which a pattern is proved: its own, or the one a wildcard is below. */
function hostOf(pattern: string): string {
  return pattern.startsWith('*.') ? pattern.slice(2) : pattern;
}

/** What proves a pattern (`www.example.com`, `*.example.com`) for whoever has the token. */
export function proofsOf(pattern: string, token: string): Proofs {
  const host = hostOf(pattern);
  return {
    dns: isIP(host) !== 0 ? null : { name: `${RECORD}.${host}`, type: 'TXT', value: `${RECORD_VALUE}=${token}` },
    file: { url: `https://${shown(host)}${FILE}`, content: token },
  };
}

/** Looks for the proof of a pattern: the record first, then the file. Never throws; what went wrong is in the answer. */
export async function findProof(pattern: string, token: string, tools: ProofTools): Promise<OwnershipFound> {
  const { dns } = proofsOf(pattern, token);
  const missing: string[] = [];
  if (dns !== null) {
    const texts = await tools.lookUpText(dns.name).catch((error: unknown) => error as Error);
    if (texts instanceof Error) missing.push(texts.message);
    else if (texts.some((text) => text.trim() === dns.value)) return { by: 'dns', error: null };
    else missing.push(whyNoRecord(dns.name, texts));
  }
  const host = hostOf(pattern);
  const origins = tools.origins?.(host) ?? SCHEMES.map((scheme) => `${scheme}://${shown(host)}`);
  for (const origin of origins) {
    const why = await whyNoFile(`${origin}${FILE}`, token, tools);
    if (why === null) return { by: 'file', error: null };
    missing.push(why);
  }
  return { by: null, error: missing.join('; ') };
}

function whyNoRecord(name: string, texts: readonly string[]): string {
  if (texts.length === 0) return `${name} has no TXT record`;
  return `${name} has ${texts.length} TXT record${texts.length === 1 ? '' : 's'}, but not that one`;
}

/** null: the file holds the token. No other host may answer for this one, so no redirect to another is followed. */
async function whyNoFile(url: string, token: string, { fetcher }: ProofTools): Promise<string | null> {
  try {
    const answer = await fetcher.get(url, { maxBytes: MOST_BYTES, timeoutMs: TIMEOUT_MS, sameHost: true });
    if (answer.status !== 200) return `${url} answered ${answer.status}`;
    return answer.body.toString('utf8').trim() === token ? null : `${url} holds something else`;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

function shown(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}
