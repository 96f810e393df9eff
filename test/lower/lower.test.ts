import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compile.js';
import type { ModelGraph, PredictorNode, PriorNode } from '../../src/graph/model-graph.js';
import { printExpression } from '../../src/graph/print-expression.js';
import { graphProblems } from '../../src/graph/validate-graph.js';
import { schema } from '../semantics/schema.js';

function graphOf(source: string, known: typeof schema | null = schema): ModelGraph {
  const { models, diagnostics } = compile(source, known === null ? {} : { schema: known });
  const graph = models[0]?.graph;
  if (graph === undefined) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  expect(graphProblems(graph)).toEqual([]);
  return graph;
}

/** A graph without its places, nor how blocks are reported: two spellings of one model differ only in these. */
function withoutPlaces(graph: ModelGraph): unknown {
  return JSON.parse(
    JSON.stringify(graph, (key, value) => (key === 'origin' || key === 'doubleBar' ? undefined : value)),
  );
}

const predictor = (graph: ModelGraph, id: string): PredictorNode => {
  const found = graph.predictors.find((p) => p.id === id);
  if (found === undefined) throw new Error(`no predictor ${id} among ${graph.predictors.map((p) => p.id).join(', ')}`);
  return found;
};
const labels = (p: PredictorNode) => p.terms.map((t) => t.label);
const prior = (graph: ModelGraph, text: string): PriorNode => {
  const found = graph.priors.find((p) => p.text.startsWith(text));
  if (found === undefined) throw new Error(`no prior ${text}`);
  return found;
};

describe('spellings of one model have one graph', () => {
  const same: [string, string, string][] = [
    [
      'the short form',
      'Reaction ~ 1 + Days + (1 + Days | Subject)',
      'Reaction ~ normal(mu, sigma)\nmu = 1 + Days + (1 + Days | Subject)',
    ],
    ['an implicit intercept', 'Reaction ~ Days + (Days | Subject)', 'Reaction ~ 1 + Days + (1 + Days | Subject)'],
    ['the order of statements', 'mu = Days\nReaction ~ normal(mu, sigma)', 'Reaction ~ normal(mu, sigma)\nmu = Days'],
    ['sigma = 1', 'Reaction ~ normal(mu, sigma)\nmu = Days\nsigma = 1', 'Reaction ~ normal(mu, sigma)\nmu = Days'],
    ['weights', 'Reaction ~ normal(mu, sigma / sqrt(w))\nmu = x', 'Reaction ~ normal(mu, sigma)\nmu = x\nweights w'],
    ['nesting', 'Reaction ~ x + (1 | a/b)', 'Reaction ~ x + (1 | a) + (1 | b:a)'],
    ['positions', 'Reaction ~ x + ar1(0 + time | id)', 'Reaction ~ x + ar1(time | id)'],
    ['crossing', 'Reaction ~ x * trt', 'Reaction ~ x + trt + x:trt'],
    ['named arguments', 'incidence ~ binomial(p = p, size = size)', 'incidence ~ binomial(size, p)'],
    ['a wrapped model', 'model model { Reaction ~ x }', 'Reaction ~ x'],
    ['shared statements', 'let q = x / 2\nmodel model { Reaction ~ q }', 'let q = x / 2\nReaction ~ q'],
    [
      'two classes of one body',
      'mixture k per id { Reaction ~ normal(mu, sigma); class p, q { mu = x } }\norder k by intercept',
      'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = x } }\norder k by intercept',
    ],
    [
      'the logit of one of two classes',
      'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }\nlogit(prob(q)) = 1 + age',
      'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }\nprob(k) = softmax(1 + age, baseline = p)',
    ],
  ];
  test.each(same)('%s', (_, one, other) => {
    expect(withoutPlaces(graphOf(one))).toEqual(withoutPlaces(graphOf(other)));
  });
});

