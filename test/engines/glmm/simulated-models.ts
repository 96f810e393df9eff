import seedrandom from 'seedrandom';
import { normalQuantile } from '../../../src/kernels/special/normal.js';
import { type Bound, bindProgram } from './bind.js';

export interface SimulatedModel {
  readonly name: string;
  readonly program: string;
  bind(fit?: string): Bound;
}

/** 96 rows: 12 groups of 8, crossed with 6 items, and responses of every kind, none of which follows the model exactly. */
function columns() {
  const uniform = seedrandom('simulated models');
  const normal = () => normalQuantile(uniform());
  const n = 96;
  const rows = Array.from({ length: n }, (_, i) => i);
  const g = rows.map((i) => Math.floor(i / 8));
  const item = rows.map((i) => (i * 5 + Math.floor(i / 8)) % 6);
  const time = rows.map((i) => i % 8);
  const x = rows.map(() => normal());
  const shift = Array.from({ length: 12 }, () => 0.6 * normal());
  const location = rows.map((i) => 0.4 + 0.5 * x[i] + shift[g[i]] + 0.3 * normal());
  const count = location.map((e) => Math.floor(Math.exp(e) * (0.3 + 1.6 * uniform())));
  const size = rows.map((i) => 4 + (i % 5));
  return {
    g: g.map((v) => `g${v}`),
    item: item.map((v) => `i${v}`),
    f: rows.map((i) => ['a', 'b', 'c'][i % 3] ?? 'a'),
    time,
    x,
    w: rows.map(() => 0.5 + uniform()),
    exposure: rows.map(() => 1 + uniform()),
    se: rows.map(() => 0.5 + uniform()),
    size,
    real: location.map((e) => e + 0.5 * normal()),
    positive: location.map((e) => Math.exp(e) * (0.4 + uniform())),
    unit: location.map((e) => 1 / (1 + Math.exp(-e + normal()))),
    binary: location.map((e) => (uniform() < 1 / (1 + Math.exp(-e)) ? 1 : 0)),
    count,
    inflated: count.map((c) => (uniform() < 0.3 ? 0 : c)),
    abovezero: count.map((c) => c + 1),
    successes: rows.map((i) => Math.floor((size[i] + 0.99) / (1 + Math.exp(-location[i])))),
    grade: location.map(
      (e) => ['low', 'mid', 'high', 'top'][Math.min(3, Math.max(0, Math.floor(e + 1 + normal() / 2)))],
    ),
  };
}

