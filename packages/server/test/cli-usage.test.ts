import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../src/cli/dispatch.ts';
import { insertPerson } from './support/people.ts';
import { runHere } from './support/run-here.ts';
import { startWorld, type World } from './support/world.ts';

// What somebody wrote wrongly is told with exit code 2; what was right and could not be done, with 1. A hub runs
// meanwhile, so that what it refuses is among it.

let world: World;
let dir: string;
let log: string;

beforeAll(async () => {
  world = await startWorld();
  await world.tenant('acme');
  await insertPerson(world, { email: 'ada@example.org', name: 'Ada', roles: {} });
  dir = await mkdtemp(join(tmpdir(), 'vedette-usage-'));
  log = join(dir, 'access.log');
  await writeFile(log, '192.0.2.1 - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n');
});
afterAll(async () => {
  await world?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Commands with bad input, by name, and what is said against it. LOG stands for a log file, DIR for a directory. */
const CASES: Record<string, readonly (readonly [words: string, said: string])[]> = {
  serve: [
    ['--port 99999', 'whole number from 0 to 65535'],
    ['--roles king', 'collect'],
    ['now', 'takes no words'],
  ],
  report: [
    ['', 'log file'],
    ['DIR/none.log', 'none.log'],
    ['LOG --where nonsense', '--where'],
    ['LOG --where shoe=42', '--where'],
    ['LOG --from yesterdayish', 'yesterdayish'],
    ['LOG --last soon', 'soon'],
    ['LOG --format morse', 'morse'],
    ['LOG --custom $nothing', 'names no time'],
    ['LOG --top none', '--top'],
    ['LOG --threads 999', '--threads'],
    ['LOG --html DIR/no/page.html', 'there is no directory'],
    ['LOG --rejects DIR/no/r.ndjson', 'there is no directory'],
  ],
  import: [
    ['', 'log file'],
    ['DIR/none.log', 'none.log'],
    ['LOG --format morse', 'morse'],
    ['LOG --custom $nothing', 'names no time'],
    ['LOG --custom $x --format caddy', 'exclude each other'],
    ['LOG --tenant nowhere', 'nowhere'],
    ['LOG --domain http://x', 'domain: must be like www.'],
    ['LOG --rejects DIR/no/r.ndjson', 'there is no directory'],
  ],
  enrich: [['addresses.ndjson', 'takes no file']],
  tenant: [
    ['', 'say what to do'],
    ['crate acme', 'did you mean create?'],
    ['create', 'name one tenant'],
    ['create Bad_Slug', 'slug: must be like acme'],
    ['create ok --users 5', '--users goes with quota'],
    ['list acme', 'takes no words'],
    ['rename acme', '--name'],
    ['rename acme --name ', 'name'],
    ['rename nowhere --name X', 'nowhere'],
    ['suspend nowhere', 'nowhere'],
    ['resume nowhere', 'nowhere'],
    ['suspend acme --name Acme', '--name goes with create and rename'],
    ['quota acme --users many', '--users is "many"'],
    ['quota acme --retention-days 0', 'retention_days'],
    ['second-factor acme perhaps', 'required or optional'],
    ['delete acme', '--confirm acme'],
  ],
  domain: [
    ['add www.acme.example', '--tenant'],
    ['add http://x --tenant acme', 'http://x'],
    ['add *.*.example --tenant acme', '*.*.example'],
    ['add a.example --tenant nowhere', 'nowhere'],
    ['remove none.example --tenant acme', 'none.example'],
    ['check none.example --tenant acme', 'none.example'],
    ['list all', 'takes no words'],
  ],
  user: [
    ['create carol --name Carol', '"carol" is no address'],
    ['create a@b@c --name Carol', 'is no address'],
    ['create carol@example.org', '--name'],
    ['create carol@example.org --name Carol --locale german!', 'locale'],
    ['email ada@example.org', 'new e-mail address'],
    ['email ada@example.org carol', '"carol" is no address'],
    ['email nobody@example.org carol@example.org', 'nobody@example.org'],
    ['reset carol', 'carol'],
    ['disable carol', 'carol'],
    ['enable carol', 'carol'],
    ['reset-factors carol', 'carol'],
    ['end-sessions', 'name one person'],
    ['end-sessions carol', 'carol'],
    ['end-sessions ada@example.org --everybody', 'takes no words'],
    ['disable ada@example.org --everybody', '--everybody goes with end-sessions'],
    ['reset ada@example.org --name Ada', '--name goes with create'],
    ['list all', 'takes no words'],
  ],
  key: [
    ['create --tenant acme', '--scope'],
    ['create --tenant acme --scope king', '--scope'],
    ['create --scope read', '--tenant'],
    ['create --tenant nowhere --scope read', 'nowhere'],
    ['create --tenant acme --scope read --expires soon', 'soon'],
    ['create --tenant acme --scope read --expires 2001-01-01', '2001'],
    ['create mine --tenant acme --scope read', 'takes no words'],
    ['list --tenant acme --scope read', '--scope goes with create'],
    ['rotate none --tenant acme', 'none'],
    ['rotate none --tenant acme --overlap 99d', '99d'],
    ['revoke none --tenant acme', 'none'],
    ['revoke none --tenant acme --overlap 1h', '--overlap goes with rotate'],
  ],
  link: [['me', 'takes no words']],
  'rotate-key': [['now', 'takes no words']],
  log: [
    ['', 'log takes "level"'],
    ['level loud', '"loud" is no level'],
  ],
  backup: [
    ['', 'name one file'],
    ['--verify DIR/none.tar', 'none.tar'],
    ['--verify DIR', 'is a directory'],
    ['--verify LOG --geo', '--geo goes with taking a backup'],
    ['DIR/no/where.tar', 'there is no directory'],
    ['- --resume', '--resume needs a file'],
    ['LOG', 'exists already'],
  ],
  restore: [
    ['', 'name one archive'],
    ['DIR/none.tar', 'none.tar'],
    ['DIR', 'is a directory'],
  ],
  snippet: [
    ['', '--domain'],
    ['--domain http://x', 'domain: must be like www.'],
    ['www.acme.example --domain www.acme.example', 'takes no words'],
  ],
  geo: [
    ['', 'say what to do'],
    ['update now', 'takes no words'],
    ['statis', 'did you mean status?'],
  ],
  doctor: [
    ['now', 'takes no words'],
    ['--logs LOG', '--privacy'],
    ['--privacy --logs DIR/none.log', 'none.log'],
  ],
};

/** Words as a shell would part them. */
const wordsOf = (text: string) =>
  text === '' ? [] : text.split(' ').map((word) => word.replace('LOG', log).replace('DIR', dir));

describe('bad input is told with exit code 2', () => {
  test('the table has every command', () => {
    expect(Object.keys(CASES).sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });

  test.each(Object.entries(CASES))('vedette %s', async (name, cases) => {
    const data = ['report', 'log', 'enrich', 'backup'].includes(name) ? [] : ['--data', join(world.dir, 'data')];
    const wrong: unknown[] = [];
    for (const [text, said] of cases) {
      const { code, stdout, stderr } = await runHere([name, ...wordsOf(text), ...data]);
      if (code !== 2 || stdout !== '' || !stderr.includes(said) || !stderr.startsWith(`vedette ${name}: `)) {
        wrong.push({ text, said, code, stdout, stderr });
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(COMMANDS.map(({ name }) => name))('vedette %s --nonsense', async (name) => {
    expect(await runHere([name, '--nonsense'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('there is no option --nonsense'),
    });
  });
});
