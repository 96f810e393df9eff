import { describe, expect, test } from 'vitest';
import { expectDiagnostics } from './expect-diagnostics.js';

const model = 'Reaction ~ normal(mu, sigma)\nmu = Days + trt + (Days | Subject)\n';
const expectPrior = (marked: string, codes: readonly string[]) => expectDiagnostics(model + marked, codes);

describe('left sides', () => {
  test('every form of the language', () => {
    const priors = [
      'beta ~ normal(0, 2.5 * sigma)',
      'beta ~ normal(0, 2.5)',
      'beta[Days] ~ student_t(3, 0, 10)',
      'beta[trt] ~ horseshoe(1)',
      'beta[trtdrug] ~ cauchy(0, 1)',
      'beta[`trtdrug+`] ~ laplace(0, 1)',
      'mu[Days] ~ normal(0, 1)',
      'intercept ~ normal(250, 50)',
      '[intercept, beta[Days]] ~ multi_normal([0, 0], [[800, 30], [30, 50]])',
      '[intercept, beta[Days]] ~ multi_student_t(4, [0, 0], sigma^2 * diag(10, 1))',
      'sigma^2 ~ inverse_gamma(2, 500)',
      'sigma^2 ~ gamma(2, 0.01)',
      'sigma ~ inverse_gamma(2, 20)',
      'cov(Subject) ~ wishart(df = 4, scale = diag(100, 10))',
      'cov(Subject) / sigma^2 ~ inverse_wishart(df = 4, scale = diag(1, 1))',
      'sqrt(cov(Subject)) ~ inverse_wishart(df = 4, scale = diag(1, 1))',
      'sd(Subject) ~ half_t(3, 0, 20)',
      'sd(Subject) ~ half_cauchy(20)',
      'sd(Subject)[Days] / sigma ~ gamma(2, 0.1)',
      'sd(Subject)[intercept] ~ lognormal(0, 1)',
      'sd(Subject)^2 ~ exponential(1)',
      'cor(Subject) ~ lkj(2)',
      'beta[Days] - beta[trtdrug] ~ normal(0, 1)',
      'penalize 0.01 * (sd(Subject)[Days] - 5)^2',
      'fix sigma = 25',
      'fix sigma^2 = 0.5',
      'fix cor(Subject) = 0',
      'fix sd(Subject)[Days] = 1',
      'fix beta[Days] = 0',
    ];
    for (const prior of priors) expectPrior(`${prior}\nfit ml`, []);
  });

  test('improper limits are allowed and said', () => {
    const [found] = expectPrior('cov(Subject) / sigma^2 ~ wishart(df = 4.5, scale = «inf»)', ['MM358']);
    expect(found?.severity).toBe('note');
    expectPrior('sd(Subject) / sigma ~ gamma(2.5, «0»)', ['MM358']);
    expectPrior('sigma ~ inverse_gamma(2, «0»)', ['MM358']);
    // allowed, but not where no mode is left
    expectPrior('«cov(Subject) ~ inverse_wishart(df = 2, scale = «0»)»', ['MM390', 'MM358']);
  });

  test('names that are not there', () => {
    expect(expectPrior('beta[«Dys»] ~ normal(0, 1)', ['MM213'])[0]?.hint).toBe("did you mean 'Days'?");
    expectPrior('beta[«trtdurg»] ~ normal(0, 1)', ['MM213']);
    expectPrior('sd(«Subjct») ~ gamma(2, 1)', ['MM212']);
    expectPrior('sd(Subject)[«x»] ~ gamma(2, 1)', ['MM213']);
    expectPrior('«shape»[x] ~ normal(0, 1)', ['MM211']);
    expectPrior('beta[Days] + «shpe» ~ normal(0, 1)', ['MM211']);
    expectPrior('prob(«z») ~ dirichlet(1, 1)', ['MM214']);
    expectPrior('«threshold» ~ normal(0, 1)', ['MM211']);
    expectPrior('«shrink»(beta[Days]) ~ normal(0, 1)', ['MM207']);
  });

  test('a prior on a column is about its coefficient', () => {
    const [found] = expectPrior('«Days» ~ normal(0, 1)', ['MM220']);
    expect(found?.replacement).toBe('beta[Days]');
    expectPrior('beta[trt] + «x» ~ normal(0, 1)', ['MM220']);
  });

  test('coefficients a predictor does not have', () => {
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = 0 + Days\n«intercept» ~ normal(0, 1)', ['MM354']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = 1\n«beta» ~ normal(0, 1)', ['MM354']);
  });

  test('a parameter with a predictor is not one number', () => {
    const varying = 'Reaction ~ normal(mu, sigma)\nmu = Days\nlog(sigma) = x\n';
    expectDiagnostics(`${varying}«sigma» ~ exponential(1)`, ['MM353']);
    expectDiagnostics(`${varying}sigma[x] ~ normal(0, 1)`, []);
    expectDiagnostics(`${varying}sigma[intercept] ~ normal(0, 1)`, []);
  });

  test('independent columns have no correlations', () => {
    expectDiagnostics('Reaction ~ x + (x || Subject)\n«cor(Subject)» ~ lkj(2)', ['MM355']);
  });

  test('a group with several blocks needs names', () => {
    const two = 'Reaction ~ x + (1 | Subject) + (0 + x | Subject)\n';
    expectDiagnostics(`${two}sd(«Subject») ~ gamma(2, 1)`, ['MM356']);
    expectDiagnostics(`${two}sd(Subject)[x] ~ gamma(2, 1)`, []);
    expectDiagnostics('Reaction ~ x + v + (0 + x | Subject)\nv = (1 | Subject)\nsd(v) ~ gamma(2, 1)', []);
  });
});

