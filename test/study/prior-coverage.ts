import seedrandom from 'seedrandom';
import { compile } from '../../src/compile.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { fit } from '../../src/fit.js';
import { studentQuantile } from '../../src/kernels/distributions.js';

/** One kind of priors: what coefficients are drawn from, and the same as the program says it. */
interface Kind {
  readonly name: string;
  readonly program: string;
  /** Standard deviations of intercept and slope about their means, for a sigma. */
  readonly spread: (sigma: number) => readonly [number, number];
}

const means = [10, -1] as const;

/** Weak and strong priors, on each scale: next to standard errors of about 0.25 and 0.08 sigma. */
export const kinds: readonly Kind[] = [
  {
    name: 'common scale, weak',
    program: 'intercept ~ normal(10, 3 * sigma)\nbeta ~ normal(-1, 2 * sigma)',
    spread: (sigma) => [3 * sigma, 2 * sigma],
  },
  {
    name: 'common scale, strong',
    program: 'intercept ~ normal(10, 0.2 * sigma)\nbeta ~ normal(-1, 0.1 * sigma)',
    spread: (sigma) => [0.2 * sigma, 0.1 * sigma],
  },
  {
    name: 'absolute, weak',
    program: 'intercept ~ normal(10, 5)\nbeta ~ normal(-1, 3)',
    spread: () => [5, 3],
  },
  {
    name: 'absolute, strong',
    program: '[intercept, beta[x]] ~ multi_normal([10, -1], diag(0.16, 0.04))',
    spread: () => [0.4, 0.2],
  },
  {
    name: 'one on each scale',
    program: 'intercept ~ normal(10, 0.3 * sigma)\nbeta ~ normal(-1, 0.2)',
    spread: (sigma) => [0.3 * sigma, 0.2],
  },
];

export interface Coverage {
  readonly kind: string;
  readonly sets: number;
  /** Data sets whose fit says that it has not converged. */
  readonly failed: number;
  /** Share of 90 % intervals that hold the coefficient: intercept, slope. */
  readonly covered: readonly [number, number];
  /** Mean width of the intervals over the mean width of those without the prior: how much the prior says. */
  readonly narrower: readonly [number, number];
}

export const level = 0.9;

/** Standard error of a share of `level` among n. */
export const standardError = (n: number): number => Math.sqrt((level * (1 - level)) / n);

const others = 'sd(g) ~ gamma(4, 3)\nsigma^2 ~ inverse_gamma(6, 10)';
const groups = 30;
const each = 6;

/** Draws sigma, the sd between groups, both coefficients and data from the model, fits it, and looks at the intervals. */
export function coverageOf(kind: Kind, sets: number, withWidths: boolean): Coverage {
  const uniform = seedrandom(`coverage ${kind.name}`);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number, rate: number): number => {
    // a sum of exponentials: the shapes are whole
    let t = 0;
    for (let k = 0; k < shape; k++) t -= Math.log(1 - uniform());
    return t / rate;
  };
  const rows = Array.from({ length: groups * each }, (_, i) => i);
  const g = rows.map((i) => `g${Math.floor(i / each)}`);
  const x = rows.map((i) => (i % each) - (each - 1) / 2);
  const covered: [number, number] = [0, 0];
  const width: [number, number] = [0, 0];
  const plainWidth: [number, number] = [0, 0];
  let failed = 0;
  for (let k = 0; k < sets; k++) {
    const sigma = Math.sqrt(1 / gamma(6, 10));
    const between = gamma(4, 3);
    const spread = kind.spread(sigma);
    const beta = means.map((m, j) => m + spread[j] * normal());
    const b = Array.from({ length: groups }, () => between * normal());
    const y = rows.map((i) => beta[0] + beta[1] * x[i] + b[Math.floor(i / each)] + sigma * normal());
    const run = (priors: string) => {
      const table = tableFromColumns({ y, x, g });
      const source = `y ~ normal(mu, sigma)\nmu = x + (1 | g)\n${priors}\n${others}\nfit reml\n`;
      const [model] = compile(source, { schema: schemaOf(table) }).models;
      const found = fit(model, table).fit;
      if (found === undefined) throw new Error(`no fit: ${source}`);
      return found;
    };
    const found = run(kind.program);
    if (!found.converged) failed++;
    const half = (row: (typeof found.fixef)[number]): number =>
      studentQuantile((1 + level) / 2, row.df ?? Number.NaN) * (row.se ?? Number.NaN);
    found.fixef.forEach((row, j) => {
      if (Math.abs((row.estimate ?? Number.NaN) - beta[j]) <= half(row)) covered[j]++;
      width[j] += half(row);
    });
    if (withWidths) for (const [j, row] of run('').fixef.entries()) plainWidth[j] += half(row);
  }
  return {
    kind: kind.name,
    sets,
    failed,
    covered: [covered[0] / sets, covered[1] / sets],
    narrower: [width[0] / plainWidth[0], width[1] / plainWidth[1]],
  };
}

/** Further from the level than three standard errors of the simulation. */
export function isOff({ covered, sets }: Coverage): boolean {
  return covered.some((c) => !(Math.abs(c - level) <= 3 * standardError(sets)));
}

export function coverageReport(found: readonly Coverage[]): string {
  const percent = (v: number): string => `${(100 * v).toFixed(1)} %`;
  const sets = found[0]?.sets ?? 0;
  return [
    `${sets} data sets of ${groups} groups of ${each} rows for each kind of prior; a share of ${percent(level)} has a standard error of ${percent(standardError(sets))} here.`,
    '',
    '| prior of the coefficients | covered: intercept | slope | width without the prior = 1: intercept | slope | not converged |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...found.map(
      (c) =>
        `| ${c.kind} | ${c.covered.map(percent).join(' | ')} | ${c.narrower.map((v) => v.toFixed(2)).join(' | ')} | ${c.failed} |`,
    ),
  ].join('\n');
}
