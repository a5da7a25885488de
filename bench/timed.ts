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
  stdout: string;
}

/** Runs a program to its end; wall-clock seconds and the peak resident memory as the kernel counts it. */
export async function timed(program: string, args: readonly string[]): Promise<Run> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => (stdout as Buffer[]).push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (stderr as Buffer[]).push(chunk));
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, peakMib(child.pid));
  }, 20);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(sampler);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) {
    const said = Buffer.concat(stderr as Buffer[]).toString();
    throw new Error(`${program} ended with ${code}: ${said.slice(-500)}`);
  }
  return { seconds, peakMib: Math.round(peak), stdout: Buffer.concat(stdout as Buffer[]).toString() };
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
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