describe('likelihoods', () => {
  test('a transformed response keeps its text', () => {
    const [likelihood] = graphOf('log(Reaction) ~ Days').likelihoods;
    expect(likelihood?.responseText).toBe('log(Reaction)');
  });

  test('an argument that names a column is data', () => {
    const [likelihood] = graphOf('Reaction ~ normal(mu, se)\nmu = x').likelihoods;
    expect(likelihood?.family.arguments).toEqual([
      { kind: 'predictor', name: 'mu', predictor: 'mu' },
      { kind: 'data', name: 'sigma', value: { kind: 'column', name: 'se' } },
    ]);
  });

  test('numbers: a count of trials, bounds, a held parameter', () => {
    const trials = graphOf('incidence ~ binomial(10, p)').likelihoods[0];
    expect(trials?.family.arguments[0]).toEqual({ kind: 'number', name: 'size', value: 10 });
    const held = graphOf('Reaction ~ student_t(4, mu, sigma)\nmu = x');
    expect(predictor(held, 'df').constant).toBe(true);
    expect(held.fixes).toMatchObject([
      {
        text: 'fix df = 4',
        left: { ref: { kind: 'scalar', predictors: ['df'] } },
        value: { kind: 'number', value: 4 },
      },
    ]);
  });

  test('a number in the place of the mean is a predictor without anything to estimate', () => {
    const zero = predictor(graphOf('Reaction ~ normal(0, sigma)'), 'mu');
    expect(zero).toMatchObject({
      intercept: false,
      constant: false,
      terms: [],
      offsets: [{ kind: 'number', value: 0 }],
    });
    // On the scale of the linear predictor: logit(0.5) = 0, log(1) = 0.
    const rate = predictor(graphOf('incidence ~ poisson(1)'), 'lambda');
    expect(rate.offsets).toEqual([{ kind: 'number', value: 0 }]);
  });

  test('families inside families share one set of predictors', () => {
    const graph = graphOf('incidence ~ zero_inflated(negative_binomial(mu, shape), zi)\nlog(mu) = x\nlogit(zi) = z');
    expect(graph.predictors.map((p) => [p.id, p.link, p.constant])).toEqual([
      ['mu', 'log', false],
      ['shape', 'log', true],
      ['zi', 'logit', false],
    ]);
    expect(graph.likelihoods[0]?.family.base?.name).toBe('negative_binomial');
  });

  test('thresholds take the place of the intercept', () => {
    const eta = predictor(graphOf('dose ~ cumulative(eta, probit)\neta = x + trt'), 'eta');
    expect(eta).toMatchObject({ intercept: false, interceptAbsorbed: true });
  });

  test('correlated errors', () => {
    const [likelihood] = graphOf('Reaction ~ normal(mu, sigma, cor = car1(time | Subject))\nmu = x').likelihoods;
    expect(likelihood?.correlation).toMatchObject({
      structure: 'car1',
      position: { kind: 'column', name: 'time' },
      group: { label: 'Subject', columns: [{ kind: 'column', name: 'Subject' }] },
    });
  });
});

