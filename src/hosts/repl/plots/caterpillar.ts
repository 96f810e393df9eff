import type { Fit } from '../../../index.js';
import { axisBelow, glyphsFor, type PlotSize, type Range, rangeOf, roomy } from './chart.js';
import type { Glyphs } from './dot-canvas.js';

type Effects = Fit['ranef'][number];

/** More levels than these are shown from both ends. */
const mostLevels = 50;
const normal95 = 1.959963984540054;

/**
 * Random effects in the order of their size, each with its 95% interval, one plot per term.
 * @param size  of which the height is left out: there is a line per level
 */
export function caterpillarPlots(effects: Effects, size: PlotSize): string[] {
  return effects.terms.map((term, t) => {
    const rows = effects.levels
      .map((level, l) => ({ level, mode: effects.mode[l]?.[t] ?? Number.NaN, sd: effects.sd[l]?.[t] ?? Number.NaN }))
      .filter((row) => Number.isFinite(row.mode))
      .sort((a, b) => b.mode - a.mode);
    const of = effects.class === null ? effects.group : `${effects.group}, class ${effects.class}`;
    return [`Random effects of ${of}: ${term}, with 95% intervals`, ...plotRows(rows, size)].join('\n');
  });
}

interface Row {
  readonly level: string;
  readonly mode: number;
  readonly sd: number;
}

function plotRows(rows: readonly Row[], size: PlotSize): string[] {
  const glyphs = glyphsFor(size);
  const shown = rows.length > mostLevels ? [...rows.slice(0, mostLevels / 2), ...rows.slice(-mostLevels / 2)] : rows;
  const [low, high] = rangeOf(shown.flatMap((row) => [...ends(row), 0]));
  const x = roomy([low, high]);
  const margin = Math.min(Math.max(...shown.map((row) => row.level.length), 1), Math.floor(size.width / 3));
  const columns = Math.max(10, size.width - margin - 3);
  const lines = shown.map((row) => {
    const label = row.level.length > margin ? `${row.level.slice(0, margin - 1)}.` : row.level;
    return `${label.padStart(margin)} ${glyphs.vertical}${drawn(row, x, columns, glyphs)}`.trimEnd();
  });
  if (shown.length < rows.length)
    lines.splice(
      mostLevels / 2,
      0,
      `${'...'.padStart(margin)} ${glyphs.vertical} ${rows.length - shown.length} levels between`,
    );
  return [...lines, ...axisBelow(x, columns, glyphs, '').map((line) => ' '.repeat(margin + 1) + line)];
}

function ends({ mode, sd }: Row): Range {
  return Number.isFinite(sd) ? [mode - normal95 * sd, mode + normal95 * sd] : [mode, mode];
}

function drawn(row: Row, x: Range, columns: number, glyphs: Glyphs): string {
  const at = (v: number): number => Math.round(((v - x[0]) / (x[1] - x[0])) * (columns - 1));
  const cells = new Array<string>(columns).fill(' ');
  const zero = at(0);
  cells[zero] = glyphs.vertical;
  const [low, high] = ends(row);
  for (let c = at(low); c <= at(high); c++) cells[c] = c === zero ? glyphs.cross : glyphs.horizontal;
  cells[at(row.mode)] = glyphs.point;
  return cells.join('');
}
