/**
 * The residual standard deviation enters the objective only through
 *   h(sigma) = nu log sigma^2 + A / sigma^2 + B / sigma + C sigma^2 + D sigma                     [LMM-9]
 * whose coefficients the likelihood and every prior on the common scale add to.
 */
export interface SigmaTerms {
  nu: number;
  A: number;
  B: number;
  C: number;
  D: number;
}

export function sigmaObjective(terms: SigmaTerms, sigma: number): number {
  const { nu, A, B, C, D } = terms;
  const s2 = sigma * sigma;
  return nu * Math.log(s2) + A / s2 + B / sigma + C * s2 + D * sigma;
}

/**
 * The minimiser of h over sigma > 0. With A, B, C, D >= 0, h is convex in log sigma, so Newton's method there, kept inside a
 * bracket, finds it; A alone has sigma^2 = A / nu.
 * @returns NaN where h has no minimum at a positive sigma (it then falls for ever towards zero or infinity)
 */
export function profileSigma(terms: SigmaTerms): number {
  const { nu, A, B, C, D } = terms;
  if (!(A >= 0 && B >= 0 && C >= 0 && D >= 0)) return Number.NaN;
  if (B === 0 && C === 0 && D === 0) return nu > 0 && A > 0 ? Math.sqrt(A / nu) : Number.NaN;
  const rises = (nu > 0 && A + B > 0) || (A + B > 0 && C + D > 0) || (nu < 0 && C + D > 0);
  if (!rises) return Number.NaN;
  // dh / dx at sigma = e^x, and its derivative; every term but the first is monotone of one sign
  const slope = (x: number): number =>
    2 * nu - 2 * A * Math.exp(-2 * x) - B * Math.exp(-x) + 2 * C * Math.exp(2 * x) + D * Math.exp(x);
  const bend = (x: number): number =>
    4 * A * Math.exp(-2 * x) + B * Math.exp(-x) + 4 * C * Math.exp(2 * x) + D * Math.exp(x);
  let x = startOf(terms);
  let low = x;
  let high = x;
  for (let step = 1; slope(low) > 0; step *= 2) low -= step;
  for (let step = 1; slope(high) < 0; step *= 2) high += step;
  for (let pass = 0; pass < 200; pass++) {
    const g = slope(x);
    if (g < 0) low = x;
    else high = x;
    const newton = x - g / bend(x);
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    if (!(Math.abs(next - x) > 1e-16 * Math.max(1, Math.abs(x)))) return Math.exp(next);
    x = next;
  }
  return Math.exp(x);
}

function startOf({ nu, A, B, C, D }: SigmaTerms): number {
  if (A > 0 && nu > 0) return Math.log(A / nu) / 2;
  if (C > 0 && nu < 0) return Math.log(-nu / C) / 2;
  if (A > 0 && C > 0) return Math.log(A / C) / 4;
  return Math.log((B + A + 1e-300) / (C + D + Math.abs(nu) + 1e-300)) / 2;
}
