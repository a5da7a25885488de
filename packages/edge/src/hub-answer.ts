/** What the hub says of a delivery of `count` requests; an Error when the answer is not the hub's: then nothing was taken. */
export function readAnswer(text: string, count: number): { reasons: string[] } | Error {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = null;
  }
  const { accepted, rejected } = (answer ?? {}) as { accepted?: unknown; rejected?: unknown };
  const shown = JSON.stringify(text.slice(0, 80));
  if (!Number.isSafeInteger(accepted) || !Array.isArray(rejected)) {
    return new Error(`what answers is no hub: ${shown}`);
  }
  // Every request is either taken or refused with a reason.
  if ((accepted as number) + rejected.length !== count) {
    return new Error(`what answers is no hub, or lost some of ${count} requests: ${shown}`);
  }
  const reasons = rejected.map((item) => String((item as { reason?: unknown } | null)?.reason ?? 'no reason given'));
  return { reasons: reasons.map((reason) => reason.slice(0, 300)) };
}

/** What a problem document says, after a colon. */
export function detailOf(text: string): string {
  try {
    const { detail } = JSON.parse(text) as { detail?: unknown };
    return typeof detail === 'string' ? `: ${detail.slice(0, 300)}` : '';
  } catch {
    return '';
  }
}
