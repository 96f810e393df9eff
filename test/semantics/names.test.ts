import { describe, expect, test } from 'vitest';
import { expectDiagnostics } from './expect-diagnostics.js';

const hintOf = (marked: string, codes: readonly string[]) => expectDiagnostics(marked, codes).map((d) => d.hint);

describe('columns', () => {
  test('a misspelt column is shown with the nearest one', () => {
    expect(hintOf('Reaction ~ «Dayz» + (1 | «Subjct»)', ['MM231', 'MM231'])).toEqual([
      "did you mean 'Days'?",
      "did you mean 'Subject'?",
    ]);
  });

  test('a name that is nothing at all has no hint', () => {
    const [found] = expectDiagnostics('Reaction ~ «quantity» + (1 | Subject)', ['MM231']);
    expect(found?.hint).toBeUndefined();
  });

  test('a left side that is neither column nor parameter', () => {
    const [found] = expectDiagnostics('«Reactoin» ~ normal(mu, sigma)\nmu = Days + (1 | Subject)', ['MM201']);
    expect(found?.hint).toBe("did you mean 'Reaction'?");
    expect(found?.replacement).toBe('Reaction');
  });

  test('a left side without any name', () => {
    expectDiagnostics('«3» ~ normal(mu, sigma)\nReaction ~ Days', ['MM317']);
  });

  test('what an R user writes for all columns and for truth', () => {
    expect(hintOf('Reaction ~ «.»', ['MM231'])).toEqual(["there is no '.' for all columns: name them"]);
    expect(hintOf('Reaction ~ poly(x, 2, raw = «TRUE»)', ['MM227'])).toEqual(['write true']);
  });

  test('a derived column uses those above it', () => {
    expectDiagnostics('let p = «q»\nlet q = x\nReaction ~ q', ['MM221']);
    expectDiagnostics('let p = 1 + «p»\nReaction ~ p', ['MM221']);
    expectDiagnostics('let p = «q»\nlet q = p\ny ~ q', ['MM221'], null);
    expectDiagnostics('let q = x\nlet p = q\nReaction ~ p', []);
  });

  test('new names cannot be those of columns', () => {
    expectDiagnostics('Reaction ~ Days + v\nv = (1 | herd)\n«x» = (1 | id)', ['MM202']);
    expectDiagnostics('let «x» = Days / 10\nReaction ~ x', ['MM202']);
    expectDiagnostics('mixture «x» per id { Reaction ~ normal(mu, sigma); class p { mu = Days } }', ['MM202']);
    expectDiagnostics('mixture k per id { Reaction ~ normal(mu, sigma); class «age» { mu = Days } }', ['MM202']);
  });

  test('a definition of two', () => {
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = Days\n«mu» = x', ['MM203']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = v\nv = (1 | id)\n«v» = (1 | herd)', ['MM203']);
    expectDiagnostics('Reaction ~ Days\n«mu» = x', ['MM203']);
    expectDiagnostics('let q = x\nlet «q» = z\nReaction ~ q', ['MM203']);
    expectDiagnostics('data { x: real, «x»: int }\nReaction ~ x', ['MM203']);
    expectDiagnostics('contrasts trt = sum\ncontrasts «trt» = helmert\nReaction ~ trt', ['MM203']);
  });

  test('a definition that nothing uses', () => {
    expectDiagnostics('Reaction ~ Days\n«common» = 0 + age', ['MM204']);
    expectDiagnostics('Reaction ~ Days\n«v» = (1 | Subject)', ['MM204']);
  });

  test('without data any name may be a column, but what it cannot be is said', () => {
    expectDiagnostics('anything ~ at.all + (1 | whatever)', [], null);
    expectDiagnostics('y ~ normal(mu, sigma)\nmu = x + «sigma»', ['MM221'], null);
    expectDiagnostics('y ~ gamma(«shape», rate)', ['MM209'], null);
  });

  test('columns of the data statement', () => {
    expectDiagnostics('data { trt: «factr» }\nReaction ~ trt', ['MM216']);
    expectDiagnostics('data { «foo»: real }\nReaction ~ x', ['MM231']);
    expectDiagnostics('data { trt: factor("a", «"a"») }\nReaction ~ trt', ['MM223']);
    expectDiagnostics('data { Days: «int»("a") }\nReaction ~ Days', ['MM224']);
    expectDiagnostics('data "a.csv"\ndata «"b.csv"»\nReaction ~ Days', ['MM312']);
  });

  test('contrasts', () => {
    expectDiagnostics('contrasts «age» = sum\nReaction ~ age', ['MM314']);
    expectDiagnostics('contrasts «trq» = sum\nReaction ~ trt', ['MM231']);
    expectDiagnostics('contrasts trt = «summ»\nReaction ~ trt', ['MM315']);
    expectDiagnostics('contrasts trt = treatment(ref = «"drgu"»)\nReaction ~ trt', ['MM217']);
    expectDiagnostics('contrasts trt = «treatment(base = "drug")»\nReaction ~ trt', ['MM316']);
    expectDiagnostics('contrasts trt = treatment(ref = "drug")\nReaction ~ trt', []);
  });
});

