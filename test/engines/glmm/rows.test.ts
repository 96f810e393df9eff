import seedrandom from 'seedrandom';
import { describe, expect, test } from 'vitest';
import { fitGlmm } from '../../../src/engines/glmm/fit-glmm.js';
import { familyResiduals } from '../../../src/results/quantile-residuals.js';
import { bindFile, bindProgram } from './bind.js';
import { simulatedColumns } from './simulated-models.js';

const fitOf = (program: string) => {
  const { graph, design } = bindProgram(program, simulatedColumns());
  return fitGlmm(graph, design, {});
};

describe('what a fit says of its rows', () => {
  test('poisson: Pearson and deviance residuals written out', () => {
    const fit = fitOf('count ~ poisson(lambda); log(lambda) = x + (1 | g)');
    const y = simulatedColumns().count;
    const pearson = familyResiduals(fit, 'pearson', Math.random) ?? new Float64Array();
    const deviance = familyResiduals(fit, 'deviance', Math.random) ?? new Float64Array();
    y.forEach((v, i) => {
      const mu = Math.exp(fit.linear[i] ?? Number.NaN);
      expect(fit.fitted[i]).toBeCloseTo(mu, 10);
      expect(pearson[i]).toBeCloseTo((v - mu) / Math.sqrt(mu), 10);
      const unit = 2 * ((v > 0 ? v * Math.log(v / mu) : 0) - (v - mu));
      expect(deviance[i]).toBeCloseTo(Math.sign(v - mu) * Math.sqrt(unit), 8);
    });
    const over = pearson.reduce((t, r) => t + r * r, 0) / (y.length - fit.parameters);
    expect(fit.overdispersion).toBeCloseTo(over, 10);
  });

  test('normal: quantile residuals are the standardised ones', () => {
    const fit = fitOf('real ~ normal(mu, sigma); mu = x + (1 | g); fit laplace');
    const quantile = familyResiduals(fit, 'quantile', Math.random) ?? new Float64Array();
    fit.residuals.forEach((r, i) => {
      expect(quantile[i]).toBeCloseTo(r / (fit.sigma ?? 1), 6);
    });
  });

  test.each([
    'binary ~ bernoulli(p); logit(p) = x + (1 | g)',
    'inflated ~ zero_inflated(poisson(lambda), zi); log(lambda) = x + (1 | g)',
    'inflated ~ hurdle(negative_binomial(mu, shape), hu); log(mu) = x + (1 | g)',
    'positive ~ gamma(mu, shape); log(mu) = x + (1 | g)',
    'data { grade: ordered("low", "mid", "high", "top") }; grade ~ cumulative(eta); eta = x + (1 | g)',
  ])('quantile residuals look standard normal: %s', (program) => {
    const fit = fitOf(program);
    const quantile = familyResiduals(fit, 'quantile', seedrandom('quantile')) ?? new Float64Array();
    const n = quantile.length;
    const mean = quantile.reduce((t, v) => t + v, 0) / n;
    const variance = quantile.reduce((t, v) => t + (v - mean) ** 2, 0) / (n - 1);
    // 96 rows, some of whose spread the random effects have taken
    expect(Math.abs(mean)).toBeLessThan(0.35);
    expect(variance).toBeGreaterThan(0.4);
    expect(variance).toBeLessThan(1.6);
  });

  test('posterior classes of a mixture per row', () => {
    const { graph, design } = bindFile('zip-x');
    const fit = fitGlmm(graph, design, {});
    const y = design.likelihoods[0]?.y ?? new Float64Array();
    expect(fit.mixture?.classes).toEqual(['structural', 'sampling']);
    fit.mixture?.posterior.probabilities.forEach((p, i) => {
      expect((p[0] ?? 0) + (p[1] ?? 0)).toBeCloseTo(1, 12);
      if (y[i] > 0) expect(p[0]).toBe(0);
      else expect(p[0]).toBeGreaterThan(0);
    });
    expect(fit.mixture?.weights.reduce((t, w) => t + w, 0)).toBeCloseTo(1, 12);
  });
});
