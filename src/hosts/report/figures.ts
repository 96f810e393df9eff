import * as Plot from '@observablehq/plot';
import type { Fit, MixtureResult, RandomEffects } from '../../results/fit.js';
import { classBars, normalQuantiles, plotResiduals, rankedEffects } from '../../results/plot-data.js';
import type { ConfidenceIntervals } from '../../results/profile.js';
import { formatNumber } from '../../results/text-table.js';
import { classColor, draw, type Figure, ink } from './draw.js';

/** Points beyond which a scatter plot becomes a density. */
const mostPoints = 3000;
/** Levels that are named, and levels that are drawn. */
const mostNamed = 50;
const mostLevels = 600;
/** Half the width of a 95 % interval in standard deviations. */
const width95 = 1.959964;

/** Every figure of a fit that it has the numbers for, in the order a reader would ask for them. */
export function figuresOf(fit: Fit, intervals: ConfidenceIntervals | null): Figure[] {
  return [
    ...coefficients(fit),
    ...(fit.mixture === null ? [] : mixtureFigures(fit.mixture)),
    ...fit.ranef.flatMap(caterpillars),
    ...residualFigures(fit),
    ...(intervals === null ? [] : zetas(intervals)),
  ];
}

function coefficients(fit: Fit): Figure[] {
  const rows = fit.fixef.flatMap(({ name, predictor, class: of, estimate, se }) =>
    estimate === null || se === null || !(se > 0) || name === '(Intercept)'
      ? []
      : [
          {
            name: labelOf(name, predictor, of, fit),
            estimate,
            lower: estimate - width95 * se,
            upper: estimate + width95 * se,
          },
        ],
  );
  if (rows.length === 0) return [];
  const label = 'Estimates of the coefficients with 95 % intervals';
  const svg = draw(
    {
      height: 80 + 22 * rows.length,
      marginLeft: marginFor(rows.map((r) => r.name)),
      x: { label: 'estimate', grid: true },
      y: { label: null, domain: rows.map((r) => r.name) },
      marks: [
        Plot.ruleX([0], { stroke: ink.quiet }),
        Plot.ruleY(rows, { y: 'name', x1: 'lower', x2: 'upper', stroke: ink.point, strokeWidth: 1.5 }),
        Plot.dot(rows, { y: 'name', x: 'estimate', fill: ink.accent, r: 4 }),
      ],
    },
    label,
  );
  return [
    { title: 'Coefficients', svg, caption: `${label} (estimate ± 1.96 standard errors); intercepts are left out.` },
  ];
}

function labelOf(name: string, predictor: string, of: string | null, fit: Fit): string {
  const several = new Set(fit.fixef.map((f) => f.predictor)).size > 1;
  return `${several ? `${predictor}: ` : ''}${name}${of === null ? '' : ` (${of})`}`;
}

function caterpillars(effects: RandomEffects): Figure[] {
  return effects.terms.slice(0, 6).map((term, k) => {
    const points = rankedEffects(effects, k, width95, mostLevels);
    const named = points.length <= mostNamed;
    const ranked = points.map((point, i) => ({ ...point, place: named ? point.level : i + 1 }));
    const of = `${effects.group}, ${term}${effects.class === null ? '' : ` (${effects.class})`}`;
    const shown =
      points.length < effects.levels.length ? `${points.length} of ${effects.levels.length} levels` : 'all levels';
    const svg = draw(
      {
        height: named ? 80 + 14 * points.length : 460,
        marginLeft: named ? marginFor(points.map((p) => p.level)) : 56,
        x: { label: term, grid: true },
        y: named ? { label: null, domain: points.map((p) => p.level).reverse() } : { label: 'rank' },
        marks: [
          Plot.ruleX([0], { stroke: ink.quiet }),
          Plot.ruleY(ranked, {
            y: 'place',
            x1: 'lower',
            x2: 'upper',
            stroke: ink.point,
            strokeOpacity: named ? 1 : 0.45,
          }),
          Plot.dot(ranked, { y: 'place', x: 'mode', fill: ink.accent, r: named ? 3 : 1.5 }),
        ],
      },
      `Random effects of ${of}`,
    );
    return {
      title: `Random effects: ${of}`,
      svg,
      caption: `Conditional modes with 95 % intervals, ${shown}, in order of size${effects.class === null ? '' : ', each as if its group were of this class'}.`,
    };
  });
}