describe('random effects', () => {
  const effects = (source: string) => graphOf(source).randomEffects;

  test('ids are labels of groups, told apart by their columns', () => {
    expect(effects('Reaction ~ x + (1 | id) + (0 + x | id) + (1 | a:b)').map((e) => e.id)).toEqual([
      'id',
      'id(0 + x)',
      'a:b',
    ]);
  });

  test('two lines and diag are one covariance; two lines are reported column by column', () => {
    const [lines] = effects('Reaction ~ x + (x || id)');
    const [diag] = effects('Reaction ~ x + diag(x | id)');
    expect([lines?.covariance, lines?.doubleBar]).toEqual(['diag', true]);
    expect([diag?.covariance, diag?.doubleBar]).toEqual(['diag', undefined]);
  });

  test('a nested block is called as lme4 calls it, and found by either order', () => {
    for (const label of ['a:b', 'b:a']) {
      const graph = graphOf(`Reaction ~ x + (1 | a/b)\nsd(${label}) ~ gamma(2, 1)`);
      expect(graph.priors[0]?.left).toMatchObject({ ref: { kind: 'sd', effect: 'b:a' } });
    }
    const crossed = graphOf('Reaction ~ x + (1 | a:b)\nsd(b:a) ~ gamma(2, 1)');
    expect(crossed.priors[0]?.left).toMatchObject({ ref: { kind: 'sd', effect: 'a:b' } });
  });

  test('a named effect is one node however often it is used', () => {
    const graph = graphOf(
      'incidence ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = x + v\nlogit(zi) = 1 + v\nv = (1 | id)',
    );
    expect(graph.randomEffects.map((e) => [e.id, e.name])).toEqual([['v', 'v']]);
    expect(graph.predictors.map((p) => p.randomEffects)).toEqual([['v'], ['v']]);
  });

  test('unnamed effects of two predictors are two', () => {
    const graph = graphOf(
      'incidence ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = (1 | id)\nlogit(zi) = (1 | id)',
    );
    expect(graph.randomEffects).toHaveLength(2);
    expect(new Set(graph.randomEffects.map((e) => e.id)).size).toBe(2);
  });

  test('structures and constraints', () => {
    const source = 'Reaction ~ cs(x | id) + homcs(x | herd) + sum_to_zero(1 | Subject) + us(x | a) + (x || b)';
    expect(effects(source).map((e) => [e.covariance, e.constraint])).toEqual([
      ['cs', null],
      ['homcs', null],
      ['us', 'sumToZero'],
      ['us', null],
      ['diag', null],
    ]);
  });

  test('a column that only groups is a factor; one that enters as a number is not', () => {
    const columns = (source: string) => graphOf(source, null).data.columns.map((c) => [c.name, c.type]);
    expect(columns('y ~ x + (1 | g)')).toEqual([['g', 'factor']]);
    expect(columns('y ~ age + (1 | age)')).toEqual([]);
    expect(columns('data { g: int }\ny ~ x + (1 | g)')).toEqual([['g', 'int']]);
    expect(columns('let g = factor(h)\ny ~ x + (1 | g)')).toEqual([]);
  });

  test('columns per level, as R codes factors', () => {
    const size = (left: string) => effects(`Reaction ~ x + (${left} | Subject)`)[0]?.size;
    expect(size('1')).toBe(1);
    expect(size('x')).toBe(2);
    expect(size('0 + x')).toBe(1);
    expect(size('trt')).toBe(3);
    expect(size('0 + trt')).toBe(3);
    expect(size('trt * Sex')).toBe(6);
    expect(size('0 + trt:Sex')).toBe(6);
    expect(size('trt:x')).toBe(4);
    expect(size('poly(x, 2)')).toBe(3);
    expect(size('ns(x, df = 4) * Sex')).toBe(10);
    expect(size('0 + trt + bs(x, 5)')).toBe(8);
    expect(size('factor(x)')).toBeUndefined(); // the data decide
    expect(size('ns(x, knots = [1, 2])')).toBeUndefined();
  });
});

describe('mixtures', () => {
  test('what stands outside the classes is shared, what stands inside is their own', () => {
    const graph = graphOf(`v = (1 | id)
common = 0 + age
log(sigma) = 1
mixture k per id {
  Reaction ~ normal(mu, sigma)
  class p { mu = x + common + v }
  class q { mu = x + common + v + (0 + z | id) }
}
order k by intercept`);
    expect(graph.predictors.map((p) => [p.id, p.class])).toEqual([
      ['mu@p', 'p'],
      ['sigma', null],
      ['mu@q', 'q'],
    ]);
    expect(graph.randomEffects.map((e) => [e.id, e.class])).toEqual([
      ['v', null],
      ['id@q', 'q'],
    ]);
    expect(predictor(graph, 'mu@p').parts).toEqual(['common']);
    expect(predictor(graph, 'mu@q').parts).toEqual(['common']);
    expect(graph.likelihoods.map((l) => [l.id, l.class])).toEqual([
      ['y@p', 'p'],
      ['y@q', 'q'],
    ]);
  });

  test('a sigma that no class mentions is shared; one that a class mentions is its own', () => {
    const sigmas = (own: string) =>
      graphOf(
        `mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z${own} } }`,
      ).predictors.filter((p) => p.parameter === 'sigma');
    expect(sigmas('').map((p) => [p.id, p.class])).toEqual([['sigma', null]]);
    expect(sigmas('; log(sigma) = 1').map((p) => [p.id, p.class])).toEqual([
      ['sigma@p', 'p'],
      ['sigma@q', 'q'],
    ]);
  });

  test('families of their own', () => {
    const graph = graphOf(
      'mixture k { class zero { incidence ~ dirac(0) }; class some { incidence ~ poisson(lambda); log(lambda) = x } }',
    );
    expect(graph.likelihoods.map((l) => l.family.name)).toEqual(['dirac', 'poisson']);
    expect(graph.predictors.map((p) => p.id)).toEqual(['lambda@some']);
    expect(graph.mixture?.per).toBeNull();
  });

  test('gates, labels and order', () => {
    const graph = graphOf(`mixture k per id {
  Reaction ~ normal(mu, sigma)
  class p, q, r { mu = x }
  labels herd
}
prob(k) = softmax(1 + age, baseline = q)
order k by beta[x] descending`);
    expect(graph.mixture?.gating).toEqual({ kind: 'softmax', baseline: 'q', predictors: ['prob@p', 'prob@r'] });
    expect(labels(predictor(graph, 'prob@r'))).toEqual(['age']);
    expect(graph.mixture?.labels).toBe('herd');
    expect(graph.mixture?.order).toMatchObject({
      descending: true,
      by: { ref: { kind: 'coefficients', predictors: ['mu@p', 'mu@q', 'mu@r'], select: { kind: 'named', name: 'x' } } },
    });
  });
});

