import type { Design, PredictorDesign } from '../../../data/design.js';
import { InternalError } from '../../../diagnostics/internal-error.js';
import type { Expr, NodeId, ParameterRef } from '../../../graph/model-graph.js';
import { links } from '../../../links/index.js';
import { type LinkName, linkNames } from '../../../links/link.js';
import {
  columnPlace,
  compileExpression,
  type ParameterPlace,
  squarePlace,
} from '../../../priors/compile-expression.js';
import { addByUserFactor, type SeenBlock, seenPositions, userFactor } from '../../user-factor.js';
import type { Layout } from '../layout.js';

/** Where one block's quantities stand. */
interface BlockPlace extends SeenBlock {
  readonly single: boolean; // one correlation
  readonly sds: number; // standard deviations: one where all columns share it
  readonly cov: number;
  readonly sd: number;
  readonly cor: number;
}

/**
 * What priors and penalties are about, in the user's units, as one vector: coefficients of the mean, sigma, and of each
 * random effect its covariance, standard deviations and correlations; and the way back from derivatives by them [LMM-PRIOR-1].
 * The covariance quantities are kept relative to sigma; those on the absolute scale are sd sigma and cov sigma^2.
 */
export class LmmQuantities {
  readonly length: number;
  /** Covariance quantities at the theta of the latest `setTheta`, with sigma = 1; zeros for the coefficients. */
  readonly relative: Float64Array;
  /** Derivatives by `relative`, to be pulled back. */
  readonly gradient: Float64Array;
  /** As `gradient`, for what goes to theta itself and not by way of Lambda. */
  readonly thetaGradient: Float64Array;
  readonly sigma: number; // place of sigma
  private readonly linked: number; // place of the linear predictor of sigma
  private readonly link: LinkName;
  private readonly blocks: readonly BlockPlace[];

  constructor(
    private readonly design: Design,
    private readonly location: PredictorDesign,
    layout: Layout,
  ) {
    let next = location.columns.length;
    const take = (n: number): number => {
      next += n;
      return next - n;
    };
    this.sigma = take(1);
    this.linked = take(1);
    const link = design.predictors.find((p) => p.parameter === 'sigma')?.link;
    this.link = linkNames.find((name) => name === link) ?? 'log';
    this.blocks = layout.blocks.map((block) => {
      const serial = block.block.positions !== null;
      const size = serial ? 2 : block.size;
      const { name } = block.model;
      const sds = serial || name === 'homcs' ? 1 : size;
      const single = serial || name === 'homcs' || name === 'cs';
      return {
        layout: block,
        size,
        serial,
        single,
        sds,
        cov: take(size * size),
        sd: take(sds),
        cor: take(single ? 1 : size * size),
      };
    });
    this.length = next;
    this.relative = new Float64Array(next);
    this.gradient = new Float64Array(next);
    this.thetaGradient = new Float64Array(layout.thetas);
  }

  placeOf(ref: ParameterRef): ParameterPlace {
    switch (ref.kind) {
      case 'coefficients': {
        if (!ref.predictors.includes(this.location.id)) return columnPlace([this.linked]);
        return columnPlace(Array.from(this.location.columns.keys()).filter((j) => this.isSelected(j, ref)));
      }
      case 'scalar':
        return columnPlace(ref.predictors.includes(this.location.id) ? [0] : [this.sigma]);
      case 'sd': {
        const block = this.block(ref.effect);
        if (block.sds === 1) return columnPlace([block.sd]);
        const { terms, termOf } = block.layout.block;
        const is = (c: number, name: string) =>
          terms[c] === name || termOf?.[c] === name || (name === 'intercept' && terms[c] === '(Intercept)');
        const wanted = (c: number) =>
          (ref.column === null || is(c, ref.column)) && !(ref.except ?? []).some((name) => is(c, name));
        return columnPlace(Array.from(terms.keys()).flatMap((c) => (wanted(c) ? [block.sd + c] : [])));
      }
      case 'cor': {
        const block = this.block(ref.effect);
        return block.single ? columnPlace([block.cor]) : squarePlace(block.cor, block.size);
      }
      case 'cov': {
        const block = this.block(ref.effect);
        return squarePlace(block.cov, block.size);
      }
      default:
        throw new InternalError('a linear mixed model has no such parameter', ref);
    }
  }

