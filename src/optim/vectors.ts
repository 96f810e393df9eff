export function norm(v: Float64Array): number {
  let t = 0;
  for (let i = 0; i < v.length; i++) t += v[i] * v[i];
  return Math.sqrt(t);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let t = 0;
  for (let i = 0; i < a.length; i++) t += a[i] * b[i];
  return t;
}

/** NaN where a component is. */
export function largestAbsolute(v: Float64Array): number {
  let most = 0;
  for (let i = 0; i < v.length; i++) most = Math.max(most, Math.abs(v[i]));
  return most;
}
