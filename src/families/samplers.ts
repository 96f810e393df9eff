import { normalQuantile } from '../kernels/special/normal.js';

/** Uniform on (0, 1), both ends excluded. */
export type Uniform = () => number;

export function normalSample(uniform: Uniform): number {
  return normalQuantile(uniform());
}

/** gamma(shape, rate 1); G. Marsaglia and W. W. Tsang (2000), ACM Trans. Math. Softw. 26. */
export function gammaSample(shape: number, uniform: Uniform): number {
  if (shape < 1) return gammaSample(shape + 1, uniform) * uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalSample(uniform);
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    if (Math.log(uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function betaSample(a: number, b: number, uniform: Uniform): number {
  const x = gammaSample(a, uniform);
  const y = gammaSample(b, uniform);
  return x / (x + y);
}

/** Above this the median is split off first, so that the time grows only with the logarithm of the size. */
const splitAbove = 30;

/** Poisson by inversion; J. H. Ahrens and U. Dieter (1974), Computing 12, for large means. */
export function poissonSample(mean: number, uniform: Uniform): number {
  let count = 0;
  let rest = mean;
  while (rest > splitAbove) {
    const m = Math.floor((7 * rest) / 8);
    const x = gammaSample(m, uniform);
    if (x > rest) return count + binomialSample(m - 1, rest / x, uniform);
    count += m;
    rest -= x;
  }
  let p = Math.exp(-rest);
  let u = uniform();
  let k = 0;
  while (u > p && p > 0) {
    u -= p;
    k++;
    p *= rest / k;
  }
  return count + k;
}

/** Binomial by inversion; order statistics of uniforms halve a large size first. */
export function binomialSample(size: number, p: number, uniform: Uniform): number {
  let count = 0;
  let n = size;
  let q = p;
  while (n > splitAbove) {
    const a = 1 + Math.floor(n / 2);
    const x = betaSample(a, n + 1 - a, uniform);
    if (x >= q) {
      n = a - 1;
      q /= x;
    } else {
      count += a;
      n -= a;
      q = (q - x) / (1 - x);
    }
  }
  for (let i = 0; i < n; i++) if (uniform() < q) count++;
  return count;
}