describe('priors', () => {
  const model = 'Reaction ~ normal(mu, sigma)\nmu = Days + trt + x + (Days | Subject)\n';
  const scaleOf = (text: string) => graphOf(model + text).priors[0]?.scale;

  test('the expression says the scale', () => {
    expect(scaleOf('beta ~ normal(0, 2.5 * sigma)')).toBe('common');
    expect(scaleOf('beta ~ normal(0, 2.5)')).toBe('absolute');
    expect(scaleOf('sd(Subject)[Days] / sigma ~ gamma(2, 0.1)')).toBe('common');
    expect(scaleOf('sd(Subject)^2 / sigma^2 ~ inverse_gamma(2, 1)')).toBe('common');
    expect(scaleOf('cov(Subject) / sigma^2 ~ wishart(df = 4, scale = diag(1, 1))')).toBe('common');
    expect(scaleOf('cov(Subject) ~ wishart(df = 4, scale = diag(1, 1))')).toBe('absolute');
    expect(scaleOf('[intercept, beta[Days]] ~ multi_student_t(3, [0, 0], sigma^2 * diag(10, 1))')).toBe('common');
    expect(scaleOf('sigma ~ inverse_gamma(2, 20)')).toBe('absolute');
    expect(scaleOf('sigma^2 ~ gamma(2, 1)')).toBe('absolute');
  });

  test('the text is that of the source', () => {
    expect(graphOf(`${model}sd(Subject) / sigma   ~ gamma(2, 0.1)`).priors[0]?.text).toBe(
      'sd(Subject) / sigma ~ gamma(2, 0.1)',
    );
  });

  test('a narrower statement replaces a general one', () => {
    const graph = graphOf(`${model}beta ~ normal(0, 1)\nbeta[trt] ~ normal(0, 2)\nbeta[trtdrug] ~ normal(0, 3)`);
    const left = (text: string) => printExpression(prior(graph, text).left, graph);
    expect(left('beta ~')).toBe('mu[slopes except trt, trtdrug]');
    expect(left('beta[trt] ~')).toBe('mu[trt except trtdrug]');
    expect(left('beta[trtdrug] ~')).toBe('mu[trtdrug]');
    const sds = graphOf(`${model}sd(Subject) ~ gamma(2, 1)\nsd(Subject)[Days] ~ gamma(2, 2)`);
    expect(prior(sds, 'sd(Subject) ~').left).toMatchObject({ ref: { column: null, except: ['Days'] } });
  });

  test('the intercept is not among the slopes', () => {
    const graph = graphOf(`${model}beta ~ normal(0, 1)\nintercept ~ normal(250, 50)`);
    expect(prior(graph, 'beta').left).toMatchObject({ ref: { select: { kind: 'slopes' } } });
    expect(prior(graph, 'intercept').left).toMatchObject({ ref: { select: { kind: 'intercept' } } });
  });

  test('an interaction may be written the other way round', () => {
    const graph = graphOf('Reaction ~ x * trt\nbeta[trt:x] ~ normal(0, 1)');
    expect(graph.priors[0]?.left).toMatchObject({ ref: { select: { kind: 'named', name: 'x:trt' } } });
  });

  test('arguments by position, by name and by default', () => {
    const args = (text: string) => graphOf(model + text).priors[0]?.args.map((a) => [a.name, printExpression(a.value)]);
    expect(args('sd(Subject) ~ half_t(3, 20)')).toEqual([
      ['df', '3'],
      ['location', '0'],
      ['scale', '20'],
    ]);
    expect(args('sd(Subject) ~ half_t(scale = 20, df = 3)')).toEqual(args('sd(Subject) ~ half_t(3, 0, 20)'));
    expect(args('sd(Subject) ~ half_cauchy(5)')).toEqual([
      ['location', '0'],
      ['scale', '5'],
    ]);
  });

  test('inside a class they are about that class, outside about all', () => {
    const graph = graphOf(`mixture k per id {
  Reaction ~ normal(mu, sigma)
  class p { mu = x + (1 | id) }
  class q { mu = x + z + (1 | id); beta[x] ~ normal(0, 9) }
}
beta ~ normal(0, 1)
sd(id) ~ gamma(2, 1)`);
    const shown = graph.priors.map((p) => [p.class, printExpression(p.left, graph)]);
    expect(shown).toContainEqual(['q', 'mu@q[x]']);
    // The general prior leaves out what class q says of its own x.
    expect(shown).toContainEqual([null, 'mu@p[slopes]']);
    expect(shown).toContainEqual([null, 'mu@q[slopes except x]']);
    expect(shown).toContainEqual(['p', 'sd(id@p)']);
    expect(shown).toContainEqual(['q', 'sd(id@q)']);
  });

  test('inside a class they replace those of the same reach outside', () => {
    const graph = graphOf(`mixture k per id {
  Reaction ~ normal(mu, sigma)
  class p { mu = x + (1 | id); log(sigma) = 1 }
  class q { mu = x + (1 | id); log(sigma) = 1; sd(id) ~ gamma(9, 9); sigma ~ exponential(9); beta ~ normal(0, 9) }
}
order k by intercept
sd(id) ~ gamma(2, 1)
sigma ~ exponential(1)
beta ~ normal(0, 1)`);
    const shown = graph.priors.map((p) => `${printExpression(p.left, graph)} ~ ${p.text.split('~ ')[1]}`);
    expect(shown.toSorted()).toEqual([
      'mu@p[slopes] ~ normal(0, 1)',
      'mu@q[slopes] ~ normal(0, 9)',
      'sd(id@p) ~ gamma(2, 1)',
      'sd(id@q) ~ gamma(9, 9)',
      'sigma@p ~ exponential(1)',
      'sigma@q ~ exponential(9)',
    ]);
  });

  test('a coefficient that classes share gets a general prior once', () => {
    const graph = graphOf(`common = 0 + age
mixture k per id {
  Reaction ~ normal(mu, sigma)
  class p { mu = x + common }
  class q { mu = x + common; beta[x] ~ normal(0, 9) }
}
order k by intercept
beta ~ normal(0, 1)`);
    expect(graph.priors.map((p) => printExpression(p.left, graph)).toSorted()).toEqual([
      'mu@p[slopes]',
      'mu@q[slopes except x, age]',
      'mu@q[x]',
    ]);
  });

  test('dirichlet takes its concentrations one after the other', () => {
    const graph = graphOf(
      'mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }\nprob(k) ~ dirichlet(2, 3)',
    );
    expect(graph.priors[0]).toMatchObject({
      left: { ref: { kind: 'prob', class: null } },
      args: [{ name: 'concentration', value: { kind: 'list', items: [{ value: 2 }, { value: 3 }] } }],
    });
  });
});

