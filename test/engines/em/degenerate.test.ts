import { describe, expect, test } from 'vitest';
import { fitEm } from '../../../src/engines/em/fit-em.js';
import { createRng } from '../../../src/kernels/rng.js';
import type { Fit } from '../../../src/results/fit.js';
import { bindProgram } from '../glmm/bind.js';

/** Two classes of groups; the rows of one group are all the same, so that a class of its own would have no spread. */
function withFlatGroup(): Record<string, number[]> {
  const rng = createRng('flat');
  const columns: Record<string, number[]> = { id: [], y: [] };
  for (let g = 0; g < 40; g++)
    for (let j = 0; j < 4; j++) {
      columns.id.push(g);
      columns.y.push(g === 0 ? 1.25 : (g % 2) * 3 + 0.5 * rng.normal());
    }
  return columns;
}

function em(classes: string, sigma = 'log(sigma) = 1', after = '', starts = 6): Fit {
  const { graph, design } = bindProgram(
    `mixture z per id {
       y ~ normal(mu, sigma)
       class ${classes} { mu = 1; ${sigma} }
     }
     order z by intercept
     ${after}
     fit em(starts = ${starts})`,
    withFlatGroup(),
  );
  return fitEm(graph, design, {});
}

const codes = (fit: Fit) => fit.warnings.map((w) => w.code);

describe('a class whose sigma goes to zero', () => {
  test('is left out where other starts end well', () => {
    for (const classes of ['low, flat, high', 'a, b, c, d']) {
      const fit = em(classes, undefined, undefined, 10);
      expect(fit.converged).toBe(true);
      expect(codes(fit)).toContain('MM564');
      expect(fit.mixture?.starts?.refused).toBeGreaterThan(0);
      expect(fit.logLik).toBeGreaterThan(em('low, high').logLik - 1e-6);
    }
  });

  test('is no solution where every start ends there, and the result says which class, once', () => {
    const columns = withFlatGroup();
    const { graph, design } = bindProgram(
      `mixture z per id {
         y ~ normal(mu, sigma)
         class flat, rest { mu = 1; log(sigma) = 1 }
         labels known
       }
       fit em`,
      { ...columns, known: columns.id.map((g) => (g === 0 ? 'flat' : 'rest')) },
    );
    const fit = fitEm(graph, design, {});
    expect(fit.converged).toBe(false);
    expect(codes(fit)).toEqual(['MM563']);
    expect(fit.warnings[0].message).toMatch(/flat.*sigma/);
    expect(fit.mixture?.starts).toEqual({ tried: 10, refused: 10 });
  });

  test('is kept from it by a prior, and by one sigma for all classes', () => {
    for (const cured of [
      em('low, flat, high', 'log(sigma) = 1', 'sigma[intercept] ~ normal(0, 1)'),
      em('low, flat, high', ''),
    ]) {
      expect(cured.converged).toBe(true);
      expect(codes(cured)).not.toContain('MM563');
      expect(cured.mixture?.starts?.refused).toBe(0);
    }
  });

  test('does not come up where there is no class to spare', () => {
    const two = em('low, high');
    expect(two.converged).toBe(true);
    expect(two.mixture?.starts?.refused).toBe(0);
    expect(two.mixture?.weights.every((w) => Math.abs(w - 0.5) < 0.05)).toBe(true);
  });
});
