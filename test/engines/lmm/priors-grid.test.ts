import { beforeAll, describe, expect, test } from 'vitest';
import { devianceGradient } from '../../../src/engines/lmm/deviance-gradient.js';
import { findOptimum } from '../../../src/engines/lmm/find-optimum.js';
import type { LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { optimizeJoint } from '../../../src/engines/lmm/priors/fit-joint.js';
import { jointProblem } from '../../../src/engines/lmm/priors/joint-problem.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { bindTable, tableOf } from './prior-models.js';
import { random } from './shapes.js';

const priorsOfBeta = {
  none: '',
  'common, per coefficient': 'intercept ~ normal(200, 20 * sigma)\nbeta[Days] ~ normal(1, 0.3 * sigma)',
  'common, joint': '[intercept, beta[Days]] ~ multi_normal([200, 3], sigma^2 * [[25, 0.5], [0.5, 0.1]])',
  'common, divided': 'beta / sigma ~ normal(0, 0.2)',
  'common, a difference': 'intercept - 10 * beta[Days] ~ normal(100, 2 * sigma)',
  'absolute, per coefficient': 'intercept ~ normal(200, 30)\nbeta[Days] ~ normal(0, 2)',
  'absolute, joint': '[intercept, beta[Days]] ~ multi_normal([230, 5], [[400, 20], [20, 4]])',
  'absolute, slopes alone': 'beta ~ normal(3, 1.5)',
  'common and absolute': 'intercept ~ normal(240, 3 * sigma)\nbeta[Days] ~ normal(0, 4)',
};

const priorsOfSigma = {
  none: '',
  'inverse_gamma of sigma^2': 'sigma^2 ~ inverse_gamma(3, 1000)',
  'gamma of sigma^2': 'sigma^2 ~ gamma(2, 0.01)',
  'inverse_gamma of sigma': 'sigma ~ inverse_gamma(2, 100)',
  'gamma of sigma': 'sigma ~ gamma(3, 0.2)',
  'half_t of sigma': 'sigma ~ half_t(3, 0, 5)',
  'lognormal of sigma': 'sigma ~ lognormal(3, 0.1)',
  known: 'fix sigma = 22',
};

const priorsOfCovariance = {
  none: '',
  'wishart, absolute': 'cov(Subject) ~ wishart(df = 5, scale = [[400, 10], [10, 20]])',
  'inverse wishart, absolute': 'cov(Subject) ~ inverse_wishart(df = 4, scale = diag(1000, 50))',
  'wishart, relative': 'cov(Subject) / sigma^2 ~ wishart(df = 4.5, scale = inf)',
  'inverse wishart, relative': 'cov(Subject) / sigma^2 ~ inverse_wishart(df = 4, scale = diag(1, 0.1))',
  'inverse wishart of the root': 'sqrt(cov(Subject)) ~ inverse_wishart(df = 4, scale = diag(20, 5))',
  'wishart of the root': 'sqrt(cov(Subject)) ~ wishart(df = 5, scale = diag(20, 5))',
  'wishart in units of sigma': 'cov(Subject) ~ wishart(df = 5, scale = sigma^2 * diag(1, 0.1))',
  'gamma of sds': 'sd(Subject) ~ gamma(2.5, 0.05)',
  'gamma of a relative sd': 'sd(Subject)[Days] / sigma ~ gamma(2.5, 0.1)',
  'inverse_gamma of variances': 'sd(Subject)^2 ~ inverse_gamma(2, 30)',
  'half_t and lkj': 'sd(Subject) ~ half_t(3, 0, 20)\nsd(Subject)[Days] ~ half_normal(4)\ncor(Subject) ~ lkj(2)',
  'half_cauchy, relative, and lkj': 'sd(Subject) / sigma ~ half_cauchy(0.5)\ncor(Subject) ~ lkj(3)',
  'lognormal and exponential': 'sd(Subject)[intercept] ~ lognormal(3, 0.5)\nsd(Subject)[Days]^2 ~ exponential(0.02)',
  'half_normal in units of sigma': 'sd(Subject) ~ half_normal(0.7 * sigma)',
  penalties:
    'penalize 0.3 * (sd(Subject)[Days] - 4)^2\npenalize 20 * (sd(Subject)[Days] / sd(Subject)[intercept] - 0.3)^2',
};

type Choice = readonly [
  method: 'reml' | 'ml',
  beta: keyof typeof priorsOfBeta,
  sigma: keyof typeof priorsOfSigma,
  covariance: keyof typeof priorsOfCovariance,
];

/** Every prior with others that go round: each method sees each prior, and each pair of kinds occurs. */
function choices(): Choice[] {
  const betas = Object.keys(priorsOfBeta) as (keyof typeof priorsOfBeta)[];
  const sigmas = Object.keys(priorsOfSigma) as (keyof typeof priorsOfSigma)[];
  const covariances = Object.keys(priorsOfCovariance) as (keyof typeof priorsOfCovariance)[];
  const found: Choice[] = [];
  const methods = ['reml', 'ml'] as const;
  for (let k = 0; k < 72; k++) {
    const turn = Math.floor(k / 18);
    found.push([
      methods[k % 2],
      betas[(k + turn) % betas.length],
      sigmas[(k + 3 * turn) % sigmas.length],
      covariances[(k + 5 * turn) % covariances.length],
    ]);
  }
  return found.filter(([, b, s, c]) => b !== 'none' || s !== 'none' || c !== 'none');
}

const sourceOf = ([method, beta, sigma, covariance]: Choice) =>
  `Reaction ~ normal(mu, sigma)\nmu = Days + (Days | Subject)\n${priorsOfBeta[beta]}\n${priorsOfSigma[sigma]}\n${priorsOfCovariance[covariance]}\nfit ${method}\n`;

let table: Awaited<ReturnType<typeof tableOf>>;
beforeAll(async () => {
  table = await tableOf('sleepstudy.csv');
});

/** Golden section on log sigma with the unprofiled objective, from a grid: knows nothing of how sigma is profiled. */
function bruteForce(work: LmmWork, theta: Float64Array): number {
  const problem = jointProblem(work, { thetas: theta.length, beta: null, sigma: true });
  const at = (x: number): number => problem.evaluate(Float64Array.from([...theta, x]), null);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let x = -8; x <= 8; x += 0.05) {
    const value = at(x);
    if (value < least) {
      least = value;
      best = x;
    }
  }
  // a minimum's place is seen to the root of the rounding error only: its slope is what can be bisected
  const slope = (x: number): number => {
    const gradient = new Float64Array(theta.length + 1);
    problem.evaluate(Float64Array.from([...theta, x]), gradient);
    return gradient[theta.length];
  };
  let [low, high] = [best - 0.05, best + 0.05];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) high = middle;
    else low = middle;
  }
  return Math.exp((low + high) / 2);
}

