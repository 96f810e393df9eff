import type { Layout } from '../lmm/layout.js';

/** A diagonal entry of a factor below this, in units of the residual or of the linear predictor, is zero. */
const zero = 1e-4;
/** Standard deviation that an effect without one is given, in the same units. */
const some = 0.3;

/**
 * Places to search from where effects are zero, or correlations one: by symmetry the deviance has no slope there, and a search that
 * starts at zero stays, although with the parameter held elsewhere the effect may be needed. One for each such block.
 */
export function awayFromZero(layout: Layout, theta: Float64Array): Float64Array[] {
  return layout.blocks.flatMap(({ model, templates, thetaStart, size }) => {
    const [t] = templates;
    const n = t.size;
    const factor = new Float64Array(n * n);
    model.factorInto(factor, 0, n, theta, thetaStart, t.positions);
    const sds = new Float64Array(size);
    let isSingular = false;
    for (let r = 0; r < n; r++) {
      let square = 0;
      for (let c = 0; c < n; c++) square += factor[r + c * n] ** 2;
      sds[r] = Math.max(Math.sqrt(square), some);
      if (!(Math.abs(factor[r * (n + 1)]) >= zero)) isSingular = true;
    }
    if (!isSingular) return [];
    if (model.rebase === 'none') sds.fill(sds[0]);
    const other = theta.slice();
    model.startInto(other, thetaStart, size);
    model.scaleInto(other, thetaStart, size, sds);
    return [other];
  });
}
