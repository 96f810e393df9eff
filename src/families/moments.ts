/** Mean and variance of the finite values of an array after a transformation; variance positive even for constants. */
export function sampleMoments(
  y: Float64Array,
  of: (value: number, row: number) => number = (v) => v,
): { readonly mean: number; readonly variance: number } {
  let n = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    const v = of(y[i], i);
    if (!Number.isFinite(v)) continue;
    n++;
    const d = v - mean;
    mean += d / n;
    squares += d * (v - mean);
  }
  const variance = n > 1 ? squares / (n - 1) : 0;
  return { mean, variance: variance > 0 ? variance : 1e-4 * (mean * mean) || 1 };
}
