import { expect, test } from 'vitest';
import { pageUrl, relyingParty } from './relying-party.ts';

test.each([
  ['https://hub.example', 'https://hub.example', 'hub.example'],
  ['https://hub.example', undefined, 'hub.example'],
  ['https://hub.example:8443/sub', 'https://hub.example:8443', 'hub.example'],
  ['http://localhost:8460', 'http://localhost:8460', 'localhost'],
  ['http://hub.localhost:8460', 'http://hub.localhost:8460', 'hub.localhost'],
  ['http://127.0.0.1:8460', 'http://localhost:8460', 'localhost'],
  ['http://[::1]:8460', 'http://localhost:8460', 'localhost'],
  ['http://127.0.0.1:8460', undefined, 'localhost'],
])('a hub at %s, seen at %s, makes passkeys for %s', (url, page, id) => {
  expect(relyingParty(url, page)).toMatchObject({ id, origin: page ?? expect.any(String) });
});

test.each([
  [
    'https://hub.example',
    'https://other.example',
    'passkeys-elsewhere',
    /belong to https:\/\/hub\.example.*VEDETTE_URL/,
  ],
  ['https://hub.example', 'https://hub.example:8443', 'passkeys-elsewhere', /page is at https:\/\/hub\.example:8443/],
  ['https://hub.example', 'https://10.0.0.7', 'passkeys-elsewhere', /10\.0\.0\.7/],
  ['https://hub.example', 'null', 'passkeys-elsewhere', /page is at null/],
  ['http://127.0.0.1:8460', 'http://127.0.0.1:8460', 'passkeys-elsewhere', /belong to http:\/\/localhost:8460/],
  ['https://10.0.0.7', 'https://10.0.0.7', 'passkeys-need-a-name', /VEDETTE_URL/],
  ['http://hub.example', 'http://hub.example', 'passkeys-need-https', /https only/],
])('a hub at %s, seen at %s, has none: %s', (url, page, refused, detail) => {
  expect(relyingParty(url, page)).toEqual({ refused, detail: expect.stringMatching(detail) });
});

test.each([
  ['http://127.0.0.1:8460', 'http://localhost:8460'],
  ['http://127.0.0.2', 'http://localhost'],
  ['http://[::1]:8460', 'http://localhost:8460'],
  ['http://192.0.2.1:8460', 'http://192.0.2.1:8460'],
  ['https://hub.example/vedette', 'https://hub.example/vedette'],
])('pages of a hub at %s are opened at %s', (at, opened) => {
  expect(pageUrl(at)).toBe(opened);
});
