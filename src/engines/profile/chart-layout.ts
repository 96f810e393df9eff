import type { BlockLayout, Layout } from '../lmm/layout.js';
import { firstAngle, type UsChart, usChart } from './us-chart.js';

/** The blocks' parameters seen through a chart of one unstructured block. */
export interface ChartedLayout {
  readonly layout: Layout;
  /** The layout's parameters of the same covariances, from those of the plain layout. */
  enter(theta: Float64Array): Float64Array;
  /** The angles of each row: their correlations may be of either sign. */
  readonly rows: readonly (readonly number[])[];
}

/** @param first  the terms whose correlation is to be a parameter; the same one twice: standard deviations alone are asked for */
export function chartedLayout(plain: Layout, block: BlockLayout, first: readonly [number, number]): ChartedLayout {
  const all = Array.from({ length: block.size }, (_, c) => c);
  const order = [...new Set([...first, ...all])];
  const [a, b] = first;
  const chart: UsChart = usChart(order, block.rebase, a === b ? 1 : 2);
  const layout = { ...plain, blocks: plain.blocks.map((b) => (b === block ? { ...b, model: chart } : b)) };
  const k = block.size;
  const rows = Array.from({ length: k - 1 }, (_, i) => {
    const start = firstAngle(block.thetaStart, k, i + 1);
    return Array.from({ length: i + 1 }, (__, a) => start + a);
  });
  return {
    layout,
    rows,
    enter(theta) {
      const lambda = new Float64Array(k * k);
      block.model.factorInto(lambda, 0, k, theta, block.thetaStart, null);
      const entered = theta.slice();
      chart.enterInto(entered, block.thetaStart, k, lambda);
      return entered;
    },
  };
}

/**
 * theta with every block's parameters where its scalars are monotone: standard deviations positive, angles of correlations in the
 * first quadrant.
 */
export function onPositiveSide(layout: Layout, theta: Float64Array): Float64Array {
  const result = theta.slice();
  for (const { model, thetaStart: at, thetaCount, size } of layout.blocks) {
    const fold = (k: number, halfTurn: boolean): void => {
      if (!halfTurn) result[at + k] = Math.abs(result[at + k]);
      else result[at + k] = Math.asin(Math.min(1, Math.abs(Math.sin(result[at + k]))));
    };
    switch (model.name) {
      case 'us':
        break; // its own parameters are never profiled
      case 'diag':
        for (let k = 0; k < thetaCount; k++) fold(k, false);
        break;
      case 'cs':
        for (let k = 0; k < size; k++) fold(k, false);
        if (size > 1) fold(size, true);
        break;
      case 'homcs':
        fold(0, false);
        if (size > 1) fold(1, true);
        break;
      case 'car1':
        fold(0, false);
        fold(1, true);
        break;
      case 'ar1':
        fold(0, false);
        // sin t, and the side matters
        result[at + 1] = Math.asin(Math.sin(result[at + 1]));
        break;
    }
  }
  return result;
}
