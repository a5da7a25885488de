import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The command line, to be run with this Node.js. */
export const VEDETTE = join(import.meta.dirname, '..', 'packages', 'server', 'bin', 'vedette.mjs');

/** One run of a program. */
export interface Run {
  /** Wall-clock. */
  seconds: number;
  peakMib: number;
  /** CPU time of it and of the processes it waited for, s; to the last 20 ms. */
  cpu: number;
  stdout: string;
}

/** Runs a program to its end; wall-clock seconds and the peak resident memory as the kernel counts it. */
export async function timed(program: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => (stdout as Buffer[]).push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr as Buffer[]).push(chunk));
  let [peak, cpu] = [0, 0];
  const sampler = setInterval(() => {
    peak = Math.max(peak, peakMib(child.pid));
    cpu = Math.max(cpu, cpuOf(child.pid));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    const said = Buffer.concat(stderr as Buffer[]).toString();
    throw new Error(`${program} ended with ${code}: ${said.slice(-500)}`);
  }
  return { seconds, cpu, peakMib: Math.round(peak), stdout: Buffer.concat(stdout as Buffer[]).toString() };
}

/** Most memory a process ever had resident (VmHWM), MiB; 0 when it is gone. Linux only. */
export function peakMib(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // Gone between two looks.
    return 0;
  }
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;
}

/** Prints a figure as one line of JSON, beside that of the peer it was measured with where there is one. */
export function figure(name: string, value: number, unit: string, peer?: { name: string; value: number }): void {
  const round = (n: number) => Number(n.toPrecision(5));
  const beside =
    peer === undefined ? {} : { peer: peer.name, peer_value: round(peer.value), ratio: round(value / peer.value) };
  console.log(JSON.stringify({ name, value: round(value), unit, ...beside }));
}

/** CPU time of a process and all its threads so far, s. Linux only. */
export function cpuSeconds(pid: number): number {
  const [user = 0, system = 0] = ticksOf(pid);
  return (user + system) / 100;
}

/** Those of processes it waited for with it; 0 when it is gone. */
function cpuOf(pid: number | undefined): number {
  try {
    return ticksOf(pid).reduce((sum, ticks) => sum + ticks, 0) / 100;
  } catch {
    // Gone between two looks.
    return 0;
  }
}

/** Of its own in user and system mode, and of its children. */
function ticksOf(pid: number | undefined): number[] {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return fields.slice(11, 15).map(Number);
}
