import type { BlockLayout, Template } from './layout.js';

/** dLambda / dtheta_p of one template, k x k each, read off the adjoint. */
export function directionsOf(block: BlockLayout, t: Template, theta: Float64Array): Float64Array[] {
  const k = t.size;
  const found = Array.from({ length: block.thetaCount }, () => new Float64Array(k * k));
  const unit = new Float64Array(k * k);
  const gradient = new Float64Array(theta.length);
  for (let e = 0; e < k * k; e++) {
    unit.fill(0);
    unit[e] = 1;
    gradient.fill(0);
    block.model.gradientInto(gradient, block.thetaStart, unit, 0, k, theta, t.positions);
    for (let p = 0; p < block.thetaCount; p++) found[p][e] = gradient[block.thetaStart + p];
  }
  return found;
}
