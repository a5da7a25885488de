/**
 * As Promise.all, but after all have ended: whoever is told of a failure may take away what the others work on. Throws what
 * the first of them that failed did, in their order.
 */
export async function settled<const W extends readonly unknown[]>(work: W): Promise<{ [K in keyof W]: Awaited<W[K]> }> {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
  return (await Promise.all(work)) as { [K in keyof W]: Awaited<W[K]> };
}
