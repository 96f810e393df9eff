import { InternalError } from '../diagnostics/internal-error.js';

export interface HermiteRule {
  readonly nodes: Float64Array; // k, ascending
  readonly weights: Float64Array; // k; far out they underflow, their logarithms do not
  readonly logWeights: Float64Array;
}

/**
 * Gauss-Hermite quadrature for the standard normal: sum of w_i f(z_i) is E f(Z), exact for polynomials of degree
 * 2k - 1 [OPT-6]. Nodes are the eigenvalues of the Jacobi matrix (Golub and Welsch 1969), isolated by Sturm counts and
 * finished by Newton steps; weights come from the orthonormal polynomials there, so that small ones keep their digits.
 */
export function gaussHermite(k: number): HermiteRule {
  if (!(Number.isInteger(k) && k > 0)) throw new InternalError('gaussHermite: k must be a positive integer', k);
  const nodes = new Float64Array(k);
  const bound = 2 * Math.sqrt(k); // beyond the largest root
  for (let i = 0; 2 * i < k - 1; i++) {
    const z = root(k, i, bound);
    nodes[i] = -z;
    nodes[k - 1 - i] = z;
  }
  // 1 / sum of squares of the polynomials below k, by Christoffel and Darboux: 1 / (k p_(k-1)^2)
  const logWeights = nodes.map((z) => -Math.log(k) - 2 * orthonormal(k, z).logPrevious);
  return { nodes, weights: logWeights.map(Math.exp), logWeights };
}

/** The i-th largest root (0-based) of the polynomial of degree k. */
function root(k: number, i: number, bound: number): number {
  let low = 0;
  let high = bound;
  // the number of sign changes counts the roots above z
  for (let pass = 0; pass < 60 && high - low > 1e-4 / Math.sqrt(k); pass++) {
    const middle = (low + high) / 2;
    if (orthonormal(k, middle).rootsAbove > i) low = middle;
    else high = middle;
  }
  let z = (low + high) / 2;
  for (let pass = 0; pass < 20; pass++) {
    const { ratio } = orthonormal(k, z);
    // p_k' = sqrt(k) p_(k-1)
    const step = ratio / Math.sqrt(k);
    const next = z - step;
    z = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(step) < 1e-15 * Math.max(z, 1)) break;
  }
  return z;
}

/** The orthonormal Hermite polynomials (probabilists') at z, rescaled as they grow. */
function orthonormal(k: number, z: number): { ratio: number; logPrevious: number; rootsAbove: number } {
  let before = 0;
  let at = 1;
  let logScale = 0;
  let signChanges = 0;
  let last = 1; // latest value that was not zero
  for (let n = 0; n < k; n++) {
    const next = (z * at - Math.sqrt(n) * before) / Math.sqrt(n + 1);
    before = at;
    at = next;
    if (next !== 0) {
      if (next > 0 !== last > 0) signChanges++;
      last = next;
    }
    if (Math.abs(at) > 1e150) {
      at *= 1e-150;
      before *= 1e-150;
      last *= 1e-150;
      logScale += 150 * Math.LN10;
    }
  }
  return { ratio: at / before, logPrevious: Math.log(Math.abs(before)) + logScale, rootsAbove: signChanges };
}

/** The rule for the weight exp(-x^2) of the physicists: sum of w_i f(x_i) is the integral of f exp(-x^2). */
export function physicistsRule(rule: HermiteRule): HermiteRule {
  const logRootPi = Math.log(Math.PI) / 2;
  return {
    nodes: rule.nodes.map((z) => z / Math.SQRT2),
    weights: rule.weights.map((w) => w * Math.sqrt(Math.PI)),
    logWeights: rule.logWeights.map((w) => w + logRootPi),
  };
}

export interface ProductRule {
  readonly count: number;
  readonly dimension: number;
  readonly nodes: Float64Array; // count x dimension, row-major
  readonly logWeights: Float64Array; // count
}

/** All k^dimension combinations of a rule's nodes, the last coordinate running fastest. */
export function productRule(rule: HermiteRule, dimension: number): ProductRule {
  const k = rule.nodes.length;
  const count = k ** dimension;
  if (!(count * Math.max(dimension, 1) <= 2 ** 30))
    throw new InternalError('productRule: too many nodes', { k, dimension });
  const nodes = new Float64Array(count * dimension);
  const logWeights = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let rest = c;
    for (let d = dimension - 1; d >= 0; d--) {
      const i = rest % k;
      rest = (rest - i) / k;
      nodes[c * dimension + d] = rule.nodes[i];
      logWeights[c] += rule.logWeights[i];
    }
  }
  return { count, dimension, nodes, logWeights };
}