test('fixes and penalties', () => {
  const graph = graphOf(
    'Reaction ~ x + (x | Subject)\nfix sigma^2 = 0.5\nfix cor(Subject) = 0\nfix sd(Subject)[x] = 1\npenalize 2 * (beta[x] - 1)^2',
  );
  expect(graph.fixes.map((f) => `${printExpression(f.left, graph)} = ${printExpression(f.value)}`)).toEqual([
    'sigma^2 = 0.5',
    'cor(Subject) = 0',
    'sd(Subject)[x] = 1',
  ]);
  expect(printExpression(graph.penalties[0]?.value ?? { kind: 'missing' }, graph)).toBe('2 * (mu[x] - 1)^2');
});

test('data statements', () => {
  const graph = graphOf(`data "a.csv" { trt: factor("placebo", "drug", "drug+"), time: int }
where time > 1 and not (trt == "drug")
let late = if(time > 5, NA, time)
contrasts trt = treatment(ref = "drug")
Reaction ~ late + trt`);
  expect(graph.data.file).toBe('a.csv');
  expect(graph.data.columns).toMatchObject([
    { name: 'trt', type: 'factor', levels: ['placebo', 'drug', 'drug+'] },
    { name: 'time', type: 'int', levels: null },
  ]);
  expect(graph.data.where.map((w) => printExpression(w.condition))).toEqual(['time > 1 and not (trt == "drug")']);
  expect(graph.data.derived.map((d) => printExpression(d.value))).toEqual(['if(time > 5, NA, time)']);
  expect(graph.data.contrasts).toMatchObject([{ column: 'trt', coding: { kind: 'treatment', ref: 'drug' } }]);
});
