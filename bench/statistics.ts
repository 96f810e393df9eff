/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Of the least squares line; NaN of fewer than two points. */
export function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const over = x.reduce((sum, v, i) => sum + (v - mx) * (y[i] - my), 0);
  return over / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
