import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { COUNTRY_POINTS, outlineCountry } from '@vedette/contract/countries';
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';

export const MAP_WIDTH = 960;
export const MAP_HEIGHT = 460;

/** A country as drawn: an outline, or a point where it is too small for one. */
export interface MapShape {
  /** ISO 3166-1 alpha-2; '' for land that no code stands for. */
  country: string;
  path: string;
}

/** The world in the Natural Earth projection as SVG paths (world-atlas, 1:110 million); points for the `needed` small countries. */
export function worldMap(needed: ReadonlySet<string>): MapShape[] {
  const projection = geoNaturalEarth1()
    .scale(181)
    .translate([MAP_WIDTH / 2 - 14, MAP_HEIGHT / 2 + 34]);
  const draw = geoPath(projection).digits(1);
  const file = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json');
  const atlas = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof feature>[0];
  const countries = atlas.objects.countries;
  if (countries?.type !== 'GeometryCollection') throw new Error(`${file} holds no countries`);
  const outlines = feature(atlas, countries).features.map((shape): MapShape => {
    const name = String((shape.properties as { name?: string } | null)?.name ?? '');
    return { country: outlineCountry(shape.id, name) ?? '', path: draw(shape) ?? '' };
  });
  const points = COUNTRY_POINTS.filter(({ country }) => needed.has(country)).map(({ country, longitude, latitude }) => {
    const [x, y] = projection([longitude, latitude]) ?? [0, 0];
    return { country, path: `M${x.toFixed(1)} ${(y - 4).toFixed(1)}a4 4 0 1 1-.1 0z` };
  });
  return [...outlines.filter(({ country }) => country !== 'AQ'), ...points];
}
