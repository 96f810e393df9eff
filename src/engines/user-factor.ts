import type { BlockLayout } from './lmm/layout.js';

/** A block of random effects as priors see it. */
export interface SeenBlock {
  readonly layout: BlockLayout;
  readonly size: number; // columns; a serial block is seen at two positions one unit apart
  readonly serial: boolean;
}

/**
 * The factor F = R^-1 Lambda of a level's covariance F F' in the user's units; of a serial block at two positions one unit
 * apart. Relative to sigma where theta is.
 */
export function userFactor(block: SeenBlock, theta: Float64Array): Float64Array {
  const { layout, size: n } = block;
  const lambda = new Float64Array(n * n);
  layout.model.factorInto(lambda, 0, n, theta, layout.thetaStart, seenPositions(block));
  if (!isRebased(block)) return lambda;
  const F = new Float64Array(n * n);
  const { inverse } = layout.rebase;
  for (let c = 0; c < n; c++)
    for (let r = 0; r < n; r++) {
      let t = 0;
      for (let k = 0; k < n; k++) t += inverse[r + k * n] * lambda[k + c * n];
      F[r + c * n] = t;
    }
  return F;
}

/** Adds to `into`, by theta, what derivatives by F are. @param byF  size x size, column-major */
export function addByUserFactor(block: SeenBlock, byF: Float64Array, theta: Float64Array, into: Float64Array): void {
  const { layout, size: n } = block;
  let byLambda = byF;
  if (isRebased(block)) {
    byLambda = new Float64Array(n * n);
    const { inverse } = layout.rebase;
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        let t = 0;
        for (let k = 0; k < n; k++) t += inverse[k + r * n] * byF[k + c * n];
        byLambda[r + c * n] = t;
      }
  }
  layout.model.gradientInto(into, layout.thetaStart, byLambda, 0, n, theta, seenPositions(block));
}

/** Where a serial block is seen. */
export function seenPositions({ serial, layout }: SeenBlock): Float64Array | null {
  return serial ? Float64Array.of(0, 1 / layout.unit) : null;
}

function isRebased({ serial, layout }: SeenBlock): boolean {
  return !serial && layout.model.rebase !== 'none';
}
