import type { PriorNode } from '../../../graph/model-graph.js';
import { compileExpression } from '../../../priors/compile-expression.js';
import { constantNumber } from '../../../priors/homogeneity.js';
import { isAffineInMean } from '../../../priors/lmm-prior.js';
import type { ObjectiveTerm } from '../../../priors/prior-term.js';
import { affine } from './normal-rows.js';
import type { PriorSource } from './prior-work.js';
import type { LmmQuantities } from './quantities.js';

/**
 * A Laplace prior of coefficients has a corner where an entry of its left side equals the location [LMM-PRIOR-8]. `side` says how each
 * entry is seen: 1 or -1, the branch with that sign of the distance (which may be followed beyond the corner); 0: held at the
 * corner; null: rounded off over `width`.
 */
export interface KinkTerm extends ObjectiveTerm {
  readonly node: PriorNode;
  readonly entries: number;
  readonly side: (1 | -1 | 0 | null)[];
  readonly width: Float64Array;
  /** Distances from the corner, and the slopes 2 / scale on either side of it, at the latest evaluation. */
  readonly distance: Float64Array;
  readonly slope: Float64Array;
  /** Where the corner of each entry is, a'beta = corner. */
  readonly corner: Float64Array;
  /** n x P, row-major: a. */
  readonly rows: Float64Array;
}

/** Null where the corner is not a plane in the coefficients. */
export function kinkTerm(node: PriorNode, source: PriorSource, quantities: LmmQuantities, P: number): KinkTerm | null {
  // a corner that moves with sigma is no plane
  const centred = node.args.every((a) => a.name !== 'location' || constantNumber(a.value) !== null);
  if (node.distribution !== 'laplace' || !centred || !isAffineInMean(node.left, source.graph)) return null;
  const compile = (e: PriorNode['left']) =>
    compileExpression(e, quantities.length, quantities.placeOf.bind(quantities));
  const argument = (name: string, standard: number) =>
    compile(node.args.find((a) => a.name === name)?.value ?? { kind: 'number', value: standard });
  const left = compile(node.left);
  const location = argument('location', 0);
  const scale = argument('scale', 1);
  const n = left.rows * left.columns;
  const value = new Float64Array(n);
  const centre = new Float64Array(1);
  const width = new Float64Array(n);
  const b = new Float64Array(1);
  location.tape.evaluate(new Float64Array(quantities.length), centre);
  const centreValue = centre[0];
  const { rows, offset } = affine(left, quantities.length, P);
  const distance = new Float64Array(n);
  const slope = new Float64Array(n);
  const side: KinkTerm['side'] = new Array(n).fill(null);
  const byLeft = new Float64Array(n);
  return {
    node,
    entries: n,
    side,
    width,
    distance,
    slope,
    rows,
    corner: offset.map((c) => centreValue - c),
    improper: false,
    evaluate(x, gradient) {
      left.tape.evaluate(x, value);
      location.tape.evaluate(x, centre);
      scale.tape.evaluate(x, b);
      let total = 0;
      let byScale = 0;
      let byCentre = 0;
      for (let i = 0; i < n; i++) {
        const r = value[i] - centre[0];
        distance[i] = r;
        slope[i] = 2 / b[0];
        const [size, sign] = absolute(r, side[i], width[i]);
        total += 2 * Math.log(2 * b[0]) + (2 * size) / b[0];
        byLeft[i] = (2 * sign) / b[0];
        byCentre -= byLeft[i];
        byScale += 2 / b[0] - (2 * size) / (b[0] * b[0]);
      }
      if (gradient !== null) {
        left.tape.addGradient(byLeft, gradient);
        location.tape.addGradient(Float64Array.of(byCentre), gradient);
        scale.tape.addGradient(Float64Array.of(byScale), gradient);
      }
      return total;
    },
  };
}

/** |r| and its slope on a branch. */
function absolute(r: number, side: 1 | -1 | 0 | null, width: number): readonly [number, number] {
  if (side === 0) return [0, 0];
  if (side !== null) return [side * r, side];
  if (width > 0 && Math.abs(r) < width) return [(r * r) / (2 * width) + width / 2, r / width];
  return [Math.abs(r), Math.sign(r)];
}
