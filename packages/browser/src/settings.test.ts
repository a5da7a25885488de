import { expect, test } from 'vitest';
import { readSettings } from './settings.ts';

const build = 'https://hub.example/browser/0.1.0-0a1b2c3d/vedette.js';

test.each([
  ['a pinned build', build, {}, 'https://hub.example', 'www.a.example', 'de'],
  ['the newest', 'https://hub.example/browser/vedette.js', {}, 'https://hub.example', 'www.a.example', 'de'],
  [
    'a hub under a path',
    'https://a.example/hub/browser/vedette.js',
    {},
    'https://a.example/hub',
    'www.a.example',
    'de',
  ],
  [
    'a copy',
    'https://cdn.example/x/vedette.js',
    { 'data-api': 'https://h.example/' },
    'https://h.example',
    'www.a.example',
    'de',
  ],
  [
    'what the tag says',
    build,
    { 'data-domain': 'a.example', 'data-language': 'fr' },
    'https://hub.example',
    'a.example',
    'fr',
  ],
] as const)('%s', (_, src, attributes, hub, domain, language) => {
  const get = (name: string) => (attributes as Record<string, string>)[name] ?? null;
  const settings = readSettings({ src, integrity: '', nonce: '', get }, 'www.a.example', 'de');
  expect(settings).toMatchObject({ hub, domain, language, pinned: false });
  expect(settings.styles).toBe(src.replace('vedette.js', 'banner.css'));
});