describe.each(choices())('%s, beta %s, sigma %s, covariance %s', (...choice) => {
  test('the gradient, the profiled sigma and the joint optimum', () => {
    const { work } = bindTable(sourceOf(choice), table);
    const { normal } = random(choice.join());
    const start = startTheta(work);
    for (let k = 0; k < 3; k++) {
      const theta = start.map((v) => v + (k === 0 ? 0 : 0.4 * normal()));
      const gradient = new Float64Array(theta.length);
      expect(Number.isFinite(profiledDeviance(work, theta))).toBe(true);
      devianceGradient(work, gradient);
      const sigma = work.at.sigma;
      for (let p = 0; p < theta.length; p++) {
        const at = (h: number): number =>
          profiledDeviance(
            work,
            Float64Array.from(theta, (v, i) => (i === p ? v + h : v)),
          );
        const central = (h: number): number => (at(h) - at(-h)) / (2 * h);
        const slope = (4 * central(5e-4) - central(1e-3)) / 3;
        expect(Math.abs(gradient[p] - slope) / Math.max(1, Math.abs(slope)), `theta[${p}]`).toBeLessThan(1e-6);
      }
      if (choice[2] === 'known') continue;
      expect(Math.abs(sigma / bruteForce(work, theta) - 1)).toBeLessThan(1e-10);
    }
    const profiled = findOptimum(work, {});
    const objective = work.at.objective;
    expect(profiled.certificate.decrement * work.model.rows).toBeLessThan(1e-6);
    // everything in the numeric optimizer, from elsewhere; it may end in a second minimum from one start and not from the other
    let least = Number.POSITIVE_INFINITY;
    for (const [scale, shift] of [
      [1.3, 0.1],
      [0.7, 0.3],
    ]) {
      profiledDeviance(
        work,
        start.map((v) => scale * v + shift),
      );
      const joint = optimizeJoint(work, choice[0] === 'ml', null);
      expect(joint.optimum.certificate.decrement * work.model.rows).toBeLessThan(1e-6);
      least = Math.min(least, work.at.objective);
    }
    expect(Math.abs(least - objective)).toBeLessThan(1e-6);
  });
});
