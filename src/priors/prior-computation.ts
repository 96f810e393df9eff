import type { ModelGraph, PenaltyNode, PriorNode } from '../graph/model-graph.js';
import { constantNumber } from './homogeneity.js';
import {
  isImproper,
  type LmmPrior,
  lmmPenalty,
  lmmPrior,
  type PriorComputation,
  type SigmaPowers,
} from './lmm-prior.js';

type Engine = 'lmm' | 'glmm' | 'em';

const inWords: Readonly<Record<PriorComputation, string>> = {
  none: 'infinitely wide, so it adds nothing',
  decomposition: 'enters the decomposition as rows of its own, one for each coefficient; sigma profiled in closed form',
  eigen:
    'one eigen-decomposition for each theta, then each sigma costs one operation for each coefficient; sigma searched',
  sigma: 'powers of sigma: profiled in closed form',
  theta: 'enters the optimizer: added to the deviance',
  search: 'enters the optimizer: added to the deviance; sigma searched',
  joint: 'enters the optimizer, and the coefficients and sigma with it',
  added: 'enters the optimizer: added to the objective',
};

/** What `mm explain` says of a prior: which density it is, how it is computed and what it adds. */
export function describePrior(prior: PriorNode, engine: Engine, leftText: string, graph: ModelGraph): string {
  const lowered: LmmPrior | { readonly computation: 'added' } =
    engine === 'lmm' ? lmmPrior(prior, graph) : { computation: 'added' };
  const improper = lowered.computation !== 'none' && isImproper(prior) ? '; improper, constants left out' : '';
  return `density of ${leftText}, no Jacobian${improper}; ${inWords[lowered.computation]}${addition(lowered, prior)}`;
}

/** The same of a penalty. */
export function describePenalty(penalty: PenaltyNode, engine: Engine, graph: ModelGraph): string {
  return inWords[engine === 'lmm' ? lmmPenalty(penalty, graph) : 'added'];
}

/** What goes to nu log sigma^2 + A / sigma^2 + B / sigma + C sigma^2 + D sigma. */
function addition(lowered: LmmPrior | { readonly computation: 'added' }, prior: PriorNode): string {
  switch (lowered.computation) {
    case 'decomposition':
      return lowered.countsSigma ? ', 1 to nu for each' : '';
    case 'theta':
      return lowered.degree === 0 ? '' : `, ${lowered.degree} to nu for each entry`;
    case 'sigma': {
      const { powers } = lowered;
      const parts = [nuText(powers), powers.power === 0 ? '' : `${weightText(prior)} to ${place[powers.power]}`];
      const said = parts.filter((t) => t !== '').join(' and ');
      return said === '' ? '' : `, ${said}`;
    }
    default:
      return '';
  }
}

const place: Readonly<Record<-2 | -1 | 1 | 2, string>> = { [-2]: 'A', [-1]: 'B', 1: 'D', 2: 'C' };

function nuText({ logPower, logPowerSquared }: SigmaPowers): string {
  if (logPowerSquared === 0) return logPower === 0 ? '' : `${logPower} to nu`;
  return `${logPower} d ${logPowerSquared < 0 ? '-' : '+'} ${Math.abs(logPowerSquared)} d^2 to nu`;
}

/** The weight of the power of sigma, as far as it is a number. */
function weightText(prior: PriorNode): string {
  const number = (name: string) => {
    const value = prior.args.find((a) => a.name === name)?.value;
    return value === undefined ? null : constantNumber(value);
  };
  const factor =
    prior.distribution === 'gamma' || prior.distribution === 'exponential'
      ? number('rate')
      : prior.distribution === 'inverse_gamma'
        ? number('scale')
        : null;
  const own = prior.left.kind === 'parameter' ? prior.left.ref : null;
  const ofSigma =
    own?.kind === 'scalar' ||
    (prior.left.kind === 'binary' && prior.left.left.kind === 'parameter' && prior.left.left.ref.kind === 'scalar');
  return factor === null || !ofSigma ? 'its weight' : String(2 * factor);
}
