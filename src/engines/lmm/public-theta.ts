import type { BlockLayout, Layout } from './layout.js';
import type { ColumnUnits } from './structures/covariance-model.js';

/** theta as a user knows it: relative to sigma, in the units of Z's columns, block after block in the design's order [LMM-5]. */
export function publicTheta(layout: Layout, theta: Float64Array): Float64Array {
  const reported = new Float64Array(layout.thetas);
  for (const block of layout.blocks)
    block.model.reportInto(reported, block.thetaStart, block.size, theta, unitsOf(block));
  return reported;
}

/** The inverse of `publicTheta`. */
export function internalTheta(layout: Layout, reported: Float64Array): Float64Array {
  const theta = new Float64Array(layout.thetas);
  for (const block of layout.blocks)
    block.model.adoptInto(theta, block.thetaStart, block.size, reported, unitsOf(block));
  return theta;
}

function unitsOf(block: BlockLayout): ColumnUnits {
  const { R, inverse, scale } = block.rebase;
  return { R, inverse, scale, unit: block.unit };
}
