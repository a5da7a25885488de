import { expect, test } from 'vitest';
import { refuseForeignHost } from './host-check.ts';

test.each([
  'localhost',
  'localhost:8460',
  'LOCALHOST:1',
  'hub.localhost',
  '127.0.0.1:8460',
  '127.9.9.9',
  '[::1]:8460',
  'hub.example:443',
])('%s is the hub', (host) => {
  expect(() => refuseForeignHost(host, ['hub.example'])).not.toThrow();
});

test.each([
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '192.0.2.1',
  '0.0.0.0:8460',
  '',
  undefined,
])('%s is not', (host) => {
  expect(() => refuseForeignHost(host, ['hub.example'])).toThrow('VEDETTE_HOSTS');
});