describe('distributions', () => {
  test('their names', () => {
    expect(expectPrior('sigma ~ «inv_gamma»(2, 1)', ['MM228'])[0]?.hint).toBe("did you mean 'inverse_gamma'?");
    expectPrior('sigma ~ «poisson»(2)', ['MM228']);
    const [found] = expectPrior('sigma ~ «1 + x»', ['MM365']);
    expect(found?.hint).toBe('for a predictor write log(sigma) = 1 + x');
  });

  test('their arguments', () => {
    expectPrior('sigma ~ «gamma(2)»', ['MM320']);
    expectPrior('sigma ~ «exponential(2, 3)»', ['MM208']);
    expectPrior('sigma ~ gamma(2, «scale» = 3)', ['MM226']);
    expectPrior('cov(Subject) ~ «wishart(df = 4)»', ['MM357']);
    expectPrior('sigma ~ exponential(«-1»)', ['MM359']);
    expectPrior('beta ~ normal(0, «-1»)', ['MM359']);
    expectPrior('beta ~ normal(«inf», 1)', ['MM359']);
    expectPrior('beta ~ normal(0, «[1, 2]»)', ['MM361']);
    expectPrior('beta ~ uniform(«2», 1)', ['MM360']);
    expectPrior('cor(Subject) ~ lkj(«0»)', ['MM359']);
    expectPrior('beta ~ normal(0, «x»)', ['MM220']);
  });

  test('what they are distributions of', () => {
    expectPrior('«cov(Subject)» ~ gamma(2, 1)', ['MM366']);
    expectPrior('«sd(Subject)» ~ wishart(3, diag(1, 1))', ['MM366']);
    expectPrior('«cor(Subject)» ~ normal(0, 1)', ['MM366']);
    expectPrior('«cov(Subject)» ~ lkj(2)', ['MM366']);
    expectPrior('«beta[Days]» ~ gamma(2, 1)', ['MM367']);
    expectPrior('«cov(Subject) + sd(Subject)» ~ normal(0, 1)', ['MM366']);
  });

  test('dimensions and matrices', () => {
    expectPrior('cov(Subject) ~ wishart(df = 4, scale = «diag(1, 1, 1)»)', ['MM362']);
    expectPrior('cov(Subject) ~ wishart(df = «1», scale = diag(1, 1))', ['MM364']);
    expectPrior('cov(Subject) ~ inverse_wishart(df = «0.5», scale = diag(1, 1))', ['MM364']);
    expectPrior('cov(Subject) ~ wishart(df = 4, scale = «[[1, 2], [3, 1]]»)', ['MM363']);
    expectPrior('cov(Subject) ~ wishart(df = 4, scale = «[[1, 2], [2, 1]]»)', ['MM363']);
    expectPrior('cov(Subject) ~ wishart(df = 4, scale = «[[1, 2]]»)', ['MM363']);
    expectPrior('cov(Subject) ~ wishart(df = 4, scale = «[1, 2]»)', ['MM361']);
    expectPrior('[intercept, beta[Days]] ~ multi_normal(«[0, 0, 0]», diag(1, 1))', ['MM362']);
    expectPrior('[intercept, beta[trt]] ~ multi_normal([0, 0, 0], diag(1, 1, 1))', []);
  });

  test('units of sigma', () => {
    expectPrior('«cov(Subject) / sigma» ~ wishart(df = 4, scale = diag(1, 1))', ['MM368']);
    expectPrior('«sd(Subject) / sigma^2» ~ gamma(2, 1)', ['MM368']);
    expectPrior('sd(Subject) / sigma ~ half_normal(0, «2 * sigma»)', ['MM369']);
  });
});

describe('several statements on one parameter', () => {
  test('of equal reach contradict each other', () => {
    expectPrior('beta[Days] ~ normal(0, 1)\n«beta[Days]» ~ normal(0, 2)', ['MM370']);
    expectPrior('beta ~ normal(0, 1)\n«beta» ~ normal(0, 2)', ['MM370']);
    expectPrior('sigma ~ gamma(2, 1)\n«sigma^2» ~ gamma(2, 1)', ['MM370']);
    expectPrior('beta[Days] ~ normal(0, 1)\n«[intercept, beta[Days]]» ~ multi_normal([0, 0], diag(1, 1))', ['MM370']);
    expectPrior('sd(Subject)[Days] ~ gamma(2, 1)\n«sd(Subject)[Days] / sigma» ~ gamma(2, 1)', ['MM370']);
  });

  test('a narrower one replaces a general one', () => {
    expectPrior('beta ~ normal(0, 1)\nbeta[Days] ~ normal(0, 2)', []);
    expectPrior('beta[trt] ~ normal(0, 1)\nbeta[trtdrug] ~ normal(0, 2)', []);
    expectPrior('sd(Subject) ~ gamma(2, 1)\nsd(Subject)[Days] ~ gamma(2, 2)', []);
  });
});

describe('fix and penalize', () => {
  test('fix', () => {
    expectPrior('fix sigma = «-1»', ['MM324']);
    expectPrior('fix cor(Subject) = «1.5»', ['MM324']);
    expectPrior('fix sd(Subject)[Days] = «-1»', ['MM324']);
    expectPrior('fix «2» = 3', ['MM372']);
    expectPrior('fix sigma = «x»', ['MM373']);
    expectPrior('fix sigma = 2\n«fix sigma^2 = 4»', ['MM374']);
    expectPrior('fix sigma = 2\n«sigma ~ exponential(1)»', ['MM374']);
    expectPrior('fix «sgima» = 2', ['MM211']);
  });

  test('penalize', () => {
    expectPrior('penalize «2 + 3»', ['MM371']);
    expectPrior('penalize (sd(«Subjekt») - 5)^2', ['MM212']);
    expectPrior('penalize «"a"»', ['MM227']);
  });
});
