import type { SmoothProblem } from '../../src/optim/problem.js';

/** Counts the evaluations of a problem: the currency of every optimizer test. */
export function counted(problem: SmoothProblem): SmoothProblem & { readonly count: () => number } {
  let count = 0;
  return {
    ...problem,
    evaluate(x, gradient) {
      count++;
      return problem.evaluate(x, gradient);
    },
    count: () => count,
  };
}

/** Rosenbrock's valley in pairs of coordinates; minimum 0 at ones. */
export function rosenbrock(dimension: number): SmoothProblem {
  return {
    dimension,
    evaluate(x, gradient) {
      let value = 0;
      gradient?.fill(0);
      for (let i = 0; i + 1 < dimension; i += 2) {
        const a = 1 - x[i];
        const b = x[i + 1] - x[i] ** 2;
        value += a * a + 100 * b * b;
        if (gradient) {
          gradient[i] = -2 * a - 400 * x[i] * b;
          gradient[i + 1] = 200 * b;
        }
      }
      return value;
    },
  };
}

/** (x - centre)' A (x - centre) / 2 with A symmetric, column-major. */
export function quadratic(A: Float64Array, centre: Float64Array): SmoothProblem {
  const n = centre.length;
  return {
    dimension: n,
    evaluate(x, gradient) {
      let value = 0;
      for (let i = 0; i < n; i++) {
        let t = 0;
        for (let j = 0; j < n; j++) t += A[i + j * n] * (x[j] - centre[j]);
        value += ((x[i] - centre[i]) * t) / 2;
        if (gradient) gradient[i] = t;
      }
      return value;
    },
    hessian(_x, into) {
      into.set(A);
    },
  };
}

/** -log det of S plus traces, S = L L': a covariance of k columns fitted to its sample value, as a mixed model does. */
export function covarianceProblem(sample: Float64Array, k: number, groups: number): SmoothProblem {
  const entries: [number, number][] = [];
  for (let j = 0; j < k; j++) for (let i = j; i < k; i++) entries.push([i, j]);
  return {
    dimension: entries.length,
    evaluate(x, gradient) {
      // M = I + L L'; groups * (log det M + tr(M^-1 sample))
      const L = new Float64Array(k * k);
      entries.forEach(([i, j], t) => {
        L[i + j * k] = x[t];
      });
      const M = new Float64Array(k * k);
      for (let i = 0; i < k; i++)
        for (let j = 0; j < k; j++) {
          let t = i === j ? 1 : 0;
          for (let c = 0; c < k; c++) t += L[i + c * k] * L[j + c * k];
          M[i + j * k] = t;
        }
      const { inverse, logDet } = invert(M, k);
      const product = multiply(inverse, sample, k);
      let trace = 0;
      for (let i = 0; i < k; i++) trace += product[i + i * k];
      if (gradient) {
        const second = multiply(product, inverse, k);
        const outer = inverse.map((v, p) => v - second[p]);
        const dL = multiply(outer, L, k);
        entries.forEach(([i, j], t) => {
          gradient[t] = groups * 2 * dL[i + j * k];
        });
      }
      return groups * (logDet + trace);
    },
  };
}

function multiply(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const c = new Float64Array(k * k);
  for (let j = 0; j < k; j++)
    for (let l = 0; l < k; l++) for (let i = 0; i < k; i++) c[i + j * k] += a[i + l * k] * b[l + j * k];
  return c;
}

/** Gauss-Jordan of a positive definite matrix. */
export function invert(m: Float64Array, k: number): { inverse: Float64Array; logDet: number } {
  const a = Float64Array.from(m);
  const inverse = new Float64Array(k * k);
  for (let i = 0; i < k; i++) inverse[i + i * k] = 1;
  let logDet = 0;
  for (let p = 0; p < k; p++) {
    const pivot = a[p + p * k];
    logDet += Math.log(pivot);
    for (let j = 0; j < k; j++) {
      a[p + j * k] /= pivot;
      inverse[p + j * k] /= pivot;
    }
    for (let i = 0; i < k; i++) {
      if (i === p) continue;
      const f = a[i + p * k];
      for (let j = 0; j < k; j++) {
        a[i + j * k] -= f * a[p + j * k];
        inverse[i + j * k] -= f * inverse[p + j * k];
      }
    }
  }
  return { inverse, logDet };
}
