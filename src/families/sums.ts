/** sum of exp(log f(k)) for k = 0 .. last. */
export function cumulate(last: number, logDensity: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k <= last; k++) sum += Math.exp(logDensity(k));
  return Math.min(sum, 1);
}
