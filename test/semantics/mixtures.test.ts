import { describe, expect, test } from 'vitest';
import { expectDiagnostics } from './expect-diagnostics.js';

const mixture = (classes: string, after = '') =>
  `mixture k per id { Reaction ~ normal(mu, sigma)\n${classes} }\norder k by intercept\n${after}`;

describe('mixtures', () => {
  test('a whole one', () => {
    expectDiagnostics(
      mixture(
        'class p { mu = x + v }\nclass q { mu = x + z + v; beta[z] ~ normal(0, 1) }',
        'v = (1 | id)\nprob(k) ~ dirichlet(2, 2)',
      ),
      [],
    );
  });

  test('places of statements', () => {
    expectDiagnostics('Reaction ~ x\n«class p { mu = x }»', ['MM310']);
    expectDiagnostics('Reaction ~ x\n«labels id»', ['MM310']);
    expectDiagnostics(mixture('«weights w»\nclass p { mu = x }'), ['MM310']);
    expectDiagnostics(mixture('class p { mu = x; «order k by intercept» }'), ['MM310']);
    expectDiagnostics(mixture('class p { mu = x }', 'mixture «l» { class r { } }'), ['MM311']);
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmixture «k» per id { }', ['MM349']);
  });

  test('names', () => {
    expectDiagnostics(mixture('class p { mu = x }\nclass «p» { mu = z }'), ['MM203']);
    expectDiagnostics('mixture k per «idd» { Reaction ~ normal(mu, sigma); class p { mu = x } }', ['MM231']);
    expectDiagnostics(`${mixture('class p { mu = x }\nclass q { mu = z }')}order «kk» by intercept`, ['MM214']);
    expectDiagnostics(mixture('labels «knwn»\nclass p { mu = x }\nclass q { mu = z }'), ['MM231']);
  });

  test('classes that nothing tells apart', () => {
    const same = 'mixture k per id { Reaction ~ normal(mu, sigma); class p, q { mu = x } }';
    expectDiagnostics(`«mixture k per id» { Reaction ~ normal(mu, sigma); class p, q { mu = x } }`, ['MM379']);
    expectDiagnostics(`${same}\norder k by intercept`, []);
    expectDiagnostics('mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = z } }', []);
  });

  test('a sigma for each class of rows', () => {
    const perRow = (own: string, shared = '') =>
      `${shared}mixture k { Reaction ~ normal(mu, sigma)\nclass p, q { mu = x${own} } }\norder k by intercept`;
    const [found] = expectDiagnostics(perRow('; «log(sigma) = 1»'), ['MM380']);
    expect(found?.hint).toContain('inverse_gamma');
    expectDiagnostics(perRow('; log(sigma) = 1; sigma^2 ~ inverse_gamma(2, 1)'), []);
    expectDiagnostics(perRow('', 'log(sigma) = 1\n'), []);
    expectDiagnostics(perRow(''), []);
  });

  test('probabilities of classes', () => {
    const two = mixture('class p { mu = x }\nclass q { mu = z }');
    expectDiagnostics(`${two}prob(k) = softmax(1 + x, baseline = q)`, []);
    expectDiagnostics(`${two}logit(prob(q)) = 1 + x`, []);
    expectDiagnostics(`${two}prob(k) = softmax(1 + x, baseline = «r»)`, ['MM214']);
    expectDiagnostics(`${two}prob(k) = softmax(1 + x, «base = p»)`, ['MM226']);
    const [found] = expectDiagnostics(`${two}prob(k) = «1 + x»`, ['MM351']);
    expect(found?.hint).toBe('write prob(k) = softmax(1 + x)');
    expectDiagnostics(`${two}«prob(q) = 1 + x»`, ['MM350']);
    expectDiagnostics(`${two}«probit»(prob(q)) = 1 + x`, ['MM229']);
    expectDiagnostics(`${two}prob(k) = softmax(1 + «(1 | herd)»)`, ['MM304']);
    const three = mixture('class p, q, r { mu = x }');
    expectDiagnostics(`${three}«logit(prob(q)) = 1 + x»`, ['MM352']);
    expectDiagnostics('Reaction ~ x\nprob(«k») = softmax(1)', ['MM214']);
    expectDiagnostics(mixture('class p { mu = x; «prob(k) = softmax(x)» }\nclass q { mu = z }'), ['MM310']);
  });

  test('priors of class probabilities', () => {
    const two = mixture('class p { mu = x }\nclass q { mu = z }');
    expectDiagnostics(`${two}prob(k) ~ dirichlet(3, 3)`, []);
    expectDiagnostics(`${two}prob(k) ~ «dirichlet(3, 3, 3)»`, ['MM362']);
    expectDiagnostics(`${two}prob(q) ~ beta(2, 2)`, []);
    expectDiagnostics(`${two}prob(k) = softmax(x)\n«prob(k)» ~ dirichlet(2, 2)`, ['MM353']);
    expectDiagnostics(`${two}prob(k) ~ dirichlet(2, «0»)`, ['MM359']);
  });

  test('what classes are ordered by', () => {
    const two = (by: string) =>
      `mixture k per id { Reaction ~ normal(mu, sigma); class p { mu = x }; class q { mu = x + z } }\norder k by ${by}`;
    expectDiagnostics(two('intercept'), []);
    expectDiagnostics(two('beta[x] descending'), []);
    expectDiagnostics(two('«sigma»'), ['MM375']);
    expectDiagnostics(two('«beta»'), ['MM375']);
    expectDiagnostics(two('«beta[z]»'), ['MM376']);
  });

  test('a prior outside the classes is about the random effect of each', () => {
    expectDiagnostics(mixture('class p, q { mu = x + (1 | id) }', 'sd(id) ~ gamma(2, 1)'), []);
    expectDiagnostics(mixture('class p, q { mu = x + (1 | id) }', 'sd(«idd») ~ gamma(2, 1)'), ['MM212']);
  });

  test('inside a class only its own parameters can be spoken of', () => {
    const shared = 'v = (1 | id)\ncommon = 0 + age';
    const inside = (statement: string) =>
      mixture(`class p { mu = x + common + v; ${statement} }\nclass q { mu = z + common + v }`, shared);
    expectDiagnostics(inside('«sd(v)» ~ gamma(2, 1)'), ['MM387']);
    expectDiagnostics(inside('«beta[age]» ~ normal(0, 1)'), ['MM387']);
    expectDiagnostics(inside('«sigma» ~ exponential(1)'), ['MM387']);
    expectDiagnostics(inside('fix «sigma» = 2'), ['MM387']);
    expectDiagnostics(inside('beta[x] ~ normal(0, 1)'), []);
    expectDiagnostics(inside('beta ~ normal(0, 1)'), []);
  });
});
