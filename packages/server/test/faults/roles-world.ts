import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type TestBroker } from '../../test-services/support/kafka.ts';
import { VEDETTE } from '../support/serve.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { type Engines, startEngines } from './engines.ts';
import { type Disk, mountDisk, signal } from './ground.ts';
import { keep, type Program } from './program.ts';
import {
  type FaultWorld,
  injector,
  insist,
  type Means,
  meansOfLine,
  meansOfProgram,
  settledAt,
  WAITING,
} from './world.ts';

const DISK_MB = 48;

/** A process of `vedette serve`, on a small disk of its own, behind a line. */
interface Member {
  program: Program;
  line: TcpProxy;
  disk: Disk | null;
  url: string;
}

/** One hub, all roles in one process, over engines of their own. */
export async function startSplitWorld(): Promise<FaultWorld & { trouble: Engines['trouble'] }> {
  const { dir, logs, engines } = await lay();
  const hub = await startMember(dir, logs, 'hub', engines.env);
  await hub.program.up();
  return {
    ...assemble({ dir, engines, members: [hub], collectors: [hub], gauges: [...WAITING, 'vedette_stream_lag'] }),
    trouble: engines.trouble,
  };
}

/** Two collectors and two processors around a broker. */
export async function startKafkaWorld(): Promise<FaultWorld> {
  const { dir, logs, engines } = await lay();
  const broker = await startKafka();
  const masterKey = join(dir, 'master.key');
  await writeFile(masterKey, randomBytes(32));
  const env = {
    ...engines.env,
    KAFKA_BROKERS: broker.address,
    VEDETTE_KAFKA_PARTITIONS: '4',
    VEDETTE_MASTER_KEY_FILE: masterKey,
  };
  const start = (name: string, roles: string) => startMember(dir, logs, name, { ...env, VEDETTE_ROLES: roles });
  const collectors = [await start('collector-a', 'collect'), await start('collector-b', 'collect')];
  const processors = [await start('processor-a', 'process'), await start('processor-b', 'process')];
  const members = [...collectors, ...processors];
  await Promise.all(members.map(({ program }) => program.up()));
  const world = assemble({
    dir,
    engines,
    members,
    collectors,
    gauges: WAITING,
    means: { broker: meansOfBroker(broker) },
  });
  return {
    ...world,
    async: true,
    async close(keepIt) {
      await world.close(keepIt);
      await broker.close();
    },
  };
}

async function lay(): Promise<{ dir: string; logs: string; engines: Engines }> {
  const dir = await mkdtemp(join(tmpdir(), 'vedette-faults-'));
  const logs = join(dir, 'logs');
  await mkdir(logs);
  return { dir, logs, engines: await startEngines(join(dir, 'engines'), logs) };
}

async function startMember(dir: string, logs: string, name: string, env: Record<string, string>): Promise<Member> {
  const disk = await mountDisk(join(dir, name), DISK_MB);
  const line = await startTcpProxy(1);
  const program = keep({
    name,
    args: [VEDETTE, 'serve', '--data', join(dir, name), '--port', '0'],
    env: { VEDETTE_LOG_FORMAT: 'json', ...env },
    log: join(logs, `${name}.log`),
    ready: /"url":"http:\/\/127\.0\.0\.1:(\d+)","(?:link|roles)"/,
    onUp: (port) => line.leadTo(port),
  });
  return { program, line, disk, url: `http://127.0.0.1:${line.port}` };
}

interface Parts {
  dir: string;
  engines: Engines;
  members: readonly Member[];
  /** Those that take requests in. */
  collectors: readonly Member[];
  /** What must be 0 at each of them before a round is compared. */
  gauges: readonly string[];
  means?: Means;
}

function assemble({ dir, engines, members, collectors, gauges, means = {} }: Parts): FaultWorld {
  const disks = members.map(({ disk }) => disk);
  const programs = [...members.map(({ program }) => program), ...engines.programs];
  return {
    dir,
    async: false,
    urls: collectors.map(({ url }) => url),
    tenant: engines.tenant,
    inject: injector({
      ...engines.means,
      ...Object.fromEntries(members.map(({ program }) => [program.name, meansOfProgram(program)])),
      ...Object.fromEntries(collectors.map(({ program, line }) => [`line to ${program.name}`, meansOfLine(line)])),
      'spool disk': { fill: ({ ms }) => disks[0]?.fill(ms) ?? null },
      ...means,
    }),
    async calm() {
      engines.calm();
      for (const { program, line } of members) {
        line.cut(0);
        program.setClock(0);
      }
    },
    async settled() {
      await Promise.all(programs.map((program) => program.up()));
      await Promise.all(members.map(({ url }) => settledAt(url, gauges)));
    },
    query: engines.query,
    crashes: () => programs.flatMap(({ crashes }) => crashes),
    async close(keepIt) {
      await Promise.all(members.map(({ program }) => program.stop()));
      await Promise.all(members.map(({ line }) => line.close()));
      await engines.close(keepIt);
      for (const { disk } of members) await disk?.close(keepIt);
      if (!keepIt) await rm(dir, { recursive: true, force: true });
    },
  };
}

function meansOfBroker(broker: TestBroker): Means[string] {
  return {
    async kill() {
      const pid = await broker.pid();
      signal(pid, 'SIGKILL');
      await insist('the broker starting again', () => broker.start());
    },
    async pause({ ms }) {
      const pid = await broker.pid();
      signal(pid, 'SIGSTOP');
      await sleep(ms);
      signal(pid, 'SIGCONT');
    },
  };
}
