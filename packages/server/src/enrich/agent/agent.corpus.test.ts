import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAgentEnricher } from './agent.ts';
import { type Labelled, readCorpora } from './corpora.ts';
import { browserFamily, CORE_DEVICES, DEVICE_CLASSES, isPeopleCorpus, systemFamily } from './corpora-names.ts';

const shared = process.env.VEDETTE_SHARED ?? join(import.meta.dirname, '../../../../../../shared');
const directory = join(shared, 'data/user-agents');
const present = existsSync(directory);
if (!present) console.warn(`skipped: no user-agent corpora in ${directory}; set VEDETTE_SHARED to their parent`);

describe.skipIf(!present)('labelled corpora', () => {
  const corpora = present ? readCorpora(directory) : new Map<string, Labelled[]>();
  const enricher = createAgentEnricher();
  const rows = [...corpora].flatMap(([corpus, labelled]) => labelled.map((row) => ({ corpus, ...row })));
  const share = <T>(all: readonly T[], good: (row: T) => boolean) => {
    expect(all.length).toBeGreaterThan(50);
    return all.filter(good).length / all.length;
  };

  it.each(['isbot.crawlers', 'monperrus.crawlers', 'matomo.full.bots', 'arcjet.bots', 'uap.devices'])(
    'finds the bots of %s',
    (corpus) => {
      const bots = rows.filter((row) => row.corpus === corpus && row.bot === true);
      expect(share(bots, (row) => enricher.agent(row.userAgent).isBot)).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('takes hardly any browser of people for a bot', () => {
    const people = rows.filter((row) => isPeopleCorpus(row.corpus) && row.bot !== true);
    expect(share(people, (row) => enricher.agent(row.userAgent).isBot)).toBeLessThanOrEqual(0.001);
  });

  it('tells the device class', () => {
    const labelled = rows.filter((row) => row.corpus.startsWith('matomo.full.') && row.userAgent !== '' && row.device);
    const right = (row: (typeof rows)[number]) =>
      enricher.agent(row.userAgent).deviceType === DEVICE_CLASSES[row.device ?? ''];
    const core = labelled.filter((row) => CORE_DEVICES.has(row.device ?? ''));
    expect(share(core, right)).toBeGreaterThanOrEqual(0.95);
    expect(share(labelled, right)).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['uap.systems', 0.98],
    ['matomo.full.smartphone', 0.99],
    ['matomo.full.tablet', 0.99],
    ['matomo.full.desktop', 0.92],
  ])('names the system: %s', (corpus, least) => {
    const labelled = rows.filter((row) => row.corpus === corpus && row.os);
    const right = share(
      labelled,
      (row) => systemFamily(enricher.agent(row.userAgent).osName) === systemFamily(row.os ?? ''),
    );
    expect(right).toBeGreaterThanOrEqual(least);
  });

  it.each([
    ['uap.browsers', 0.95],
    ['matomo.full.smartphone', 0.98],
    ['matomo.full.tablet', 0.98],
    ['matomo.full.desktop', 0.8],
  ])('names the browser: %s', (corpus, least) => {
    const labelled = rows.filter((row) => row.corpus === corpus && row.browser);
    const right = share(
      labelled,
      (row) => browserFamily(enricher.agent(row.userAgent).browserName) === browserFamily(row.browser ?? ''),
    );
    expect(right).toBeGreaterThanOrEqual(least);
  });

  it('needs few distinct answers for them all', () => {
    expect(new Set(rows.map((row) => enricher.agent(row.userAgent))).size).toBeLessThan(6000);
  });
});
