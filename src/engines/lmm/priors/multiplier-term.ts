import type { PriorNode } from '../../../graph/model-graph.js';
import { compileExpression } from '../../../priors/compile-expression.js';
import type { ObjectiveTerm } from '../../../priors/prior-term.js';
import type { LmmQuantities } from './quantities.js';

/**
 * A density that is not smooth in its left side c: a uniform one, flat between two bounds, or a Laplace one, with a corner. It is
 * replaced by the envelope min over p of psi(p) + rho/2 (c + lambda/rho - p)^2 less lambda^2 / (2 rho), and lambda is moved to
 * rho (c + lambda/rho - p) until c = p: the method of multipliers [LMM-PRIOR-8].
 */
export interface MultiplierTerm extends ObjectiveTerm {
  readonly node: PriorNode;
  /** Moves the multipliers at the latest evaluation; says how far c was from p, in units of the density's own size. */
  update(): number;
  /** Makes the envelope tighter. */
  tighten(): void;
  reset(): void;
}

/** Relative weight of the envelope at first: a tenth of the density's size away costs half a unit of -2 log density. */
const firstWeight = 100;

export function multiplierTerm(node: PriorNode, quantities: LmmQuantities): MultiplierTerm | null {
  if (node.distribution !== 'uniform' && node.distribution !== 'laplace') return null;
  const compile = (e: PriorNode['left']) =>
    compileExpression(e, quantities.length, quantities.placeOf.bind(quantities));
  const argument = (name: string, standard: number) =>
    compile(node.args.find((a) => a.name === name)?.value ?? { kind: 'number', value: standard });
  const left = compile(node.left);
  const bounds = node.distribution === 'uniform';
  const first = bounds ? argument('lower', Number.NaN) : argument('location', 0);
  const second = bounds ? argument('upper', Number.NaN) : argument('scale', 1);
  const n = left.rows * left.columns;
  const c = new Float64Array(n);
  const p = new Float64Array(n);
  const byLeft = new Float64Array(n);
  const multiplier = new Float64Array(n);
  const a = new Float64Array(1);
  const b = new Float64Array(1);
  const bySecond = new Float64Array(1);
  const byFirst = new Float64Array(1);
  // bounds that nothing has reached are not felt at all
  let active = !bounds;
  let weight = firstWeight;
  const size = (): number => {
    const width = bounds ? b[0] - a[0] : b[0];
    return Number.isFinite(width) ? width : Math.max(Math.abs(Number.isFinite(a[0]) ? a[0] : b[0]), 1e-300);
  };
  return {
    node,
    improper: false,
    evaluate(x, gradient) {
      left.tape.evaluate(x, c);
      first.tape.evaluate(x, a);
      second.tape.evaluate(x, b);
      const rho = weight / size() ** 2;
      const width = b[0] - a[0];
      let total = 0;
      byFirst[0] = 0;
      bySecond[0] = 0;
      for (let i = 0; i < n; i++) {
        const y = c[i] + multiplier[i] / rho;
        const slope = 2 / b[0];
        if (bounds) p[i] = active ? Math.min(Math.max(y, a[0]), b[0]) : c[i];
        else p[i] = a[0] + soft(y - a[0], slope / rho);
        const pull = active ? rho * (y - p[i]) : 0;
        if (active) total += (pull * pull - multiplier[i] * multiplier[i]) / (2 * rho);
        byLeft[i] = pull;
        if (bounds) {
          if (active && y < a[0]) byFirst[0] -= pull;
          if (active && y > b[0]) bySecond[0] -= pull;
          if (Number.isFinite(width)) {
            total += 2 * Math.log(width);
            byFirst[0] -= 2 / width;
            bySecond[0] += 2 / width;
          }
        } else {
          const away = Math.abs(p[i] - a[0]);
          total += 2 * Math.log(2 * b[0]) + slope * away;
          byFirst[0] -= pull;
          bySecond[0] += slope - (slope * away) / b[0];
        }
      }
      if (gradient !== null) {
        left.tape.addGradient(byLeft, gradient);
        first.tape.addGradient(byFirst, gradient);
        second.tape.addGradient(bySecond, gradient);
      }
      return total;
    },
    update() {
      let worst = 0;
      if (!active) {
        for (let i = 0; i < n; i++) worst = Math.max(worst, a[0] - c[i], c[i] - b[0]);
        active = worst > 0;
        return Math.max(0, worst / size());
      }
      for (let i = 0; i < n; i++) {
        worst = Math.max(worst, Math.abs(c[i] - p[i]));
        multiplier[i] = byLeft[i];
      }
      return worst / size();
    },
    tighten() {
      weight *= 10;
    },
    reset() {
      multiplier.fill(0);
      active = !bounds;
      weight = firstWeight;
    },
  };
}

function soft(v: number, by: number): number {
  return Math.sign(v) * Math.max(Math.abs(v) - by, 0);
}
