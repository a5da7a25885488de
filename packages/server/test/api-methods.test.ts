import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './support/world.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'];
let world: World;
let paths: Map<string, Set<string>>;

beforeAll(async () => {
  world = await startWorld({ VEDETTE_RATE_LIMIT: '1000000' });
  const { json } = await world.call('/api/openapi.json');
  paths = new Map(
    Object.entries<object>(json.paths).map(([path, operations]) => {
      const methods = new Set(Object.keys(operations).map((method) => method.toUpperCase()));
      if (methods.has('GET')) methods.add('HEAD');
      return [path, methods];
    }),
  );
});
afterAll(() => world.stop());

/** A call without a body, by any method there is. */
function ask(method: string, path: string): Promise<{ status: number; allow: string | undefined }> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, world.url), { method, agent: false }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, allow: answer.headers.allow });
      // A stream would go on.
      answer.destroy();
    });
    call.on('error', reject).end();
  });
}

const filled = (path: string) => path.replaceAll(/\{\w+\}/g, 'some');

test('every method that a path does not take is answered 405, with those it takes', async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const [path, takes] of paths) {
    for (const method of METHODS.filter((one) => !takes.has(one))) {
      const { status, allow } = await ask(method, filled(path));
      const told = allow?.split(', ').sort().join();
      asked += 1;
      if (status !== 405 || told !== [...takes].sort().join()) wrong.push(`${method} ${path}: ${status}, ${allow}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(200);
});

test('HEAD is answered wherever GET is', async () => {
  const wrong: string[] = [];
  for (const [path, takes] of paths) {
    if (!takes.has('GET')) continue;
    const { status } = await ask('HEAD', filled(path));
    if (status === 405 || status >= 500) wrong.push(`${path}: ${status}`);
  }
  expect(wrong).toEqual([]);
});
