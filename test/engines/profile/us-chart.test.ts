import fc from 'fast-check';
import { expect, test } from 'vitest';
import { usChart } from '../../../src/engines/profile/us-chart.js';

/** R upper triangular, as the engines' change of columns is. */
const R: Readonly<Record<number, number[]>> = { 1: [2], 2: [1, 0, 0.7, 3], 3: [1, 0, 0, 0.7, 2, 0, -0.4, 0.3, 1.5] };
const inverse: Readonly<Record<number, number[]>> = {
  1: [0.5],
  2: [1, 0, -0.7 / 3, 1 / 3],
  3: [1, 0, 0, -0.35, 0.5, 0, (0.4 + 0.35 * 0.3) / 1.5, -0.15 / 1.5, 1 / 1.5],
};
const orders: Readonly<Record<number, number[][]>> = {
  1: [[0]],
  2: [
    [0, 1],
    [1, 0],
  ],
  3: [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ],
};

function charts(size: number) {
  const units = { R: Float64Array.from(R[size]), inverse: Float64Array.from(inverse[size]) };
  return ([1, 2] as const).flatMap((power) =>
    orders[size].map((order) => ({ order, units, power, chart: usChart(order, units, power) })),
  );
}

function near(found: Float64Array, wanted: Float64Array): void {
  for (const [k, v] of found.entries()) expect(v).toBeCloseTo(wanted[k], 9);
}

const vector = (size: number) =>
  fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), {
    minLength: (size * (size + 1)) / 2,
    maxLength: (size * (size + 1)) / 2,
  });

function times(A: Float64Array, B: Float64Array, n: number): Float64Array {
  const C = new Float64Array(n * n);
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) for (let k = 0; k < n; k++) C[r + c * n] += A[r + k * n] * B[k + c * n];
  return C;
}

/** F F' in the columns' own units. */
function covariance(lambda: Float64Array, units: { inverse: Float64Array }, n: number): Float64Array {
  const F = times(units.inverse, lambda, n);
  const transposed = Float64Array.from(F, (_, k) => F[Math.floor(k / n) + (k % n) * n]);
  return times(F, transposed, n);
}

test.each([1, 2, 3])(
  'parameters are standard deviations and the angle of the first correlation, %i columns',
  (size) => {
    for (const { order, units, power, chart } of charts(size))
      fc.assert(
        fc.property(vector(size), (values) => {
          const parameters = Float64Array.from(values);
          const lambda = new Float64Array(size * size);
          chart.factorInto(lambda, 0, size, parameters, 0, null);
          const S = covariance(lambda, units, size);
          for (let j = 0; j < size; j++) expect(S[j * (size + 1)]).toBeCloseTo(parameters[j] ** (2 * power), 12);
          if (size === 1) return;
          const [j, i] = order;
          expect(S[j + i * size]).toBeCloseTo(
            (parameters[j] * parameters[i]) ** power * Math.sin(parameters[size]),
            12,
          );
        }),
        { numRuns: 100 },
      );
  },
);

test.each([1, 2, 3])('the derivative of the factor is that of differences, %i columns', (size) => {
  for (const { chart } of charts(size))
    fc.assert(
      fc.property(vector(size), fc.boolean(), (values, zero) => {
        const parameters = Float64Array.from(values, (v, i) => (zero && i === 0 ? 0 : v));
        const G = Float64Array.from({ length: size * size }, (_, k) => Math.cos(3 * k + 1));
        const gradient = new Float64Array(parameters.length);
        chart.gradientInto(gradient, 0, G, 0, size, parameters, null);
        parameters.forEach((v, p) => {
          const at = (h: number): number => {
            const moved = parameters.slice();
            moved[p] = v + h;
            const lambda = new Float64Array(size * size);
            chart.factorInto(lambda, 0, size, moved, 0, null);
            return lambda.reduce((sum, l, k) => sum + l * G[k], 0);
          };
          const h = 1e-5;
          expect(gradient[p]).toBeCloseTo((at(h) - at(-h)) / (2 * h), 7);
        });
      }),
      { numRuns: 50 },
    );
});

test.each([1, 2, 3])(
  'every covariance, singular ones included, is entered and reported as it is, %i columns',
  (size) => {
    for (const { units, chart } of charts(size))
      fc.assert(
        fc.property(
          fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: size * size, maxLength: size * size }),
          fc.boolean(),
          (values, singular) => {
            const lambda = Float64Array.from(values, (v, k) => (singular && k >= size ? 0 : v));
            const parameters = new Float64Array((size * (size + 1)) / 2);
            chart.enterInto(parameters, 0, size, lambda);
            const again = new Float64Array(size * size);
            chart.factorInto(again, 0, size, parameters, 0, null);
            const wanted = covariance(lambda, units, size);
            near(covariance(again, units, size), wanted);
            const reported = new Float64Array(parameters.length);
            chart.reportInto(reported, 0, size, parameters, { ...units, scale: new Float64Array(size), unit: 1 });
            const adopted = new Float64Array(parameters.length);
            chart.adoptInto(adopted, 0, size, reported, { ...units, scale: new Float64Array(size), unit: 1 });
            chart.factorInto(again, 0, size, adopted, 0, null);
            near(covariance(again, units, size), wanted);
          },
        ),
        { numRuns: 100 },
      );
  },
);
