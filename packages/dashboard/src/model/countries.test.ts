import { COUNTRY_POINTS, outlineCountry } from '@vedette/contract/countries';
import { describe, expect, it } from 'vitest';
import atlas from 'world-atlas/countries-110m.json' with { type: 'json' };

const shapes = atlas.objects.countries.geometries as { id?: string; properties: { name: string } }[];

describe('countries of the map', () => {
  it('knows every outline but the two that have no code', () => {
    const unknown = shapes.filter(({ id, properties }) => outlineCountry(id, properties.name) === undefined);
    expect(unknown.map(({ properties }) => properties.name).sort()).toEqual(['N. Cyprus', 'Somaliland']);
  });
  it.each([
    ['Germany', 'DE'],
    ['South Korea', 'KR'],
    ['Kosovo', 'XK'],
    ['Taiwan', 'TW'],
    ['Niger', 'NE'],
    ['Nigeria', 'NG'],
  ])('%s is %s', (name, code) => {
    const shape = shapes.find(({ properties }) => properties.name === name);
    expect(outlineCountry(shape?.id, name)).toBe(code);
  });
  it('draws no country twice', () => {
    const codes = [
      ...shapes.map(({ id, properties }) => outlineCountry(id, properties.name)).filter((code) => code !== undefined),
      ...COUNTRY_POINTS.map(({ country }) => country),
    ];
    expect(codes.length).toBe(new Set(codes).size);
    expect(codes).toContain('SG');
    expect(codes).toContain('HK');
  });
  it('has its points on the globe', () => {
    for (const { country, longitude, latitude } of COUNTRY_POINTS) {
      expect(country).toMatch(/^[A-Z]{2}$/);
      expect(Math.abs(longitude)).toBeLessThanOrEqual(180);
      expect(Math.abs(latitude)).toBeLessThanOrEqual(90);
    }
  });
});