  /** Rows and columns of an expression of these quantities. */
  shapeOf(e: Expr): { readonly rows: number; readonly columns: number } {
    return compileExpression(e, this.length, this.placeOf.bind(this));
  }

  private isSelected(j: number, ref: Extract<ParameterRef, { kind: 'coefficients' }>): boolean {
    const { name, term } = this.design.coefficients[this.location.columns[j]];
    const { select } = ref;
    const isIntercept = term === '(Intercept)';
    if (select.kind === 'intercept') return isIntercept;
    const excepted = (select.except ?? []).some((e) => e === name || e === term);
    if (select.kind === 'slopes') return !isIntercept && !excepted;
    return (name === select.name || term === select.name) && !excepted;
  }

  private block(effect: NodeId): BlockPlace {
    const found = this.blocks.find((b) => b.layout.block.id === effect);
    if (found === undefined) throw new InternalError('a random effect that no predictor uses', effect);
    return found;
  }

  /** @param theta  as the blocks' factors were made from */
  setTheta(theta: Float64Array): void {
    const { relative } = this;
    relative[this.sigma] = 1;
    relative[this.linked] = links[this.link].link(1);
    for (const block of this.blocks) {
      const n = block.size;
      const F = userFactor(block, theta);
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++) {
          let t = 0;
          for (let k = 0; k < n; k++) t += F[r + k * n] * F[c + k * n];
          relative[block.cov + r + c * n] = t;
        }
      for (let k = 0; k < block.sds; k++) relative[block.sd + k] = Math.sqrt(relative[block.cov + k * (n + 1)]);
      if (block.single) {
        if (n > 1) relative[block.cor] = singleCorrelation(block, theta);
        continue;
      }
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++) {
          const [a, b] = [relative[block.sd + r], relative[block.sd + c]];
          // a standard deviation of zero has no correlation; it can be approached with any, zero among them
          const there = a >= nothing && b >= nothing;
          const cor = there ? relative[block.cov + r + c * n] / (a * b) : 0;
          relative[block.cor + r + c * n] = r === c ? 1 : cor;
        }
    }
  }

  /** Writes all quantities for a sigma in the response's units. @param beta  in the columns' own units; null: left as it is */
  fill(into: Float64Array, sigma: number, beta: Float64Array | null): void {
    const { relative } = this;
    if (beta !== null) into.set(beta);
    into[this.sigma] = sigma;
    into[this.linked] = links[this.link].link(sigma);
    for (const { size, sds, single, cov, sd, cor } of this.blocks) {
      for (let k = 0; k < size * size; k++) into[cov + k] = sigma * sigma * relative[cov + k];
      for (let k = 0; k < sds; k++) into[sd + k] = sigma * relative[sd + k];
      for (let k = 0; k < (single ? 1 : size * size); k++) into[cor + k] = relative[cor + k];
    }
  }

  /** d / d log sigma, from derivatives by the quantities at that sigma. */
  sigmaSlope(gradient: Float64Array, sigma: number): number {
    const { relative } = this;
    const eta = links[this.link].link(sigma);
    let total = gradient[this.sigma] * sigma;
    if (gradient[this.linked] !== 0) total += (gradient[this.linked] * sigma) / links[this.link].derivative1(eta);
    for (const { size, sds, cov, sd } of this.blocks) {
      for (let k = 0; k < size * size; k++) total += 2 * gradient[cov + k] * sigma * sigma * relative[cov + k];
      for (let k = 0; k < sds; k++) total += gradient[sd + k] * sigma * relative[sd + k];
    }
    return total;
  }

  /** Adds to `gradient`, by relative quantities, what derivatives at a sigma are. */
  addRelative(gradient: Float64Array, sigma: number): void {
    for (const { size, sds, single, cov, sd, cor } of this.blocks) {
      for (let k = 0; k < size * size; k++) this.gradient[cov + k] += sigma * sigma * gradient[cov + k];
      for (let k = 0; k < sds; k++) this.gradient[sd + k] += sigma * gradient[sd + k];
      for (let k = 0; k < (single ? 1 : size * size); k++) this.gradient[cor + k] += gradient[cor + k];
    }
  }

  /** Turns `gradient` into derivatives by theta, in `thetaGradient` (overwritten). */
  pullBack(theta: Float64Array): void {
    this.thetaGradient.fill(0);
    for (const block of this.blocks) this.pullBlock(block, theta);
  }

  private pullBlock(block: BlockPlace, theta: Float64Array): void {
    const { gradient, thetaGradient } = this;
    const { size: n, cor, single } = block;
    if (single && n > 1 && gradient[cor] !== 0) addSingleCorrelation(block, theta, gradient[cor], thetaGradient);
    const byF = this.byFactor(block, userFactor(block, theta));
    if (byF.every((v) => v === 0)) return;
    addByUserFactor(block, byF, theta, thetaGradient);
  }

  /** Derivatives by F of a relative covariance F F'; a standard deviation of zero has a corner and, as |x|, gets no slope. */
  private byFactor(block: BlockPlace, F: Float64Array): Float64Array {
    const { relative, gradient } = this;
    const { size: n, cov, cor, sd, sds, single } = block;
    const byF = new Float64Array(n * n);
    const g = new Float64Array(n * n); // by the covariance, as if its entries were free
    for (let k = 0; k < n * n; k++) g[k] = gradient[cov + k];
    for (let k = 0; k < sds; k++) {
      const own = gradient[sd + k];
      const size = relative[sd + k];
      if (own === 0 || size < nothing) continue;
      for (let c = 0; c < n; c++) byF[k + c * n] += (own * F[k + c * n]) / size;
    }
    if (!single)
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++) {
          const own = gradient[cor + r + c * n];
          if (own === 0 || r === c) continue;
          const [a, b] = [relative[sd + r], relative[sd + c]];
          if (a < nothing || b < nothing) continue;
          const pull = (own * relative[cor + r + c * n]) / 2;
          g[r + c * n] += own / (a * b);
          g[r * (n + 1)] -= pull / (a * a);
          g[c * (n + 1)] -= pull / (b * b);
        }
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        let t = 0;
        for (let k = 0; k < n; k++) t += (g[r + k * n] + g[k + r * n]) * F[k + c * n];
        byF[r + c * n] += t;
      }
    return byF;
  }

  /** At the latest gradient: the slope in one column's standard deviation, and the derivatives by its row of F without it. */
  cornerOf(b: number, column: number, theta: Float64Array): { readonly slope: number; readonly row: Float64Array } {
    const block = this.blocks[b];
    const n = block.size;
    const byF = this.byFactor(block, userFactor(block, theta));
    const place = block.sd + (block.sds === 1 ? 0 : column);
    return { slope: this.gradient[place], row: Float64Array.from({ length: n }, (_, c) => byF[column + c * n]) };
  }

  /** Relative standard deviation of a column. */
  relativeSd(b: number, column: number): number {
    const block = this.blocks[b];
    return this.relative[block.sd + (block.sds === 1 ? 0 : column)];
  }
}

