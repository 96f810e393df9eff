import seedrandom from 'seedrandom';
import { type CompiledModel, compile } from '../../src/compile.js';
import { schemaOf } from '../../src/data/schema-of.js';
import type { Table } from '../../src/data/table.js';
import { tableFromColumns } from '../../src/data/table-from.js';
import { poissonSample } from '../../src/families/samplers.js';
import { fit } from '../../src/fit.js';
import { normalQuantile } from '../../src/kernels/special/normal.js';
import type { Fit } from '../../src/results/fit.js';

/** Two classes of groups with known parameters: counts, a class per group, a random intercept that both classes share. */
export interface MixtureSetting {
  readonly label: string;
  readonly groups: number;
  readonly rowsPerGroup: number;
  /** By the names of the parameters, in the order of the report. */
  readonly truth: MixtureTruth;
  /** Also intervals by likelihood ratio, of the coefficients of the class `high`. */
  readonly byRatio: boolean;
}

type Parameter = 'prob(low)' | 'low: (Intercept)' | 'low: x' | 'high: (Intercept)' | 'high: x' | 'sd(v)';
type MixtureTruth = Readonly<Record<Parameter, number>>;

const wellApart: MixtureTruth = {
  'prob(low)': 0.4,
  'low: (Intercept)': 0,
  'low: x': 0.5,
  'high: (Intercept)': 2,
  'high: x': -0.3,
  'sd(v)': 0.3,
};
const close: MixtureTruth = {
  'prob(low)': 0.6,
  'low: (Intercept)': 0.3,
  'low: x': 0.5,
  'high: (Intercept)': 1,
  'high: x': 0.1,
  'sd(v)': 0.3,
};

export const settings: readonly MixtureSetting[] = [
  { label: 'well separated, 60 groups of 8', groups: 60, rowsPerGroup: 8, truth: wellApart, byRatio: false },
  { label: 'poorly separated, 100 groups of 6', groups: 100, rowsPerGroup: 6, truth: close, byRatio: true },
  { label: 'poorly separated, 300 groups of 6', groups: 300, rowsPerGroup: 6, truth: close, byRatio: false },
];

const source = `
v = (1 | g)
mixture z per g {
  y ~ poisson(lambda)
  class low, high { log(lambda) = x + v }
}
order z by intercept
fit em
`;

/** One estimate and whether its interval holds the truth; null where there is no standard error. */
export interface Recovered {
  readonly parameter: Parameter;
  readonly estimate: number;
  readonly se: number | null;
  readonly covered: boolean | null;
  /** The log-likelihood that is lost where the parameter is held at the truth, doubled. */
  readonly ratio: number | null;
}

/** What one data set gives. */
export interface Recovery {
  readonly parameters: readonly Recovered[];
  readonly converged: boolean;
  /** Codes of what the fit warned of. */
  readonly warnings: readonly string[];
  readonly rightlyClassified: number; // share of the groups
  readonly certainty: number; // 1 - entropy over the most it could be
  /** The other naming of the classes classifies more groups rightly. */
  readonly exchanged: boolean;
}

/** Simulates one data set of a setting, fits the model that made it and looks how the truth is found again. */
export function recoverOnce(setting: MixtureSetting, seed: number, byRatio = setting.byRatio): Recovery {
  const { columns, classOf } = simulate(setting, seed);
  const table = tableFromColumns(columns);
  const [model] = compile(source, { schema: schemaOf(table) }).models;
  const { fit: found, diagnostics } = fit(model as CompiledModel, table);
  if (found?.mixture == null) throw new Error(`${setting.label} ${seed}: ${JSON.stringify(diagnostics)}`);
  const ratios = byRatio ? likelihoodRatios(table, setting.truth) : null;
  const { posterior, entropy } = found.mixture;
  const hits = posterior.levels.filter((level, i) => {
    const [low] = posterior.probabilities[i];
    return low > 0.5 === (classOf.get(level) === 'low');
  }).length;
  const share = hits / posterior.levels.length;
  return {
    parameters: recovered(found, setting.truth).map((p) => ({ ...p, ratio: ratios?.get(p.parameter) ?? null })),
    converged: found.converged,
    warnings: found.warnings.map((w) => w.code),
    rightlyClassified: Math.max(share, 1 - share),
    certainty: 1 - (entropy ?? Number.NaN) / (posterior.levels.length * Math.LN2),
    exchanged: share < 0.5,
  };
}

/** By quadrature, with which two fits of the same data have the same points. */
function likelihoodRatios(table: Table, truth: MixtureTruth): ReadonlyMap<Parameter, number> {
  const logLik = (held: string): number => {
    const body = 'log(lambda) = x + v';
    const program = `v = (1 | g)
mixture z per g {
  y ~ poisson(lambda)
  class low { ${body} }
  class high { ${body}; ${held} }
}
fit em(quadrature = 21)`;
    const [model] = compile(program, { schema: schemaOf(table) }).models;
    return fit(model as CompiledModel, table).fit?.logLik ?? Number.NaN;
  };
  const free = logLik('');
  return new Map([
    ['high: (Intercept)', 2 * (free - logLik(`fix intercept = ${truth['high: (Intercept)']}`))],
    ['high: x', 2 * (free - logLik(`fix beta[x] = ${truth['high: x']}`))],
  ]);
}

