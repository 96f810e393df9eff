import { symmetricEigen } from '../../kernels/symmetric-eigen.js';
import { blockCovariance, type CovarianceState, typicalSizes } from './block-covariance.js';
import type { BlockLayout } from './layout.js';
import { publicTheta } from './public-theta.js';

/**
 * A block is singular where some combination of its effects has a standard deviation below `singularBelow` sigma, its columns
 * being of typical size one (lme4's default, 1e-4, is on the same scale), or that much less than the largest of them.
 */
const singularBelow = 1e-4;
const relativelyBelow = 1e-5;
/** A correlation this close to its bound is at it. */
const boundary = 1e-6;

/** In words what makes a block's covariance singular at the optimum; null where nothing does. */
export function describeSingular(work: CovarianceState, block: BlockLayout): string | null {
  if (block.block.positions !== null) return describeSerial(work, block);
  const k = block.size;
  const start = block.templates[0].start;
  const S = new Float64Array(k * k);
  for (let c = 0; c < k; c++)
    for (let r = 0; r < k; r++)
      for (let m = 0; m < k; m++) S[r + c * k] += work.lambda[start + r + m * k] * work.lambda[start + c + m * k];
  const { values, vectors } = symmetricEigen(S, k);
  const sizes = values.map((v) => Math.sqrt(Math.max(v, 0)));
  const bound = Math.max(singularBelow, relativelyBelow * sizes[k - 1]);
  const missing = sizes.filter((s) => s < bound).length;
  if (missing === 0) return null;

  const { terms, sd, cor } = blockCovariance(work, block, 1);
  const typical = typicalSizes(block);
  const zero = terms.filter((_, c) => sd[c] * typical[c] < bound);
  if (zero.length === k)
    return k === 1 ? `the standard deviation of ${terms[0]} is zero` : 'every standard deviation is zero';
  if (zero.length > 0 && missing <= zero.length)
    return zero.length === 1
      ? `the standard deviation of ${zero[0]} is zero`
      : `the standard deviations of ${listed(zero)} are zero`;
  if (k === 2) return `the correlation of ${terms[0]} and ${terms[1]} is ${(cor[0][1] ?? 1) > 0 ? '1' : '-1'}`;
  if (missing > 1) return `the covariance of ${listed(terms)} has rank ${k - missing} instead of ${k}`;
  return `${combination(block, vectors, terms, sd)} does not vary`;
}

/** v'b_t = 0 in transformed coordinates is (R'v)'b = 0 in the user's; weights relative to the largest contribution. */
function combination(
  block: BlockLayout,
  vectors: Float64Array,
  terms: readonly string[],
  sd: readonly number[],
): string {
  const k = block.size;
  const weights = terms.map((_, c) => {
    let t = 0;
    for (let r = 0; r < k; r++) t += block.rebase.R[r + c * k] * vectors[r];
    return t;
  });
  const shares = weights.map((w, c) => Math.abs(w * sd[c]));
  const most = Math.max(...shares);
  const kept = terms.map((_, c) => c).filter((c) => shares[c] > 0.05 * most);
  const lead = weights[kept[0]];
  const text = kept.map((c, i) => {
    const w = weights[c] / lead;
    const sign = i === 0 ? '' : w < 0 ? ' - ' : ' + ';
    const size = Math.abs(w);
    return `${sign}${Math.abs(size - 1) < 1e-6 ? '' : `${size.toPrecision(3)} `}${terms[c]}`;
  });
  return `the combination ${text.join('')}`;
}

function describeSerial(work: CovarianceState, block: BlockLayout): string | null {
  const reported = publicTheta(work.layout, work.theta);
  if (reported[block.thetaStart] < singularBelow) return 'the standard deviation is zero';
  const phi = reported[block.thetaStart + 1];
  if (1 - Math.abs(phi) < boundary) return `the correlation of neighbours is ${phi > 0 ? '1' : '-1'}`;
  return null;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
