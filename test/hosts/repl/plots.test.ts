import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/compile.js';
import { confint } from '../../../src/confint.js';
import { parseTable } from '../../../src/data/parse-table.js';
import { schemaOf } from '../../../src/data/schema-of.js';
import { fit } from '../../../src/fit.js';
import { caterpillarPlots } from '../../../src/hosts/repl/plots/caterpillar.js';
import { chart, type PlotSize } from '../../../src/hosts/repl/plots/chart.js';
import { asciiGlyphs, DotCanvas, unicodeGlyphs } from '../../../src/hosts/repl/plots/dot-canvas.js';
import { profilePlot, residualPlot, tracePlot } from '../../../src/hosts/repl/plots/fit-plots.js';
import type { Fit } from '../../../src/results/fit.js';

const size: PlotSize = { width: 70, height: 12, unicode: true };

function model(name: string, source: string) {
  const text = readFileSync(new URL(`../../data/${name}.csv`, import.meta.url), 'utf8');
  const { table } = parseTable(text, { source: name });
  const [compiled] = table === undefined ? [] : compile(source, { schema: schemaOf(table), name: 'm' }).models;
  if (table === undefined || compiled === undefined) throw new Error('no model');
  return { compiled, table };
}

function fitOf(name: string, source: string): Fit {
  const { compiled, table } = model(name, source);
  const found = fit(compiled, table).fit;
  if (found === undefined) throw new Error('no fit');
  return found;
}

const sleepstudy = fitOf('sleepstudy', 'Reaction ~ Days + (Days | Subject)');

/** Where the dots of a plot are, cell by cell. */
function dotsIn(lines: readonly string[]): number {
  let dots = 0;
  for (const c of lines.join('')) {
    const code = (c.codePointAt(0) ?? 0) - 0x2800;
    if (code > 0 && code < 256) dots += code.toString(2).replaceAll('0', '').length;
  }
  return dots;
}

describe('the canvas', () => {
  test('every dot of a cell is the braille dot of its place', () => {
    for (let x = 0; x < 2; x++)
      for (let y = 0; y < 4; y++) {
        const canvas = new DotCanvas(1, 1, unicodeGlyphs);
        canvas.dot(x, y);
        // dots 1 2 3 7 run down on the left, 4 5 6 8 on the right (Unicode, block Braille Patterns)
        const number = [
          [1, 2, 3, 7],
          [4, 5, 6, 8],
        ][x]?.[y];
        expect(canvas.lines()[0]?.codePointAt(0)).toBe(0x2800 + 2 ** ((number ?? 0) - 1));
      }
  });

  test('as many dots are shown as were drawn, whatever is outside', () => {
    const coordinate = fc.integer({ min: -5, max: 45 });
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate)), (points) => {
        const canvas = new DotCanvas(10, 5, unicodeGlyphs);
        for (const [x, y] of points) canvas.dot(x, y);
        const inside = points.filter(([x, y]) => x >= 0 && x < 20 && y >= 0 && y < 20);
        expect(dotsIn(canvas.lines())).toBe(new Set(inside.map(String)).size);
      }),
    );
  });

  test('rules cross, dots lie over them, and numbers that are none draw nothing', () => {
    const canvas = new DotCanvas(3, 3, asciiGlyphs);
    canvas.ruleAcross(2);
    canvas.ruleDown(1);
    canvas.ruleDown(Number.NaN);
    canvas.dot(0, 0);
    canvas.dot(Number.NaN, 1);
    canvas.line(0, 0, Number.NaN, 3);
    expect(canvas.lines()).toEqual(["'| ", '-+-', ' | ']);
  });
});

describe('a chart', () => {
  const square = (draw: Parameters<typeof chart>[1], width = 40) =>
    chart({ ...size, width, height: 9, title: 't', xLabel: 'x', x: [0, 100], y: [-10, 10] }, draw);

  test('is as wide as it may be, and has round numbers at its axes', () => {
    for (const width of [40, 61, 100]) {
      const lines = square((pen) => pen.ruleAcross(0), width);
      expect(Math.max(...lines.map((l) => l.length))).toBe(width - 1);
      expect(lines.join('\n')).toMatch(/\b(20|50)\b/);
      expect(lines.filter((l) => l.includes('┤')).map((l) => Number.parseInt(l, 10))).toContain(0);
    }
  });

  test('puts points where their numbers are', () => {
    const [, top = '', ...rest] = square((pen) => {
      pen.dot(0, 10);
      pen.dot(100, -10);
    });
    const bottom = rest[7] ?? '';
    const first = top.search(/[│┤]/) + 1;
    expect(dotsIn([top[first] ?? ''])).toBe(1);
    expect(dotsIn([bottom.at(-1) ?? ''])).toBe(1);
    expect(dotsIn([top, ...rest])).toBe(2);
  });

  test('of a single number has room around it', () => {
    const lines = chart({ ...size, title: '', xLabel: '', x: [3, 3], y: [0, 0] }, (pen) => pen.dot(3, 0));
    expect(dotsIn(lines)).toBe(1);
  });
});

