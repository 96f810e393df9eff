import type { ConfidenceInterval, Fit } from '../../../index.js';
import { type PlotResiduals, plotResiduals } from '../../../results/plot-data.js';
import { chart, type PlotSize, type Range, rangeOf } from './chart.js';

const kinds: Readonly<Record<PlotResiduals['kind'], string>> = {
  normalized: 'Normalized residuals',
  quantile: 'Quantile residuals',
  pearson: 'Pearson residuals',
  response: 'Residuals',
};

/** Residuals against fitted values: the kind that is standard normal where the model holds, where the family has it. */
export function residualPlot(fit: Fit, size: PlotSize): string {
  const { kind, values } = plotResiduals(fit) ?? { kind: 'response' as const, values: fit.residuals };
  const [low, high] = rangeOf(values);
  const options = {
    ...size,
    title: `${kinds[kind]} of ${fit.model} against fitted values, ${fit.rows} rows`,
    xLabel: 'fitted value',
    x: rangeOf(fit.fitted),
    y: [Math.min(low, 0), Math.max(high, 0)] as const,
  };
  const lines = chart(options, (pen) => {
    pen.ruleAcross(0);
    fit.fitted.forEach((x, i) => {
      pen.dot(x, values[i] ?? Number.NaN);
    });
  });
  return lines.join('\n');
}

/** The signed root of the profile likelihood of a parameter; straight where it is quadratic. Null without a profile. */
export function profilePlot(interval: ConfidenceInterval, level: number, size: PlotSize): string | null {
  const points = interval.points.filter((p) => Number.isFinite(p.value) && Number.isFinite(p.zeta));
  if (points.length < 2) return null;
  const limit = cutoff(points.map((p) => p.zeta));
  const options = {
    ...size,
    title: `zeta of ${interval.name}: estimate ${short(interval.estimate)}, ${level * 100}% from ${short(interval.lower)} to ${short(interval.upper)}`,
    xLabel: '',
    x: rangeOf(points.map((p) => p.value)),
    y: [-limit, limit] as const,
  };
  const lines = chart(options, (pen) => {
    pen.ruleAcross(0);
    for (const end of [interval.lower, interval.estimate, interval.upper]) pen.ruleDown(end);
    points.forEach((p, k) => {
      const next = points[k + 1];
      if (next !== undefined) pen.line(p.value, p.zeta, next.value, next.zeta);
    });
  });
  return lines.join('\n');
}

function cutoff(zetas: readonly number[]): number {
  return Math.max(...zetas.map(Math.abs), 1);
}

/** EM's objective, round after round; null of a fit without classes. */
export function tracePlot(fit: Fit, size: PlotSize): string | null {
  const trace = fit.mixture?.trace?.filter(Number.isFinite) ?? [];
  if (trace.length < 2) return null;
  const x: Range = [1, trace.length];
  const options = {
    ...size,
    title: `Objective of EM for ${fit.model}: ${trace.length} rounds, from ${short(trace[0])} to ${short(trace.at(-1))}`,
    xLabel: 'round',
    x,
    y: rangeOf(trace),
  };
  const lines = chart(options, (pen) => {
    trace.forEach((value, k) => {
      const next = trace[k + 1];
      if (next !== undefined) pen.line(k + 1, value, k + 2, next);
    });
  });
  return lines.join('\n');
}

function short(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? 'nowhere' : String(Number(value.toPrecision(5)));
}
