/**
 * The symmetric square root of a compound-symmetric correlation matrix is a I + b J / k with
 *   a = sqrt(1 - rho) = sqrt(k / (k - 1)) cos t,   a + b = sqrt(1 + (k - 1) rho) = sqrt(k) sin t          [LMM-3]
 * so that rho = (k sin^2 t - 1) / (k - 1) runs from its lower bound -1/(k-1) to 1 and back, smoothly, as t runs over the reals.
 */
export function rootCoefficients(t: number, k: number): { a: number; b: number; da: number; db: number } {
  if (k === 1) return { a: 1, b: 0, da: 0, db: 0 };
  const spread = Math.sqrt(k / (k - 1));
  const a = spread * Math.cos(t);
  const da = -spread * Math.sin(t);
  return { a, b: Math.sqrt(k) * Math.sin(t) - a, da, db: Math.sqrt(k) * Math.cos(t) - da };
}

export function angleToCorrelation(t: number, k: number): number {
  return (k * Math.sin(t) ** 2 - 1) / (k - 1);
}

/** The angle in [0, pi/2] of a correlation in [-1/(k-1), 1]. */
export function correlationToAngle(rho: number, k: number): number {
  return Math.asin(Math.sqrt(Math.min(1, Math.max(0, (1 + (k - 1) * rho) / k))));
}

/** Where the optimizer starts: positive correlation is what such data nearly always show. */
export const startCorrelation = 0.3;
