/** Ids of a person as they are found in what was pasted. */
export interface PersonIds {
  proof: string | null;
  visitor: string | null;
}

// `vedette_consent=1.<proof>.a1m0.<visitor>`, as the browser's tools show it; see docs/consent.md.
const COOKIE = /\b1\.([0-9a-f]{32})\.a[01]m[01](?:\.([0-9a-f]{32}))?(?![0-9a-z])/i;
const PLAIN = /^[0-9a-f]{32}$/i;

/** The ids in the value of the consent cookie, or one id alone, which may stand for either. */
export function findIds(pasted: string): PersonIds & { plain: string | null } {
  const [, proof, visitor] = COOKIE.exec(pasted) ?? [];
  if (proof !== undefined) {
    return { proof: proof.toLowerCase(), visitor: visitor?.toLowerCase() ?? null, plain: null };
  }
  const alone = pasted.trim();
  return { proof: null, visitor: null, plain: PLAIN.test(alone) ? alone.toLowerCase() : null };
}

/** The proof id in what was pasted; null when there is none. */
export function findProof(pasted: string): string | null {
  const { proof, plain } = findIds(pasted);
  return proof ?? plain;
}