const programs: Readonly<Record<string, string>> = {
  'normal, two predictors with effects': `real ~ normal(mu, sigma); mu = x + (1 + x | g); log(sigma) = 1 + x + (1 | g)`,
  'normal, log link, weights': `positive ~ normal(mu, sigma); log(mu) = x + (1 | g); weights w`,
  'normal, known scale, crossed': `real ~ normal(mu, se); mu = x + (1 | g) + (1 | item)`,
  'student_t, all free': `real ~ student_t(df, mu, sigma); mu = f + (1 | g); log(sigma) = (1 | item)`,
  lognormal: `positive ~ lognormal(mu, sigma); mu = x + (1 | g)`,
  'gamma, shape model': `positive ~ gamma(mu, shape); log(mu) = x + (1 | g); log(shape) = x + (1 | item)`,
  'gamma, inverse link': `positive ~ gamma(mu, shape); inverse(mu) = 1 + (1 | g)`,
  'inverse gaussian': `positive ~ inverse_gaussian(mu, shape); log(mu) = x + (1 | g)`,
  exponential: `positive ~ exponential(mu); log(mu) = x + (1 | g)`,
  weibull: `positive ~ weibull(mu, shape); log(mu) = x + (1 | g); log(shape) = 1 + (1 | item)`,
  'beta, both predictors': `unit ~ beta(mu, phi); logit(mu) = x + (1 | g); log(phi) = f + (1 | g)`,
  'bernoulli probit, vector': `binary ~ bernoulli(p); probit(p) = x + (x | g)`,
  'bernoulli cauchit': `binary ~ bernoulli(p); cauchit(p) = x + (1 | g)`,
  'binomial cloglog, crossed': `successes ~ binomial(size, p); cloglog(p) = x + (1 | g) + (1 | item)`,
  beta_binomial: `successes ~ beta_binomial(size, p, phi); logit(p) = x + (1 | g); log(phi) = 1 + (1 | item)`,
  'poisson, offset, diagonal': `count ~ poisson(lambda); log(lambda) = x + offset(log(exposure)) + (1 + x + f || g)`,
  'poisson, sqrt link': `count ~ poisson(lambda); sqrt(lambda) = x + (1 | g)`,
  'poisson, compound symmetry': `count ~ poisson(lambda); log(lambda) = x + cs(0 + f | g)`,
  'poisson, homogeneous cs': `count ~ poisson(lambda); log(lambda) = x + homcs(0 + f | g)`,
  'poisson, ar1': `count ~ poisson(lambda); log(lambda) = x + ar1(time | g)`,
  'poisson, car1': `count ~ poisson(lambda); log(lambda) = x + car1(time | g) + (1 | item)`,
  'poisson, sum to zero': `count ~ poisson(lambda); log(lambda) = x + (1 | g) + sum_to_zero(1 | item)`,
  'negative binomial, shape model': `count ~ negative_binomial(mu, shape); log(mu) = x + (1 | g); log(shape) = x + (1 | item)`,
  'negative binomial 1': `count ~ negative_binomial1(mu, phi); log(mu) = x + (1 | g)`,
  'zero inflated, effects on both': `inflated ~ zero_inflated(poisson(lambda), zi); log(lambda) = x + (1 | g); logit(zi) = x + (1 | g)`,
  'zero inflated, shared effect': `v = (1 | g); inflated ~ zero_inflated(negative_binomial(mu, shape), zi); log(mu) = x + v; logit(zi) = 1 + v`,
  'hurdle, three predictors': `inflated ~ hurdle(negative_binomial(mu, shape), hu); log(mu) = x + (1 | g); logit(hu) = x + (1 | item); log(shape) = 1 + x`,
  'truncated counts': `abovezero ~ truncated(poisson(lambda), lower = 1); log(lambda) = x + (1 | g)`,
  'truncated normal': `positive ~ truncated(normal(mu, sigma), lower = 0); mu = x + (1 | g)`,
  cumulative: `grade ~ cumulative(eta); eta = x + (x | g)`,
  'cumulative probit, crossed': `grade ~ cumulative(eta, probit); eta = f + (1 | g) + (1 | item)`,
  'mixture per row': `mixture z { class lo { count ~ poisson(lambda); log(lambda) = x + (1 | g) }
    class hi { count ~ poisson(lambda); log(lambda) = 1 } }
    logit(prob(hi)) = x`,
  'mixture per row, free gate': `mixture z { class lo { real ~ normal(mu, sigma); mu = x + (1 | g) }
    class hi { real ~ normal(mu, sigma); mu = 1 } }`,
  'priors of many kinds': `count ~ negative_binomial(mu, shape); log(mu) = x + f + (1 + x | g)
    beta ~ normal(0, 2); beta[x] ~ student_t(3, 0, 1); intercept ~ normal(0, 5); shape ~ exponential(1)
    sd(g) ~ half_t(3, 0, 1); cor(g) ~ lkj(2); cov(g) ~ wishart(df = 4, scale = diag(1, 2)); penalize 0.1 * (sd(g)[x] - 1)^2`,
};

const levels = `{ grade: ordered("low", "mid", "high", "top") }`;

export function simulatedModels(): SimulatedModel[] {
  const data = columns();
  return Object.entries(programs).map(([name, body]) => {
    const program = `data ${levels}\n${body}\n`;
    return { name, program, bind: (fit) => bindProgram(program, data, fit) };
  });
}

export const simulatedColumns = columns;
