import seedrandom from 'seedrandom';
import { type CompiledModel, compile } from '../../src/compile.js';
import { confint } from '../../src/confint.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { binomialSample, poissonSample } from '../../src/families/samplers.js';
import { normalQuantile } from '../../src/kernels/special/normal.js';
import type { ConfidenceInterval } from '../../src/results/profile.js';
import { waldIntervals } from '../../src/results/wald-intervals.js';

/** A model with known parameters; x varies within the groups, w between them. */
export interface Setting {
  readonly label: string;
  readonly source: string;
  readonly groups: number;
  readonly rowsPerGroup: number;
  readonly truth: Readonly<Record<string, number>>;
  draw(eta: number, uniform: () => number): number;
}

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));

/** Names as the intervals have them. */
const truth = { 'sd_(Intercept)|g': 0.7, '(Intercept)': 0.3, x: 0.5, w: -0.4 };

export const settings: readonly Setting[] = [
  {
    label: 'Poisson, 20 groups of 6',
    source: 'y ~ poisson(lambda)\nlog(lambda) = x + w + (1 | g)\nfit laplace\n',
    groups: 20,
    rowsPerGroup: 6,
    truth,
    draw: (eta, uniform) => poissonSample(Math.exp(eta), uniform),
  },
  {
    label: 'binomial of 8, 20 groups of 6',
    source: 'y ~ binomial(8, p)\nlogit(p) = x + w + (1 | g)\nfit laplace\n',
    groups: 20,
    rowsPerGroup: 6,
    truth,
    draw: (eta, uniform) => binomialSample(8, logistic(eta), uniform),
  },
  {
    label: 'binary, 40 groups of 10',
    source: 'y ~ binomial(1, p)\nlogit(p) = x + w + (1 | g)\nfit laplace\n',
    groups: 40,
    rowsPerGroup: 10,
    truth,
    draw: (eta, uniform) => binomialSample(1, logistic(eta), uniform),
  },
];

/** What one data set gives for one parameter. */
export interface Covered {
  readonly parameter: string;
  readonly estimate: number;
  readonly wald: boolean | null; // null: there is no such interval
  readonly profile: boolean | null;
  readonly width: number; // of the profile interval
}

/** Simulates one data set of a setting and asks which intervals contain the truth. */
export function coverOnce(setting: Setting, seed: number): Covered[] {
  const uniform = seedrandom(`${setting.label} ${seed}`);
  const normal = (): number => normalQuantile(Math.max(uniform(), 1e-300));
  const g: string[] = [];
  const x: number[] = [];
  const w: number[] = [];
  const y: number[] = [];
  const t = setting.truth;
  for (let k = 0; k < setting.groups; k++) {
    const effect = t['sd_(Intercept)|g'] * normal();
    const between = normal();
    for (let i = 0; i < setting.rowsPerGroup; i++) {
      const within = normal();
      g.push(`g${k}`);
      x.push(within);
      w.push(between);
      y.push(setting.draw(t['(Intercept)'] + t.x * within + t.w * between + effect, uniform));
    }
  }
  const table = tableFromColumns({ g, x, w, y });
  const [model] = compile(setting.source, { schema: schemaOf(table) }).models;
  const { fit, intervals, diagnostics } = confint(model as CompiledModel, table);
  if (fit === undefined || intervals === undefined)
    throw new Error(`${setting.label} ${seed}: ${JSON.stringify(diagnostics)}`);
  const wald = waldIntervals(fit).intervals;
  return Object.entries(t).map(([parameter, value]) => {
    const own = intervals.intervals.find((i) => i.name === parameter);
    const byError = wald.find((i) => i.name === parameter);
    return {
      parameter,
      estimate: own?.estimate ?? Number.NaN,
      wald: byError === undefined ? null : contains(byError, value),
      profile: own === undefined || isFailed(own) ? null : contains(own, value),
      width: own === undefined ? Number.NaN : own.upper - own.lower,
    };
  });
}

function isFailed(i: ConfidenceInterval): boolean {
  return i.lowerStatus === 'failed' || i.upperStatus === 'failed';
}

function contains(i: ConfidenceInterval, value: number): boolean {
  return i.lower <= value && value <= i.upper;
}

/** The figures as a table in Markdown. */
export function coverageReport(found: readonly (readonly [Setting, readonly (readonly Covered[])[]])[]): string {
  const percent = (flags: readonly boolean[]): string =>
    flags.length === 0 ? '' : ((100 * flags.filter(Boolean).length) / flags.length).toFixed(1);
  const present = (flags: readonly (boolean | null)[]): boolean[] => flags.filter((f) => f !== null);
  const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
  const rows = found.flatMap(([setting, runs]) =>
    Object.entries(setting.truth).map(([parameter, value]) => {
      const own = runs.flatMap((run) => run.filter((c) => c.parameter === parameter));
      const profile = present(own.map((c) => c.profile));
      return [
        setting.label,
        parameter.replace('|', '\\|'),
        value.toFixed(1),
        mean(own.map((c) => c.estimate)).toFixed(3),
        percent(present(own.map((c) => c.wald))),
        percent(profile),
        mean(own.map((c) => c.width).filter(Number.isFinite)).toFixed(3),
        String(own.length - profile.length),
      ];
    }),
  );
  const runs = found[0]?.[1].length ?? 0;
  return [
    `${runs} data sets each; coverage in percent.`,
    '',
    '| model | parameter | truth | mean estimate | Wald | profile | mean width of profile intervals | profiles that failed |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}
