/** Double-exponential quadrature on (0, Infinity): nodes x = exp(pi/2 sinh t) and their weights. */
export function halfLineNodes(count = 160, reach = 4.6): { readonly x: number; readonly weight: number }[] {
  const h = (2 * reach) / count;
  return Array.from({ length: count + 1 }, (_, k) => {
    const t = -reach + k * h;
    const x = Math.exp((Math.PI / 2) * Math.sinh(t));
    return { x, weight: h * x * (Math.PI / 2) * Math.cosh(t) };
  });
}

/** On (0, 1): x with weight, and 1 - x exactly. */
export function unitNodes(
  count = 120,
  reach = 3.4,
): { readonly x: number; readonly rest: number; readonly weight: number }[] {
  return halfLineNodes(count, reach).map(({ x, weight }) => ({
    x: x / (1 + x),
    rest: 1 / (1 + x),
    weight: weight / (1 + x) ** 2,
  }));
}

export function halfLineIntegral(f: (x: number) => number): number {
  let total = 0;
  for (const { x, weight } of halfLineNodes(400)) {
    const value = f(x);
    if (value !== 0) total += value * weight;
  }
  return total;
}

export function lineIntegral(f: (x: number) => number, centre: number, scale: number): number {
  return scale * halfLineIntegral((x) => f(centre + scale * x) + f(centre - scale * x));
}

/** Fourth-order central difference. */
export function slope(f: (x: number) => number, x: number, h: number): number {
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);
}