function simulate({ label, groups, rowsPerGroup, truth }: MixtureSetting, seed: number) {
  const uniform = seedrandom(`${label} ${seed}`);
  const normal = (): number => normalQuantile(Math.max(uniform(), 1e-300));
  const g: string[] = [];
  const x: number[] = [];
  const y: number[] = [];
  const classOf = new Map<string, 'low' | 'high'>();
  for (let k = 0; k < groups; k++) {
    const name = `g${k}`;
    const own = uniform() < truth['prob(low)'] ? 'low' : 'high';
    classOf.set(name, own);
    const effect = truth['sd(v)'] * normal();
    for (let i = 0; i < rowsPerGroup; i++) {
      const at = normal();
      g.push(name);
      x.push(at);
      y.push(poissonSample(Math.exp(truth[`${own}: (Intercept)`] + truth[`${own}: x`] * at + effect), uniform));
    }
  }
  return { columns: { g, x, y }, classOf };
}

const z = normalQuantile(0.975);

function recovered(found: Fit, truth: MixtureTruth): Omit<Recovered, 'ratio'>[] {
  const { mixture, fixef, varcorr } = found;
  const share = mixture?.weights[0] ?? Number.NaN;
  const shareSe = mixture?.weightsSe?.[0] ?? Number.NaN;
  // the interval of a probability is that of its log odds
  const oddsSe = shareSe / (share * (1 - share));
  const logit = (p: number): number => Math.log(p / (1 - p));
  const coefficients = fixef.map(({ name, class: of, estimate, se }): Omit<Recovered, 'ratio'> => {
    const parameter = `${of}: ${name}` as Parameter;
    const value = estimate ?? Number.NaN;
    return { parameter, estimate: value, se, covered: covers(value, se, truth[parameter]) };
  });
  return [
    {
      parameter: 'prob(low)',
      estimate: share,
      se: shareSe,
      covered: covers(logit(share), oddsSe, logit(truth['prob(low)'])),
    },
    ...coefficients,
    { parameter: 'sd(v)', estimate: varcorr[0].sd[0], se: null, covered: null },
  ];
}

/** A standard error that does not exist covers nothing. */
function covers(estimate: number, se: number | null, value: number): boolean {
  return se !== null && Math.abs(estimate - value) <= z * se;
}

/** A fit with one parameter held has a higher likelihood than the free one: that search has missed an optimum. */
function isBelowHeld({ parameters }: Recovery): boolean {
  return parameters.some(({ ratio }) => ratio !== null && !(ratio > -1e-4));
}

/** The figures as tables in Markdown. */
export function recoveryReport(found: readonly (readonly [MixtureSetting, readonly Recovery[]])[]): string {
  const mean = (values: readonly number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
  const percent = (flags: readonly boolean[]): string =>
    flags.length === 0 ? '' : ((100 * flags.filter(Boolean).length) / flags.length).toFixed(1);
  const overall = found.map(([{ label, byRatio }, runs]) => [
    label,
    `${runs.filter((r) => r.converged).length} of ${runs.length}`,
    String(runs.filter((r) => r.warnings.length > 0).length),
    String(runs.filter((r) => r.exchanged).length),
    `${(100 * mean(runs.map((r) => r.rightlyClassified))).toFixed(1)} %`,
    mean(runs.map((r) => r.certainty)).toFixed(2),
    byRatio ? String(runs.filter(isBelowHeld).length) : '',
  ]);
  const rows = found.flatMap(([{ label, truth }, runs]) =>
    Object.entries(truth).map(([parameter, value]) => {
      const own = runs.flatMap((run) => run.parameters.filter((p) => p.parameter === parameter));
      const estimates = own.map((p) => p.estimate);
      const centre = mean(estimates);
      const spread = Math.sqrt(mean(estimates.map((e) => (e - centre) ** 2)));
      const errors = own.flatMap((p) => (p.se === null ? [] : [p.se]));
      return [
        label,
        parameter,
        value.toFixed(1),
        centre.toFixed(3),
        (spread / Math.sqrt(estimates.length)).toFixed(3),
        spread.toFixed(3),
        errors.length === 0 ? '' : mean(errors).toFixed(3),
        percent(own.flatMap((p) => (p.covered === null ? [] : [p.covered]))),
        percent(own.flatMap((p) => (p.ratio === null ? [] : [p.ratio <= z * z]))),
      ];
    }),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '| design | converged | with warnings | classes exchanged | groups rightly classified | certainty | a better optimum missed |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...overall.map(line),
    '',
    '| design | parameter | truth | mean estimate | its error | spread of estimates | mean standard error | coverage, percent | by likelihood ratio |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(line),
  ].join('\n');
}
