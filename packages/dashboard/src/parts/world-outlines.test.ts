import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COUNTRY_POINTS, outlineCountry } from '@vedette/contract/countries';
import { geoGraticule10, geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import { expect, it } from 'vitest';
import atlas from 'world-atlas/countries-110m.json' with { type: 'json' };

const FILE = join(import.meta.dirname, 'world-outlines.json');
const WIDTH = 960;
const HEIGHT = 460;

/** `-1.2`, `.5`: of tenths, as short as it can be. */
const tenths = (count: number) => String(count / 10).replace(/^(-?)0\./, '$1.');

/** A path of absolute points as one of steps from point to point, which is half as long. */
function stepwise(path: string): string {
  return path
    .split('M')
    .slice(1)
    .map((ring) => {
      const closed = ring.endsWith('Z');
      const points = ring
        .replace('Z', '')
        .split('L')
        .map((point) => point.split(',').map((value) => Math.round(Number(value) * 10)));
      const steps = points.flatMap(([x = 0, y = 0], place) => {
        const [fromX = 0, fromY = 0] = points[place - 1] ?? [];
        const [right, down] = [x - fromX, y - fromY];
        // What is nearer than a tenth of a pixel is the same point.
        if (place > 0 && right === 0 && down === 0) return [];
        return `${tenths(right)}${down < 0 ? '' : ' '}${tenths(down)}`;
      });
      if (steps.length < 2) return '';
      return `M${steps[0]}l${steps.slice(1).join(' ')}${closed ? 'z' : ''}`;
    })
    .join('');
}

/** The world as the map draws it: a browser that projected it itself would be busy for a tenth of a second. */
function drawn() {
  const projection = geoNaturalEarth1()
    .scale(181)
    .translate([WIDTH / 2 - 14, HEIGHT / 2 + 34]);
  const draw = geoPath(projection).digits(1);
  const topology = atlas as unknown as Parameters<typeof feature>[0];
  const { countries } = topology.objects;
  if (countries?.type !== 'GeometryCollection') throw new Error('the atlas has countries');
  return {
    width: WIDTH,
    height: HEIGHT,
    graticule: stepwise(draw(geoGraticule10()) ?? ''),
    outlines: feature(topology, countries)
      .features.map((shape) => ({
        country: outlineCountry(shape.id, String((shape.properties as { name?: string } | null)?.name ?? '')) ?? null,
        path: stepwise(draw(shape) ?? ''),
      }))
      .filter(({ country }) => country !== 'AQ'),
    points: COUNTRY_POINTS.map(({ country, longitude, latitude }) => {
      const [x = 0, y = 0] = projection([longitude, latitude]) ?? [];
      return { country, x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
    }),
  };
}

it('the outlines of the map are those of the atlas, in its projection', () => {
  const made = `${JSON.stringify(drawn())}\n`;
  if (process.env.VEDETTE_UPDATE_GOLDEN === '1') writeFileSync(FILE, made);
  expect(readFileSync(FILE, 'utf8')).toBe(made);
});
