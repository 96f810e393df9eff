import { InternalError } from '../diagnostics/internal-error.js';
import type { Order } from '../kernels/special/order.js';
import { links } from '../links/index.js';
import type { LinkName } from '../links/link.js';
import { logTails } from '../links/tails.js';
import { coordinateOf } from './coordinates.js';
import type { FamilyBinding } from './density.js';
import type { FamilyParameter } from './family.js';

/** A probability as a function of its linear predictor, or known row by row, by the logarithms of it and its complement. */
export interface Probability {
  /** Whether it has a predictor. */
  readonly free: boolean;
  /** Of its predictor; null where it has none. */
  readonly link: LinkName | null;
  /** As `LogTails`; the array is overwritten by the next call. */
  tails(row: number, eta: Float64Array, order: Order): Float64Array;
  value(row: number, eta: Float64Array): number;
  complement(row: number, eta: Float64Array): number;
  /** The linear predictor of a value. */
  eta(value: number): number;
}

/** @param at  the predictor's place in `eta` */
export function probabilityArgument(parameter: FamilyParameter, binding: FamilyBinding, at: number): Probability {
  const name = binding.links.get(parameter.name);
  const known = binding.data.get(parameter.name);
  if (name === undefined && known === undefined)
    throw new InternalError('family: parameter without predictor or data', parameter.name);
  const link = name ?? 'logit';
  const logits = name === undefined ? known?.map((v) => coordinateOf('unit', v)) : undefined;
  const into = logTails[link];
  if (into === undefined) throw new InternalError('family: not a link of a probability', name);
  const out = new Float64Array(8);
  const tails = (row: number, eta: Float64Array, order: Order) => {
    if (logits === undefined) into(out, eta[at], order);
    else if (Number.isFinite(logits[row])) into(out, logits[row], 0);
    else {
      out[0] = logits[row] > 0 ? 0 : Number.NEGATIVE_INFINITY;
      out[4] = logits[row] > 0 ? Number.NEGATIVE_INFINITY : 0;
    }
    return out;
  };
  // the logarithms would take five times as long
  const isLogit = link === 'logit' && logits === undefined;
  return {
    free: logits === undefined,
    link: name ?? null,
    tails,
    value: isLogit ? (_row, eta) => inverseLogit(eta[at]) : (row, eta) => Math.exp(tails(row, eta, 0)[0]),
    complement: isLogit ? (_row, eta) => inverseLogit(-eta[at]) : (row, eta) => Math.exp(tails(row, eta, 0)[4]),
    eta: (value) => links[link].link(value),
  };
}

function inverseLogit(eta: number): number {
  const e = Math.exp(-Math.abs(eta));
  return eta < 0 ? e / (1 + e) : 1 / (1 + e);
}
