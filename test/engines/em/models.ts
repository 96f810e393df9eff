/** Mixtures per group of every kind: which response, which effects, which way of integrating them. */
export interface MixtureModel {
  readonly name: string;
  readonly program: string;
  /** Classes have no effects or are normal: no points are needed. */
  readonly closed?: boolean;
}

const mixture = (before: string, likelihood: string, body: string, after = '') => `
  ${before}
  mixture z per id {
    ${likelihood}
    class low, high { ${body} }
  }
  order z by intercept
  ${after}`;

export const mixtureModels: readonly MixtureModel[] = [
  {
    name: 'normal, shared effect',
    closed: true,
    program: mixture('v = (1 | id)', 'y ~ normal(mu, sigma)', 'mu = x + v'),
  },
  {
    name: 'normal, own effects and sigma by a covariate',
    closed: true,
    program: mixture('', 'y ~ normal(mu, sigma)', 'mu = x + (1 + x | id); log(sigma) = x'),
  },
  {
    name: 'normal, nested factor, weights',
    closed: true,
    program: mixture('v = (1 | id)\nu = (1 | unit)', 'y ~ normal(mu, sigma)', 'mu = x + v + u', 'weights weight'),
  },
  {
    name: 'lognormal, shared effect',
    closed: true,
    program: mixture('v = (1 | id)', 'pos ~ lognormal(mu, sigma)', 'mu = x + v'),
  },
  {
    name: 'normal with known sigma',
    closed: true,
    program: mixture('v = (1 | id)', 'y ~ normal(mu, weight)', 'mu = x + v'),
  },
  { name: 'poisson, shared effect', program: mixture('v = (1 | id)', 'c ~ poisson(lambda)', 'log(lambda) = x + v') },
  { name: 'poisson, own effects', program: mixture('', 'c ~ poisson(lambda)', 'log(lambda) = x + (1 | id)') },
  {
    name: 'poisson, correlated slopes',
    program: mixture('v = (1 + x | id)', 'c ~ poisson(lambda)', 'log(lambda) = x + v'),
  },
  {
    name: 'poisson, compound symmetry',
    program: mixture('v = cs(1 + x | id)', 'c ~ poisson(lambda)', 'log(lambda) = x + v'),
  },
  {
    name: 'poisson, serial effect',
    program: mixture('v = ar1(time | id)', 'c ~ poisson(lambda)', 'log(lambda) = x + v'),
  },
  {
    name: 'poisson, nested factor',
    program: mixture('v = (1 | id)\nu = (1 | unit)', 'c ~ poisson(lambda)', 'log(lambda) = x + v + u'),
  },
  {
    name: 'poisson without effects',
    closed: true,
    program: mixture('', 'c ~ poisson(lambda)', 'log(lambda) = x'),
  },
  {
    name: 'binomial, class probabilities by a covariate',
    program: mixture('v = (1 | id)', 't ~ binomial(ten, p)', 'logit(p) = x + v', 'prob(z) = softmax(1 + w)'),
  },
  { name: 'bernoulli, probit', program: mixture('v = (1 | id)', 'k ~ bernoulli(p)', 'probit(p) = x + v') },
  {
    name: 'negative binomial, shape by class',
    program: mixture('v = (1 | id)', 'c ~ negative_binomial(mu, shape)', 'log(mu) = x + v; log(shape) = 1'),
  },
  {
    name: 'gamma, effect on the shape too',
    program: mixture('v = (1 | id)\nu = (1 | id)', 'pos ~ gamma(mu, shape)', 'log(mu) = x + v; log(shape) = 1 + u'),
  },
  { name: 'beta', program: mixture('v = (1 | id)', 'b ~ beta(mu, phi)', 'logit(mu) = x + v') },
  {
    name: 'zero-inflated poisson',
    program: mixture('v = (1 | id)', 'zc ~ zero_inflated(poisson(lambda), zi)', 'log(lambda) = x + v'),
  },
  {
    name: 'cumulative',
    program: mixture('data { o: ordered("a", "b", "c") }\nv = (1 | id)', 'o ~ cumulative(eta)', 'eta = x + v').replace(
      /order z.*/,
      '',
    ),
  },
  {
    name: 'student t, shared slope, priors',
    program: `
      v = (1 | id)
      common = 0 + x
      mixture z per id {
        y ~ student_t(5, mu, sigma)
        class low  { mu = 1 + common + v; intercept ~ normal(0, 1) }
        class high { mu = 1 + w + common + v; beta[w] ~ student_t(3, 0, 1) }
      }
      sd(v) ~ gamma(2, 1)
      prob(z) ~ dirichlet(2, 3)`,
  },
  {
    name: 'known classes',
    program: `
      v = (1 | id)
      mixture z per id {
        c ~ poisson(lambda)
        class low, high { log(lambda) = x + v }
        labels class
      }`,
  },
  {
    name: 'normal, units that sum to zero in each class',
    closed: true,
    program: mixture('', 'y ~ normal(mu, sigma)', 'mu = x + (1 | id) + sum_to_zero(1 | unit); log(sigma) = 1'),
  },
  {
    name: 'poisson, units that sum to zero in each class',
    program: mixture('', 'c ~ poisson(lambda)', 'log(lambda) = x + sum_to_zero(1 | unit)'),
  },
  {
    name: 'classes of different families',
    program: `
      mixture z per id {
        class plain { c ~ poisson(lambda); log(lambda) = x + (1 | id) }
        class spread { c ~ negative_binomial(mu, shape); log(mu) = x }
      }`,
  },
];
