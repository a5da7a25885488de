import { expect, test } from 'vitest';
import { createRouteEnricher, templateRoute } from './route.ts';

test.each([
  ['', ''],
  ['/', '/'],
  ['/about', '/about'],
  ['/orders/4711', '/orders/{id}'],
  ['/orders/4711/items/9', '/orders/{id}/items/{id}'],
  ['/u/0193d5a0-7b1c-7c3e-8a4f-2b6c9d0e1f23/edit', '/u/{id}/edit'],
  ['/c/5f2b9c1d8e7a', '/c/{id}'],
  ['/images/1234.png', '/images/{id}.png'],
  ['/2024/05/12/hello-world-2', '/{id}/{id}/{id}/hello-world-2'],
  ['/archive/2024-05-12', '/archive/{id}'],
  ['/api/v1/users', '/api/v1/users'],
  ['/s/V1StGXR8_Z5jdHi6B-myT', '/s/{id}'],
  ['/blog/10-things-you-should-know-about-http2-and-3', '/blog/10-things-you-should-know-about-http2-and-3'],
  ['/main.3f2a1b9c8d7e.js', '/main.3f2a1b9c8d7e.js'],
])('%s becomes %s', (path, route) => {
  expect(templateRoute(path)).toBe(route);
  expect(templateRoute(route)).toBe(route);
});

test('the cached enricher says the same, however many paths there are', () => {
  const route = createRouteEnricher();
  for (let index = 0; index < 120_000; index += 1) route(`/orders/${index}`);
  expect(route('/orders/1')).toBe('/orders/{id}');
  expect(route('/orders/1')).toBe('/orders/{id}');
});

test('a long hostile path stays linear and bounded', () => {
  expect(templateRoute(`/${'a-1'.repeat(50_000)}`).length).toBeLessThanOrEqual(1024);
});
