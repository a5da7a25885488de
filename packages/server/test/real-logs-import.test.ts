import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExpectedLog, LOGS } from '../src/collect/access-log/real-logs.fixture.ts';
import { sharedLogs } from '../src/collect/access-log/shared-logs.fixture.ts';
import { isRefusal } from '../src/model/request.ts';
import { startWorld, type World } from './support/world.ts';

const shared = sharedLogs(process.env['VEDETTE_SHARED']);

/** Of three captures of one server one is enough here; their lines are all parsed beside the parser. */
const ALIKE = ['clf-nasa-201702.log.gz', 'clf-nasa-201703.log.gz'];
const FILES = Object.entries(LOGS).filter(([name]) => !ALIKE.includes(name));

/** Files that the hub takes otherwise than the parser reads them, and why. */
const OTHERWISE: Record<string, { accepted: number; rejected: number; known: number; reason?: string; why: string }> = {
  'matomo.incapsula_w3c.log': { accepted: 0, rejected: 0, known: 2, why: 'the same bytes as lnav.logfile_w3c.4' },
  'zeek-http.slips-test9-mixed-zeek-dir.json.log.gz': {
    accepted: 0,
    rejected: 516,
    known: 0,
    reason: 'implausible-time',
    why: 'times are seconds since the capture began, so in 1970',
  },
};

/** [accepted, rejected, known] of the first import. */
function expected(name: string): [number, number, number] {
  const { accepted, rejected = [] } = LOGS[name] as ExpectedLog;
  const otherwise = OTHERWISE[name];
  return otherwise === undefined
    ? [accepted, rejected.length, 0]
    : [otherwise.accepted, otherwise.rejected, otherwise.known];
}

describe.runIf(shared.found)('real access logs, imported into a hub', () => {
  let world: World;
  let total = 0;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  async function importOne(name: string) {
    const tenantId = world.running.hub.records.installation.id;
    const stream = createReadStream(join(shared.directory, name));
    const result = await world.running.hub.importer.import({ tenantId, name, stream, domain: 'fallback.example' });
    if (isRefusal(result)) throw new Error(`${result.refused}: ${result.detail}`);
    return result;
  }
  const stored = () => world.running.hub.requestsOf(world.running.hub.records.installation.id).count();

  test.each(FILES)('%s', async (name, { format, rejected = [] }) => {
    const result = await importOne(name);
    const [accepted, refused, known] = expected(name);
    const lines = { read: accepted + refused, accepted, rejected: refused, known };
    expect(result).toMatchObject({ name, format, lines, truncated: null });
    const reason = OTHERWISE[name]?.reason;
    if (reason !== undefined) expect(result.reasons).toEqual({ [reason]: refused });
    else
      expect(result.rejects.map(({ line, reason }) => [line, reason])).toEqual(
        rejected.map((entry) => entry.slice(0, 2)),
      );
    total += accepted;
    expect(await stored()).toBe(total);
  });

  test('all of them a second time: nothing is new, nothing counts again', async () => {
    for (const [name] of FILES) {
      const [accepted, rejected, known] = expected(name);
      const { lines } = await importOne(name);
      expect([name, lines]).toEqual([name, { read: 0, accepted: 0, rejected: 0, known: accepted + rejected + known }]);
    }
    expect(await stored()).toBe(total);
  });

  test('the roll-ups count what the rows do, over all the years', async () => {
    const tenant = world.running.hub.requestsOf(world.running.hub.records.installation.id);
    const window = { from: Date.UTC(1995, 0, 1), to: Date.now(), where: [], limit: 10_000 };
    const { rows, source } = await tenant.traffic({ ...window, metrics: ['requests', 'kept'], by: ['day'] });
    const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
    expect(source).toBe('roll-up');
    expect([sum('requests'), sum('kept')]).toEqual([total, total]);
  });
});