describe('types of columns', () => {
  test('arithmetic and functions need numbers', () => {
    expectDiagnostics('Reaction ~ log(«trt») + (1 | Subject)', ['MM215']);
    expectDiagnostics('let q = «name» + 1\nReaction ~ q', ['MM215']);
    expectDiagnostics('«trt» ~ normal(mu, sigma)\nmu = Days', ['MM219']);
    expectDiagnostics('let q = not «trt»\nReaction ~ q', ['MM215']);
    expectDiagnostics('Reaction ~ offset(«trt») + Days', ['MM215']);
    expectDiagnostics('Reaction ~ Days\nweights «trt»', ['MM215']);
    expectDiagnostics('incidence ~ binomial(«trt», p)', ['MM215']);
    expectDiagnostics('where «trt < "drug"»\nReaction ~ Days', ['MM215']);
  });

  test('comparisons', () => {
    expectDiagnostics('where trt == «"drgu"»\nReaction ~ Days', ['MM217']);
    expectDiagnostics('where «trt == 1»\nReaction ~ Days', ['MM218']);
    expectDiagnostics('where dose < "high" and Days > 1\nReaction ~ Days', []);
    expectDiagnostics('where «Days»\nReaction ~ Days', ['MM313']);
  });

  test('functions', () => {
    expect(hintOf('Reaction ~ «as.factor»(x) + «interaction»(x, z)', ['MM207', 'MM207'])).toEqual([
      'write factor(x), or declare the column: data { x: factor }',
      'write a:b',
    ]);
    expectDiagnostics('Reaction ~ x + «glmer»(z)', ['MM111']);
    const [found] = expectDiagnostics('Reaction ~ «lgo»(x)+ (1 | Subject)', ['MM207']);
    expect(found?.hint).toBe("did you mean 'log'?");
    expectDiagnostics('Reaction ~ «log(x, 2, 3)» + Days', ['MM208']);
    expectDiagnostics('Reaction ~ ns(x, «dff» = 3)', ['MM226']);
    expectDiagnostics('let q = «poly»(x, 2)\nReaction ~ q', ['MM225']);
    expectDiagnostics('Reaction ~ ns(x, df = «age»)', ['MM227']);
    expectDiagnostics('where «[1, 2]» == x\nReaction ~ x', ['MM227']);
  });

  test('responses', () => {
    expectDiagnostics('«trt» ~ bernoulli(p)', ['MM219']);
    expectDiagnostics('Sex ~ bernoulli(p)', []);
    expectDiagnostics('seen ~ bernoulli(p)', []);
    expectDiagnostics('«Reaction» ~ cumulative(eta, logit)\neta = x', ['MM219']);
    expectDiagnostics('dose ~ cumulative(eta, logit)\neta = x', []);
    expectDiagnostics('«dose» ~ poisson(lambda)', ['MM219']);
  });

  test('an integer column of few values that enters as a number', () => {
    const [found] = expectDiagnostics('Reaction ~ «period» + (1 | Subject)', ['MM222']);
    expect(found?.hint).toContain('period: factor');
    expectDiagnostics('data { period: int }\nReaction ~ period + (1 | Subject)', []);
    expectDiagnostics('Reaction ~ factor(period) + (1 | Subject)', []);
    expectDiagnostics('Reaction ~ Days + (1 | period)', []);
  });
});

describe('several mistakes', () => {
  test('five mistakes are five messages', () => {
    expectDiagnostics(
      `where trt == «"drgu"»
Reaction ~ normal(mu, sigma)
mu = «Dayz» + log(«trt») + (1 | «Subjct»)
«muu» = 1 + x + (1 | id)`,
      ['MM217', 'MM231', 'MM215', 'MM231', 'MM211'],
    );
  });

  test('what follows from a mistake is not said', () => {
    // The family is wrong, so nothing is said of the parameter it would have.
    expectDiagnostics('Reaction ~ poisson(«mu»)\nlog(mu) = Days', ['MM209']);
    expectDiagnostics('Reaction ~ «gausian»(mu, sigma)\nmu = Days\nlog(sigma) = 1\nsigma ~ exponential(1)', ['MM205']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = x + common\n«common = 0 + age + (1 | herd)»', ['MM386']);
  });

  test('statements before the first model are checked once', () => {
    expectDiagnostics('where trt == «"drgu"»\nmodel m1 { Reaction ~ Days }\nmodel m2 { Reaction ~ x }', ['MM217']);
  });
});