/** A relative standard deviation below this is zero but for rounding. */
const nothing = 1e-12;

/** Parameters with every standard deviation at one: the last of a structure with a single correlation is what makes that. */
function unitParameters({ layout }: BlockPlace, theta: Float64Array): Float64Array {
  const own = theta.slice(layout.thetaStart, layout.thetaStart + layout.thetaCount);
  own.fill(1, 0, layout.thetaCount - 1);
  return own;
}

/** Seen with standard deviations of one, so that it is there where they are zero. */
function singleCorrelation(block: BlockPlace, theta: Float64Array): number {
  const n = block.size;
  const F = new Float64Array(n * n);
  block.layout.model.factorInto(F, 0, n, unitParameters(block, theta), 0, seenPositions(block));
  let t = 0;
  for (let k = 0; k < n; k++) t += F[k * n] * F[1 + k * n];
  return t;
}

function addSingleCorrelation(block: BlockPlace, theta: Float64Array, g: number, into: Float64Array): void {
  const n = block.size;
  const own = unitParameters(block, theta);
  const F = new Float64Array(n * n);
  block.layout.model.factorInto(F, 0, n, own, 0, seenPositions(block));
  const byF = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    byF[k * n] += g * F[1 + k * n];
    byF[1 + k * n] += g * F[k * n];
  }
  const byOwn = new Float64Array(own.length);
  block.layout.model.gradientInto(byOwn, 0, byF, 0, n, own, seenPositions(block));
  into[block.layout.thetaStart + own.length - 1] += byOwn[own.length - 1];
}
