export interface Root {
  readonly x: number;
  readonly value: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/**
 * A root of f between two points where its signs differ, by Newton's method where f gives a slope and by bisection
 * where a step would leave the bracket or shrinks it too slowly [OPT-5].
 * @param f  value and slope; the slope may be NaN
 */
export function findRoot(
  f: (x: number) => readonly [value: number, slope: number],
  a: number,
  b: number,
  options: { readonly tolerance?: number; readonly maxEvaluations?: number } = {},
): Root {
  const tolerance = options.tolerance ?? 2 * Number.EPSILON;
  let [low, high] = a < b ? [a, b] : [b, a];
  let evaluations = 2;
  const [atLow] = f(low);
  const [atHigh] = f(high);
  if (atLow === 0) return { x: low, value: 0, evaluations, converged: true };
  if (atHigh === 0) return { x: high, value: 0, evaluations, converged: true };
  if (!(atLow * atHigh < 0)) return { x: Number.NaN, value: Number.NaN, evaluations, converged: false };
  const rising = atLow < 0;
  let x = low + (high - low) / 2;
  let value = Number.NaN;
  for (let previous = high - low; evaluations < (options.maxEvaluations ?? 200); ) {
    let slope: number;
    [value, slope] = f(x);
    evaluations++;
    if (value === 0) return { x, value, evaluations, converged: true };
    if (!(value < 0 || value > 0)) return { x, value, evaluations, converged: false };
    if (value < 0 === rising) low = x;
    else high = x;
    const width = high - low;
    const newton = x - value / slope;
    const inside = newton > low && newton < high;
    const next = inside && Math.abs(newton - x) < 0.5 * previous ? newton : low + width / 2;
    const moved = Math.abs(next - x);
    if (moved <= tolerance * Math.abs(next) || next === low || next === high)
      return { x: next, value, evaluations, converged: true };
    previous = moved;
    x = next;
  }
  return { x, value, evaluations, converged: false };
}
