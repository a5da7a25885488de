import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUDGET, firstLoad } from '../first-load.mjs';
import { buildDashboard } from './browser.ts';

describe('what is loaded before the first screen', () => {
  beforeAll(buildDashboard);

  it('is less JavaScript than is promised, with the words of any language', () => {
    const { bytes, files } = firstLoad(join(import.meta.dirname, '../dist'));
    console.log(`first load: ${bytes} bytes of ${BUDGET}, packed`);
    // Its entry, what that imports, and one other language are counted.
    expect(files.some(({ name }) => /\/index-/.test(name))).toBe(true);
    expect(files.some(({ name }) => /\/de-/.test(name))).toBe(true);
    expect(BUDGET).toBe(300_000);
    expect(bytes, JSON.stringify(files.slice(0, 8))).toBeLessThanOrEqual(BUDGET);
  });

  it('is none of what only some screens need', () => {
    const names = firstLoad(join(import.meta.dirname, '../dist')).files.map(({ name }) => name);
    expect(names.filter((name) => /world-map|consent|privacy|audit|account/.test(name))).toEqual([]);
  });
});
