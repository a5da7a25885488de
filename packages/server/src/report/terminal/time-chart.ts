import type { TrafficClass } from '../../model/request.ts';
import { CLASSES } from '../cells.ts';
import type { Point, Report } from '../report.ts';
import { GLYPH, type Ink } from './ink.ts';
import { count } from './text.ts';

const HEIGHT = 8;

interface Column {
  people: number;
  bots: number;
  hosting: number;
}

/** Requests over time as stacked columns with a scale on the left and times below. */
export function timeChart(overTime: Report['over_time'], columns: number, ink: Ink): string[] {
  const { points } = overTime;
  const scale = count(Math.max(1, ...points.map((point) => point.requests)));
  const room = columns - Math.max(scale.length, 6) - 3;
  const { bins, repeat } = spread(points, room);
  const most = Math.max(1, ...bins.map((bin) => bin.people + bin.bots + bin.hosting));
  const label = Math.max(count(most).length, 6);
  const lines: string[] = [];
  for (let row = HEIGHT; row >= 1; row--) {
    const mark = row === HEIGHT ? count(most) : row === HEIGHT / 2 && most > 1 ? count(Math.round(most / 2)) : '';
    const drawn = drawRow(bins, repeat, row, most, ink);
    lines.push(`${ink.dim(`${mark.padStart(label)} ${mark === '' ? '│' : '┤'}`)}${drawn}`);
  }
  const width = bins.length * repeat;
  lines.push(`${' '.repeat(label)} ${ink.dim(`└${'─'.repeat(width)}`)}`);
  lines.push(`${' '.repeat(label + 2)}${ink.dim(timeAxis(overTime, width))}`);
  return lines;
}

/** Points as columns: each several columns wide where there are few, several in one where there are many. */
function spread(points: readonly Point[], room: number): { bins: Column[]; repeat: number } {
  const repeat = Math.max(1, Math.min(6, Math.floor(room / points.length)));
  const perBin = Math.ceil(points.length / room);
  const bins: Column[] = [];
  points.forEach((point, i) => {
    const at = Math.floor(i / perBin);
    const bin = bins[at] ?? { people: 0, bots: 0, hosting: 0 };
    for (const name of CLASSES) bin[name] += point[name];
    bins[at] = bin;
  });
  return { bins, repeat };
}

/** One row of the columns, neighbours of one class drawn together. */
function drawRow(bins: readonly Column[], repeat: number, row: number, most: number, ink: Ink): string {
  let line = '';
  let run = 0;
  let current: TrafficClass | null = null;
  const flush = () => {
    line += current === null ? ' '.repeat(run) : ink[current](GLYPH[current].repeat(run));
    run = 0;
  };
  for (const bin of bins) {
    const next = classAt(bin, row, most);
    if (next !== current) flush();
    current = next;
    run += repeat;
  }
  flush();
  return line;
}

/** The class that fills the middle of a row; null above the column. Any request at all leaves a mark. */
function classAt(bin: Column, row: number, most: number): TrafficClass | null {
  const total = bin.people + bin.bots + bin.hosting;
  const height = total === 0 ? 0 : Math.max(1, Math.round((total / most) * HEIGHT));
  if (row > height) return null;
  const level = ((row - 0.5) / height) * total;
  return level <= bin.people ? 'people' : level <= bin.people + bin.bots ? 'bots' : 'hosting';
}

function timeAxis(overTime: Report['over_time'], width: number): string {
  const { step, points } = overTime;
  const [first, last] = [points[0]?.time ?? '', points.at(-1)?.time ?? ''];
  const middle = points[Math.floor(points.length / 2)]?.time ?? '';
  const texts = [first, middle, last].map((time) => stepText(time, step));
  const [left = '', centre = '', right = ''] = texts;
  if (points.length < 2 || width < left.length + right.length + 2) return left;
  const gap = width - left.length - right.length;
  if (points.length < 3 || gap < centre.length + 4) return left + ' '.repeat(gap) + right;
  const before = Math.max(2, Math.floor(width / 2 - centre.length / 2) - left.length);
  const after = gap - before - centre.length;
  return after < 2 ? left + ' '.repeat(gap) + right : left + ' '.repeat(before) + centre + ' '.repeat(after) + right;
}

function stepText(time: string, step: string): string {
  if (step === 'month') return time.slice(0, 7);
  if (step === 'day') return time.slice(0, 10);
  return time.slice(5, 16).replace('T', ' ');
}