function residualFigures(fit: Fit): Figure[] {
  const residuals = plotResiduals(fit);
  if (residuals === null) return [];
  const { kind, values } = residuals;
  const rows = Array.from(values, (residual, i) => ({ residual, fitted: fit.fitted[i] }));
  const what = {
    normalized: 'normalized residual',
    quantile: 'quantile residual',
    pearson: 'Pearson residual',
    response: 'residual',
  }[kind];
  const figures: Figure[] = [
    {
      title: 'Residuals against fitted values',
      svg: draw(
        {
          x: { label: 'fitted value', grid: true },
          y: { label: what, grid: true },
          marks: [...cloud(rows, 'fitted', 'residual'), Plot.ruleY([0], { stroke: ink.accent })],
        },
        'Residuals against fitted values',
      ),
      caption: 'Without pattern where the model holds.',
    },
  ];
  if (kind === 'response') return figures;
  const points = normalQuantiles(values, 500);
  const places = points.map((p) => p.theoretical);
  const ends = [Math.min(...places), Math.max(...places)];
  figures.push({
    title: 'Normal quantiles of the residuals',
    svg: draw(
      {
        x: { label: 'standard normal', grid: true },
        y: { label: what, grid: true },
        marks: [
          Plot.line(
            ends.map((e) => ({ x: e, y: e })),
            { x: 'x', y: 'y', stroke: ink.accent },
          ),
          Plot.dot(points, { x: 'theoretical', y: 'sample', r: 2, fill: ink.point, fillOpacity: 0.7 }),
        ],
      },
      'Sample against theoretical quantiles',
    ),
    caption: 'On the line where the model holds.',
  });
  return figures;
}

function cloud(rows: readonly object[], x: string, y: string): Plot.Markish[] {
  if (rows.length <= mostPoints) return [Plot.dot(rows, { x, y, r: 2, fill: ink.point, fillOpacity: 0.55 })];
  return [Plot.dot(rows, Plot.hexbin({ r: 'count', fillOpacity: 'count' }, { x, y, binWidth: 9, fill: ink.point }))];
}

function zetas({ intervals }: ConfidenceIntervals): Figure[] {
  const profiled = intervals.filter((i) => i.points.length > 2).slice(0, 12);
  return profiled.map(({ name, points, estimate, lower, upper }) => {
    const limits = [lower, upper].filter(Number.isFinite);
    const svg = draw(
      {
        height: 260,
        x: { label: name, grid: true },
        y: { label: 'zeta', grid: true },
        marks: [
          Plot.ruleY([0], { stroke: ink.quiet }),
          Plot.ruleX(limits, { stroke: ink.quiet, strokeDasharray: '4 3' }),
          Plot.line(points, { x: 'value', y: 'zeta', stroke: ink.point, curve: 'monotone-x' }),
          Plot.dot([{ value: estimate, zeta: 0 }], { x: 'value', y: 'zeta', fill: ink.accent, r: 4 }),
        ],
      },
      `Profile zeta of ${name}`,
    );
    return {
      title: `Profile: ${name}`,
      svg,
      caption: `Signed root of the rise of the deviance; a straight line is a quadratic likelihood. Interval ${formatNumber(lower)} to ${formatNumber(upper)}.`,
    };
  });
}

function mixtureFigures(mixture: MixtureResult): Figure[] {
  const { classes, posterior, trace } = mixture;
  const figures: Figure[] = [];
  const { bars, shown } = classBars(mixture, mostLevels);
  const of = mixture.per ?? 'row';
  figures.push({
    title: 'Class probabilities',
    svg: draw(
      {
        inset: 0,
        x: { label: `${of}, by its class`, ticks: [], padding: 0 },
        y: { label: 'posterior probability' },
        color: { domain: [...classes], range: classes.map((_, c) => classColor(c)) },
        marks: [
          Plot.barY(bars, {
            x: 'place',
            y: 'probability',
            fill: 'class',
            insetLeft: 0,
            insetRight: 0,
            order: [...classes],
          }),
        ],
      },
      `Posterior class probabilities of each ${of}`,
    ),
    legend: classes.map((name, c) => ({ name, color: classColor(c) })),
    caption: `One bar for each ${of}${shown < posterior.levels.length ? ` (${shown} of ${posterior.levels.length})` : ''}: narrow bands of a second colour are cases that could be of either class.`,
  });
  if (trace !== undefined && trace.length > 1)
    figures.push({
      title: 'Trace of EM',
      svg: draw(
        {
          x: { label: 'round', grid: true },
          y: { label: 'objective', grid: true },
          marginLeft: 72,
          marks: [
            Plot.line(
              trace.map((value, round) => ({ round, value })),
              { x: 'round', y: 'value', stroke: ink.accent },
            ),
          ],
        },
        'Objective of the best start, round by round',
      ),
      caption:
        'Objective of the best start, round by round; the last steps to the optimum are quasi-Newton and not shown.',
    });
  return figures;
}

/** Room for the longest label, in pixels. */
function marginFor(labels: readonly string[]): number {
  return Math.min(220, 24 + 7 * Math.max(0, ...labels.map((l) => l.length)));
}
