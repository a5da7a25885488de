import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBrowserFiles } from '../src/expose/browser-files.ts';
import { startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('the script for sites', () => {
  test('is what its tag pins, may be loaded by any page, and never changes', async () => {
    const { status, json } = await world.call('/browser/snippet?domain=www.acme.example&language=de');
    expect(status).toBe(200);
    expect(json.html).toBe(
      `<script defer src="${json.url}" integrity="${json.integrity}" crossorigin="anonymous" data-domain="www.acme.example" data-language="de"></script>`,
    );
    for (const { url, integrity, type } of [
      { url: json.url, integrity: json.integrity, type: 'text/javascript; charset=utf-8' },
      { url: json.css.url, integrity: json.css.integrity, type: 'text/css; charset=utf-8' },
    ]) {
      const answer = await fetch(url, { headers: { origin: 'https://www.acme.example', 'accept-encoding': 'br' } });
      expect(answer.status).toBe(200);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': type,
        'content-encoding': 'br',
        'cache-control': 'public, max-age=31536000, immutable',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(answer.headers.get('set-cookie')).toBeNull();
      const body = Buffer.from(await answer.arrayBuffer());
      expect(`sha384-${createHash('sha384').update(body).digest('base64')}`).toBe(integrity);
    }
  });

  test('the newest is for five minutes and has an ETag', async () => {
    const first = await world.call('/browser/vedette.js');
    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    const etag = first.headers.get('etag') ?? '';
    const again = await world.call('/browser/vedette.js', { headers: { 'if-none-match': etag } });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test.each([
    ['/browser/other.js', 404],
    ['/browser/0.1.0-00000000/vedette.js', 404],
    ['/browser/..%2f..%2fmaster.key/vedette.js', 404],
    ['/browser/snippet?domain=%22%3E%3Cscript%3E', 400],
    ['/browser/snippet?language=%22', 400],
  ])('%s is refused', async (path, status) => {
    expect((await world.call(path)).status).toBe(status);
  });
});

test('a build that was served goes on being served by later versions, unless it was damaged', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-browser-'));
  const of = (version: string) =>
    createBrowserFiles({ dir, keptDir: join(dir, 'kept'), version, onError: (error) => expect.fail(String(error)) });
  try {
    expect(await of('1.0.0').current()).toBeNull();
    const build = async (text: string, version: string) => {
      await writeFile(join(dir, 'banner.css'), '.box{}');
      await writeFile(join(dir, 'vedette.js'), text);
      return (await of(version).current())?.name ?? '';
    };
    const old = await build('old()', '1.0.0');
    const now = await build('now()', '1.1.0');
    expect(old).toMatch(/^1\.0\.0-[0-9a-f]{8}$/);
    const files = of('1.1.0');
    expect((await files.current())?.name).toBe(now);
    expect((await files.named(old))?.files['vedette.js'].asset.body.toString()).toBe('old()');
    await writeFile(join(dir, 'kept', old, 'vedette.js'), 'evil()');
    expect(await of('1.1.0').named(old)).toBeNull();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
