import { describe, expect, test } from 'vitest';
import { addLogDeterminant, residualColumns } from '../../../src/engines/lmm/deviance-gradient.js';
import { invertLambda } from '../../../src/engines/lmm/inverse-lambda.js';
import { createWork, type LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { startTheta } from '../../../src/engines/lmm/start-theta.js';
import { multiplySymmetric, solve } from '../../../src/kernels/block-cholesky.js';
import { shapes } from './shapes.js';

/** Relative to the largest number: what divisions by a small Lambda may lose. */
const tolerance = 1e-10;

/** Lambda M, q x columns, row-major. */
function timesLambda({ layout, lambda, q }: LmmWork, M: Float64Array, columns: number): Float64Array {
  const { nodes, size, rowStart } = layout.pattern;
  const result = new Float64Array(q * columns);
  for (let i = 0; i < nodes; i++)
    for (let r = 0; r < size[i]; r++)
      for (let k = 0; k < size[i]; k++)
        for (let x = 0; x < columns; x++)
          result[(rowStart[i] + r) * columns + x] +=
            lambda[layout.nodeLambda[i] + r + k * size[i]] * M[(rowStart[i] + k) * columns + x];
  return result;
}

/** Z'Z M. */
function timesProducts({ layout, products, q }: LmmWork, M: Float64Array, columns: number): Float64Array {
  const result = new Float64Array(q * columns);
  multiplySymmetric(layout.pattern, products.A, M, result, columns);
  return result;
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const scale = Math.max(...Array.from(b, Math.abs), Number.MIN_VALUE);
  return Math.max(0, ...Array.from(a, (v, k) => Math.abs(v - b[k]))) / scale;
}

describe.each([0.02, 0.3, 1, 40])("products with Z'Z are divisions by Lambda, %s times the start", (scale) => {
  test.each(shapes().filter(({ name }) => !name.includes('sum')))('$name', ({ model }) => {
    const work = createWork(model, { reml: true, fixedSigma: null });
    profiledDeviance(
      work,
      startTheta(work).map((v) => v * scale),
    );
    const { q, P, beta, u, chol, products, layout } = work;
    const { size, rowStart } = layout.pattern;
    // 2 [A Lambda Omega^-1]_ii, summed over the levels of a template
    const G = new Float64Array(work.lambda.length);
    addLogDeterminant(work, G);
    const identity = new Float64Array(q * q);
    for (let i = 0; i < q; i++) identity[i * (q + 1)] = 1;
    solve(chol, identity, q);
    const whole = timesProducts(work, timesLambda(work, identity, q), q);
    const expected = new Float64Array(G.length);
    for (let i = 0; i < layout.pattern.nodes; i++)
      for (let c = 0; c < size[i]; c++)
        for (let r = 0; r < size[i]; r++)
          expected[layout.nodeLambda[i] + r + c * size[i]] += 2 * whole[(rowStart[i] + r) * q + rowStart[i] + c];
    expect(worst(G, expected)).toBeLessThan(tolerance);
    // Z'y - Z'X beta - A Lambda u
    const { columns } = residualColumns(work, true);
    const through = timesProducts(work, timesLambda(work, u, 1), 1);
    const left = through.map((t, i) => {
      let e = products.response.Zy[i] - t;
      for (let c = 0; c < P; c++) e -= products.ZX[i * P + c] * beta[c];
      return e;
    });
    const found = left.map((_, i) => work.scratch.product[i * columns]);
    expect(worst(found, left)).toBeLessThan(tolerance * Math.max(1, worst(products.response.Zy, left)));
  });
});

test('singular, nearly singular and very small factors are not divided by', () => {
  for (const { model } of shapes()) {
    const work = createWork(model, { reml: true, fixedSigma: null });
    const start = startTheta(work);
    profiledDeviance(work, start);
    expect(invertLambda(work)).toBe(true);
    profiledDeviance(
      work,
      start.map(() => 0),
    );
    expect(invertLambda(work)).toBe(work.q === 0);
    profiledDeviance(
      work,
      start.map((v) => v / 1000),
    );
    expect(invertLambda(work)).toBe(work.q === 0);
  }
});
