import { expect, test } from 'vitest';
import { readConfig } from './config.ts';
import { UsageFault } from './model/fault.ts';

const CLIENT = { VEDETTE_OIDC_CLIENT_ID: 'vedette' };

test.each([
  ['https://login.example.org', true],
  ['https://login.example.org/realms/staff/', true],
  ['http://127.0.0.1:9000', true],
  ['http://localhost:9000/a', true],
  ['http://[::1]:9000', true],
  ['http://login.example.org', false],
  ['http://10.0.0.7', false],
  ['https://user@login.example.org', false],
  ['https://login.example.org/?a=b', false],
  ['login.example.org', false],
  ['ftp://login.example.org', false],
])('the issuer %s: taken is %s', (issuer, taken) => {
  const read = () => readConfig({}, { ...CLIENT, VEDETTE_OIDC_ISSUER: issuer }).oidcIssuer;
  if (taken) expect(read()).toBe(issuer);
  else expect(read).toThrow(UsageFault);
});

test.each([
  [{}, null],
  [{ VEDETTE_OIDC_ISSUER: 'https://login.example.org' }, /VEDETTE_OIDC_CLIENT_ID must be/],
  [CLIENT, /VEDETTE_OIDC_ISSUER must be set/],
  [{ VEDETTE_OIDC_CLIENT_SECRET: 'x' }, /VEDETTE_OIDC_ISSUER must be set/],
])('issuer and client belong together (%j)', (env, complaint) => {
  if (complaint === null) expect(readConfig({}, env).oidcIssuer).toBeUndefined();
  else expect(() => readConfig({}, env)).toThrow(complaint);
});

test.each([
  ['', 'https://api.pwnedpasswords.com'],
  ['off', null],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
])('VEDETTE_BREACHED_PASSWORDS_URL=%s asks %s', (written, url) => {
  expect(readConfig({}, { VEDETTE_BREACHED_PASSWORDS_URL: written }).breachedPasswordsUrl).toBe(url);
});

test('what is no URL for breached passwords is said', () => {
  expect(() => readConfig({}, { VEDETTE_BREACHED_PASSWORDS_URL: 'no' })).toThrow(/https:\/\/ or http:\/\/, or off/);
});
