import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPacker } from './packer.ts';

test('packs one after another, each a gzip of its own', async () => {
  const packer = createPacker();
  const run = fc.asyncProperty(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      // Longer than a piece, to the byte.
      fc.constantFrom(64 * 1024, 64 * 1024 + 1, 300_000).map((length) => new Uint8Array(length).fill(65)),
      fc.integer().map((seed) => Uint8Array.from({ length: 150_000 }, (_, i) => (i * i * seed) >> 3)),
    ),
    async (bytes) => {
      const given = Buffer.from(bytes);
      const packed = await packer.pack(given);
      given.fill(0);
      expect(gunzipSync(packed).equals(bytes)).toBe(true);
    },
  );
  await fc.assert(run, { numRuns: 100 });
});
