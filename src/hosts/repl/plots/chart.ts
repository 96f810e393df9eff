import { ticks } from 'd3-array';
import { formatColumn } from '../../../results/text-table.js';
import { asciiGlyphs, DotCanvas, type Glyphs, unicodeGlyphs } from './dot-canvas.js';

export interface PlotSize {
  readonly width: number; // of the whole plot, in characters
  readonly height: number; // of the area inside the axes
  readonly unicode: boolean;
}

export type Range = readonly [low: number, high: number];

export interface ChartOptions extends PlotSize {
  readonly title: string;
  readonly xLabel: string;
  readonly x: Range;
  readonly y: Range;
}

/** Draws in the units of the axes. */
export interface Pen {
  dot(x: number, y: number): void;
  line(x0: number, y0: number, x1: number, y1: number): void;
  ruleAcross(y: number): void;
  ruleDown(x: number): void;
}

export function glyphsFor({ unicode }: Pick<PlotSize, 'unicode'>): Glyphs {
  return unicode ? unicodeGlyphs : asciiGlyphs;
}

/** Lines of a plot with its axes. */
export function chart(options: ChartOptions, draw: (pen: Pen) => void): string[] {
  const { title, xLabel, width, height } = options;
  const glyphs = glyphsFor(options);
  const [x, y] = [roomy(options.x), roomy(options.y)];
  const yTicks = ticks(y[0], y[1], Math.max(2, Math.floor(height / 3)));
  const labels = formatColumn(yTicks, 6);
  const margin = Math.max(...labels.map((l) => l.length), 1);
  const columns = Math.max(10, width - margin - 3);
  const canvas = new DotCanvas(columns, height, glyphs);
  const across = (v: number): number => ((v - x[0]) / (x[1] - x[0])) * (canvas.width - 1);
  const down = (v: number): number => ((y[1] - v) / (y[1] - y[0])) * (canvas.height - 1);
  draw({
    dot: (a, b) => canvas.dot(Math.round(across(a)), Math.round(down(b))),
    line: (a, b, c, d) => canvas.line(across(a), down(b), across(c), down(d)),
    ruleAcross: (b) => canvas.ruleAcross(Math.round(down(b))),
    ruleDown: (a) => canvas.ruleDown(Math.round(across(a))),
  });
  const labelled = new Map(yTicks.map((v, k) => [Math.floor(Math.round(down(v)) / glyphs.dotsDown), labels[k] ?? '']));
  const area = canvas.lines().map((line, r) => {
    const label = labelled.get(r);
    const axis = label === undefined ? glyphs.vertical : glyphs.tickLeft;
    return `${(label ?? '').padStart(margin)} ${axis}${line}`.trimEnd();
  });
  return [title, ...area, ...axisBelow(x, columns, glyphs, xLabel).map((line) => ' '.repeat(margin + 1) + line)];
}

/** The horizontal axis with its numbers: it starts one character left of the area. */
export function axisBelow(x: Range, columns: number, glyphs: Glyphs, label: string): string[] {
  const at = ticks(x[0], x[1], Math.max(2, Math.floor(columns / 14)));
  const texts = formatColumn(at, 6);
  const line = new Array<string>(columns).fill(glyphs.horizontal);
  let numbers = '';
  at.forEach((v, k) => {
    const text = texts[k] ?? '';
    const column = Math.round(((v - x[0]) / (x[1] - x[0])) * (columns - 1));
    const start = Math.max(0, Math.min(column + 1 - Math.floor(text.length / 2), columns + 1 - text.length));
    if (numbers.length > 0 && start <= numbers.length) return; // no room
    line[column] = glyphs.tickBelow;
    numbers = numbers.padEnd(start) + text;
  });
  return [glyphs.corner + line.join(''), numbers, ...(label === '' ? [] : [` ${center(label, columns)}`])];
}

function center(text: string, width: number): string {
  return ' '.repeat(Math.max(0, Math.floor((width - text.length) / 2))) + text;
}

/** A range with some width; numbers that are all the same stand in its middle. */
export function roomy([low, high]: Range): Range {
  if (high > low) return [low, high];
  const room = Math.max(Math.abs(low) * 0.1, 0.5);
  return [low - room, low + room];
}

/** From the least to the largest of those that are numbers. */
export function rangeOf(values: Iterable<number>): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low <= high ? [low, high] : [0, 1];
}