describe('plots of fits', () => {
  test('caterpillar: one line per level in the order of the effects, the point at the mode, the line its interval', () => {
    const [effects] = sleepstudy.ranef;
    if (effects === undefined) throw new Error('no effects');
    const [intercepts = '', slopes = ''] = caterpillarPlots(effects, size);
    const rows = slopes.split('\n').filter((l) => l.includes('●'));
    const order = effects.levels
      .map((level, l) => ({ level, mode: effects.mode[l]?.[1] ?? 0 }))
      .sort((a, b) => b.mode - a.mode);
    expect(rows.map((row) => row.trim().split(' ')[0])).toEqual(order.map((o) => o.level));
    const positions = rows.map((row) => row.indexOf('●'));
    expect(positions).toEqual([...positions].sort((a, b) => b - a));
    // columns are linear in the modes: the plot's scale from its first and last row predicts all
    const scale = ((positions[0] ?? 0) - (positions.at(-1) ?? 0)) / ((order[0]?.mode ?? 0) - (order.at(-1)?.mode ?? 0));
    order.forEach(({ mode }, i) => {
      const expected = (positions.at(-1) ?? 0) + scale * (mode - (order.at(-1)?.mode ?? 0));
      expect(Math.abs((positions[i] ?? 0) - expected)).toBeLessThanOrEqual(1);
    });
    expect(intercepts).toContain('(Intercept)');
    for (const line of slopes.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(size.width);
  });

  test('caterpillar of many levels shows both ends', () => {
    const levels = Array.from({ length: 300 }, (_, i) => `level ${i}`);
    const effects = {
      group: 'g',
      class: null,
      levels,
      terms: ['x'],
      mode: levels.map((_, i) => [i]),
      sd: levels.map(() => [1]),
    };
    const [plot = ''] = caterpillarPlots(effects, size);
    expect(plot).toContain('level 299 ');
    expect(plot).toContain('level 0 ');
    expect(plot).toContain('250 levels between');
    expect(plot.split('\n').length).toBeLessThan(60);
  });

  test('residuals: as many dots as rows, but for those that fall together', () => {
    const dots = dotsIn(residualPlot(sleepstudy, { ...size, width: 200, height: 60 }).split('\n'));
    expect(dots).toBeGreaterThan(150);
    expect(dots).toBeLessThanOrEqual(180);
  });

  test('profile: it crosses zero at the estimate, and its limits are marked', () => {
    const { compiled, table } = model('sleepstudy', 'Reaction ~ Days + (1 | Subject)');
    const { intervals } = confint(compiled, table, { only: ['Days'], between: 8 });
    const [days] = intervals?.intervals ?? [];
    if (days === undefined) throw new Error('no interval');
    const plot = profilePlot(days, 0.95, size) ?? '';
    expect(plot).toContain('zeta of Days');
    const middle = plot.split('\n').find((l) => / 0 ┤/.test(l)) ?? '';
    expect(middle).toContain('─');
    expect(profilePlot({ ...days, points: [] }, 0.95, size)).toBeNull();
  });

  test('trace: of mixtures only', () => {
    expect(tracePlot(sleepstudy, size)).toBeNull();
    const mixture = fitOf(
      'sleepstudy',
      'mixture z per Subject { Reaction ~ normal(mu, sigma)\n class a, b { mu = 1 + Days } }\norder z by beta[Days]',
    );
    const plot = tracePlot(mixture, size) ?? '';
    expect(plot).toContain('round');
    expect(plot).toContain(`${mixture.mixture?.trace?.length} rounds`);
  });

  test('every plot can be drawn in ASCII', () => {
    const ascii = { ...size, unicode: false };
    const [effects] = sleepstudy.ranef;
    const all = [residualPlot(sleepstudy, ascii), ...(effects === undefined ? [] : caterpillarPlots(effects, ascii))];
    expect([...all.join('')].every((c) => c.charCodeAt(0) < 128)).toBe(true);
  });
});
