import { describe, expect, test } from 'vitest';
import { expectDiagnostics } from './expect-diagnostics.js';

describe('arguments of a family', () => {
  test('only its own argument names exist', () => {
    const [gamma] = expectDiagnostics('Reaction ~ gamma(«shape», rate)\nlog(mu) = Days', ['MM209']);
    expect(gamma?.hint).toBe('gamma is by its mean and shape here (mean = shape / rate): write gamma(mu, shape)');
    expectDiagnostics('Reaction ~ gamma(«alpha», beta)\nlog(mu) = Days', ['MM209']);
    expectDiagnostics('Reaction ~ normal(mu, «sd»)\nmu = Days', ['MM209']);
    expectDiagnostics('Reaction ~ normal(«sigma», mu)', ['MM209']);
    expectDiagnostics('Reaction ~ normal(mu, sigma, «link» = log)', ['MM209']);
  });

  test('their number', () => {
    expectDiagnostics('incidence ~ binomial(«p»)\nlogit(p) = x', ['MM320']);
    expectDiagnostics('Reaction ~ «normal(mu)»', ['MM320']);
    expectDiagnostics('Reaction ~ «poisson»', ['MM320']);
    expectDiagnostics('Reaction ~ «normal(mu, sigma, x)»', ['MM208']);
  });

  test('families', () => {
    const [found] = expectDiagnostics('Reaction ~ «gaussian»(mu, sigma)', ['MM205']);
    expect(found?.hint).toBe("did you mean 'normal'?");
    expectDiagnostics('Reaction ~ «cauchy»(0, 1)', ['MM205']);
  });

  test('a column in the place of a parameter is data', () => {
    expectDiagnostics('Reaction ~ normal(mu, se)\nmu = x + (1 | id)', []);
    expectDiagnostics('Reaction ~ normal(mu, se)\nmu = x\nlog(«sigma») = x', ['MM210']);
    expectDiagnostics('Reaction ~ normal(«x», sigma)', ['MM209']);
    const p = {
      columns: new Map([
        ['p', { type: 'real' as const, levels: null, distinct: null }],
        ['y', { type: 'int' as const, levels: null, distinct: null }],
      ]),
    };
    expectDiagnostics('y ~ bernoulli(«p»)\nlogit(p) = 1', ['MM210'], p);
  });

  test('a column that has the name of a parameter is data, and that is said', () => {
    const column = { type: 'real' as const, levels: null, distinct: null };
    const known = { columns: new Map(['y', 'x', 'sigma'].map((name) => [name, column])) };
    expectDiagnostics('y ~ normal(mu, «sigma»)\nmu = x', ['MM233'], known);
    expectDiagnostics('y ~ normal(mu, «sigma»)\nmu = x\nlog(«sigma») = 1', ['MM233', 'MM210'], known);
  });

  test('a formula names no parameter, so that columns of such names are only columns', () => {
    const column = { type: 'real' as const, levels: null, distinct: null };
    const known = { columns: new Map(['y', 'mu', 'sigma', 'beta'].map((name) => [name, column])) };
    expectDiagnostics('y ~ mu + sigma * beta', [], known);
    expectDiagnostics('mu ~ sigma', [], known);
    expectDiagnostics('y ~ mu\nlog(sigma) = 1 + beta', [], known);
  });

  test('a number in the place of a parameter holds it', () => {
    expectDiagnostics('Reaction ~ student_t(4, mu, sigma)\nmu = x', []);
    expectDiagnostics('Reaction ~ normal(mu, «-1»)\nmu = x', ['MM324']);
    expectDiagnostics('Reaction ~ student_t(4, mu, sigma)\nmu = x\nlog(«df») = 1', ['MM343']);
    expectDiagnostics('Reaction ~ normal(«2 * mu», sigma)', ['MM325']);
  });

  test('families inside families', () => {
    expectDiagnostics('incidence ~ zero_inflated(poisson(lambda), zi)\nlog(lambda) = x\nlogit(zi) = z', []);
    expectDiagnostics('incidence ~ zero_inflated(«lambda», zi)', ['MM321']);
    expectDiagnostics('incidence ~ zero_inflated(«normal(mu, sigma)», zi)', ['MM322']);
    expectDiagnostics('incidence ~ hurdle(«hurdle(poisson(lambda), hu)», hu)', ['MM322']);
    expectDiagnostics('incidence ~ truncated(poisson(lambda), lower = 0)\nlog(lambda) = x', []);
  });

  test('correlated errors', () => {
    expectDiagnostics('Reaction ~ normal(mu, sigma, cor = ar1(time | Subject))\nmu = x', []);
    expectDiagnostics('Reaction ~ poisson(lambda, «cor = ar1(time | Subject)»)', ['MM319']);
    expectDiagnostics('Reaction ~ normal(mu, sigma, cor = «diag(time | Subject)»)', ['MM326']);
  });

  test('cbind, and a family beside a formula', () => {
    const [found] = expectDiagnostics('«cbind(incidence, size - incidence)» ~ x + (1 | herd)', ['MM342']);
    expect(found?.hint).toBe('write  incidence ~ binomial(size, p)  and  logit(p) = x + (1 | herd)');
    expectDiagnostics('incidence ~ x + (1 | herd)\n«family = mystery»', ['MM335']);
    expectDiagnostics('incidence ~ x + (1 | herd)\n«link = log»', ['MM335']);
  });

  test('a plain formula on counts shows the lines to write', () => {
    const [count] = expectDiagnostics('«incidence ~ x + (1 | herd)»', ['MM377']);
    expect(count?.severity).toBe('note');
    expect(count?.hint).toBe('write  incidence ~ poisson(lambda)  and  log(lambda) = x + (1 | herd)');
    const [binary] = expectDiagnostics('«case ~ x + (1 | herd)»', ['MM377']);
    expect(binary?.hint).toBe('write  case ~ bernoulli(p)  and  logit(p) = x + (1 | herd)');
    expectDiagnostics('Reaction ~ x + (1 | herd)', []);
    expectDiagnostics('incidence ~ normal(mu, sigma)\nmu = x', []);
  });

  test('weights', () => {
    expectDiagnostics('Reaction ~ poisson(lambda)\nlog(lambda) = x\n«weights w»', ['MM345']);
    expectDiagnostics('Reaction ~ normal(mu, sigma / sqrt(w))\nmu = x\n«weights w»', ['MM203']);
    expectDiagnostics('incidence ~ binomial(size, p)\nlogit(p) = x\n«weights w»', ['MM345']);
  });

  test('likelihoods', () => {
    expectDiagnostics('«mu = x + (1 | id)»', ['MM334']);
    const [equals] = expectDiagnostics('«Reaction = x + (1 | id)»', ['MM334']);
    expect(equals?.hint).toBe("'Reaction' is a column: write Reaction ~ ..., not =");
    expectDiagnostics('Reaction ~ x\n«incidence» ~ poisson(lambda)', ['MM333']);
    expectDiagnostics('mixture k { class p { Reaction ~ normal(mu, sigma) }; class «q» { } }', ['MM334']);
  });
});

describe('links', () => {
  test('names, and what fits a parameter', () => {
    const [found] = expectDiagnostics('incidence ~ binomial(size, p)\n«logitt»(p) = x', ['MM206']);
    expect(found?.hint).toBe("did you mean 'logit'?");
    expectDiagnostics('dose ~ cumulative(eta, «logist»)\neta = x', ['MM206']);
    expectDiagnostics('incidence ~ binomial(size, p)\n«inverse»(p) = x', ['MM229']);
    expectDiagnostics('incidence ~ poisson(lambda)\nlog(«mu») = x', ['MM211']);
  });

  test('a predictor without a link may leave the range', () => {
    const [found] = expectDiagnostics('incidence ~ poisson(lambda)\n«lambda» = x', ['MM344']);
    expect(found?.hint).toBe('write log(lambda) = ...');
    expectDiagnostics('Reaction ~ normal(mu, sigma)\nmu = x\nsigma = 1', []);
  });
});
