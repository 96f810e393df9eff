import type { Design } from '../../data/design.js';
import { InternalError } from '../../diagnostics/internal-error.js';
import type { ModelGraph, NodeId, ParameterRef } from '../../graph/model-graph.js';
import { links } from '../../links/index.js';
import type { LinkName } from '../../links/link.js';
import { columnPlace, type ParameterPlace, squarePlace } from '../../priors/compile-expression.js';
import { addByUserFactor, type SeenBlock, userFactor } from '../user-factor.js';
import type { GlmmModel } from './glmm-model.js';
import { cutsOf } from './parameters.js';
import { publicBeta, pullBetaGradient } from './public-parameters.js';

/** Where one block's quantities stand. */
interface BlockPlace extends SeenBlock {
  readonly cov: number; // size x size
  readonly sd: number; // size, or 1 for a serial block
  readonly cor: number; // size x size
}

interface ScalarPlace {
  readonly predictor: NodeId;
  readonly coefficient: number;
  readonly link: LinkName;
  readonly at: number;
}

/**
 * The quantities that priors and penalties are about, in the user's units, as a vector: coefficients, a family's own
 * parameters, covariances, standard deviations and correlations of the random effects, thresholds, class probabilities; and the way
 * back from derivatives by them to those by the optimizer's parameters [GLMM-11].
 */
export class Quantities {
  readonly values: Float64Array;
  readonly gradient: Float64Array;
  private readonly blocks: readonly BlockPlace[];
  private readonly scalars: readonly ScalarPlace[];
  private readonly cuts: number;
  private readonly prob: number;
  private readonly classes: number;

  constructor(
    private readonly graph: ModelGraph,
    private readonly design: Design,
    private readonly model: GlmmModel,
  ) {
    let next = model.coefficients;
    const take = (n: number): number => {
      next += n;
      return next - n;
    };
    this.scalars = model.predictors.flatMap(({ id, fixed, link }): ScalarPlace[] => {
      if (id === null || fixed.kind !== 'columns' || fixed.X !== null) return [];
      return [{ predictor: id, coefficient: fixed.columns[0], link, at: take(1) }];
    });
    this.blocks = model.layout.blocks.map((layout) => {
      const serial = layout.block.positions !== null;
      const size = serial ? 2 : layout.size;
      const at = { cov: take(size * size), sd: take(serial ? 1 : size), cor: take(size * size) };
      return { layout, size, serial, ...at };
    });
    this.cuts = take(model.cuts);
    this.classes = model.gateConstants > 0 ? model.gateConstants + 1 : 0;
    this.prob = take(this.classes);
    this.values = new Float64Array(next);
    this.gradient = new Float64Array(next);
  }

  placeOf(ref: ParameterRef): ParameterPlace {
    switch (ref.kind) {
      case 'coefficients': {
        const found = new Set<number>();
        for (const id of ref.predictors)
          for (const c of this.design.predictors.find((p) => p.id === id)?.columns ?? [])
            if (this.isSelected(c, ref)) found.add(c);
        return columnPlace([...found]);
      }
      case 'scalar':
        return columnPlace(
          ref.predictors.map((id) => {
            const place = this.scalars.find((s) => s.predictor === id);
            if (place === undefined) throw new InternalError('a scalar whose predictor is not constant', ref);
            return place.at;
          }),
        );
      case 'sd': {
        const block = this.block(ref.effect);
        if (block.serial) return columnPlace([block.sd]);
        const { terms } = block.layout.block;
        const except = new Set(ref.except ?? []);
        const wanted = (term: string) =>
          ref.column === null
            ? !except.has(term)
            : term === ref.column || (ref.column === 'intercept' && term === '(Intercept)');
        return columnPlace(terms.flatMap((term, c) => (wanted(term) ? [block.sd + c] : [])));
      }
      case 'cor': {
        const block = this.block(ref.effect);
        const single = block.serial || block.layout.model.name === 'cs' || block.layout.model.name === 'homcs';
        return single && block.size > 1 ? columnPlace([block.cor + 1]) : squarePlace(block.cor, block.size);
      }
      case 'cov': {
        const block = this.block(ref.effect);
        return squarePlace(block.cov, block.size);
      }
      case 'thresholds':
        return columnPlace(Array.from({ length: this.model.cuts }, (_, k) => this.cuts + k));
      case 'prob': {
        const { mixture } = this.graph;
        const k = ref.class === null ? -1 : (mixture?.classes.indexOf(ref.class) ?? -1);
        if (this.classes === 0) throw new InternalError('class probabilities with a predictor have no prior', ref);
        return columnPlace(k >= 0 ? [this.prob + k] : Array.from({ length: this.classes }, (_, c) => this.prob + c));
      }
    }
  }

  private isSelected(coefficient: number, ref: Extract<ParameterRef, { kind: 'coefficients' }>): boolean {
    const { name, term } = this.design.coefficients[coefficient];
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

  /** Writes the quantities of a whole parameter vector (see `ParameterSpace`). */
  set(full: Float64Array): void {
    const { model, values } = this;
    const { thetas } = model.layout;
    const firstCut = thetas + model.coefficients;
    values.set(publicBeta(model, full.subarray(thetas, firstCut)));
    for (const s of this.scalars) values[s.at] = links[s.link].inverse(full[thetas + s.coefficient]);
    for (const block of this.blocks) {
      const F = userFactor(block, full);
      const n = block.size;
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++) {
          let t = 0;
          for (let k = 0; k < n; k++) t += F[r + k * n] * F[c + k * n];
          values[block.cov + r + c * n] = t;
        }
      const sd = (k: number) => Math.sqrt(values[block.cov + k * (n + 1)]);
      for (let k = 0; k < (block.serial ? 1 : n); k++) values[block.sd + k] = sd(k);
      for (let c = 0; c < n; c++)
        for (let r = 0; r < n; r++)
          values[block.cor + r + c * n] = r === c ? 1 : values[block.cov + r + c * n] / (sd(r) * sd(c));
    }
    values.set(cutsOf(full.subarray(firstCut)), this.cuts);
    if (this.classes > 0) {
      const gates = this.gates(full);
      let sum = 1;
      for (const g of gates) sum += Math.exp(g);
      gates.forEach((g, k) => {
        values[this.prob + k] = Math.exp(g) / sum;
      });
      values[this.prob + gates.length] = 1 / sum;
    }
  }

  private gates(full: Float64Array): Float64Array {
    const end = this.model.layout.thetas + this.model.coefficients;
    return full.subarray(end - this.model.gateConstants, end);
  }

  /** Adds to `into` what `gradient`, by the quantities, is by the whole vector at which they were set. */
  pullBack(full: Float64Array, into: Float64Array): void {
    const { model, gradient, values } = this;
    const { thetas } = model.layout;
    const P = model.coefficients;
    const beta = gradient.slice(0, P);
    pullBetaGradient(model, beta, 0);
    for (let c = 0; c < P; c++) into[thetas + c] += beta[c];
    for (const s of this.scalars)
      into[thetas + s.coefficient] += gradient[s.at] * links[s.link].derivative1(full[thetas + s.coefficient]);
    for (const block of this.blocks) this.pullBlock(block, full, into);
    const raw = full.subarray(thetas + P);
    let sum = 0;
    for (let k = raw.length - 1; k >= 0; k--) {
      sum += gradient[this.cuts + k];
      into[thetas + P + k] += k === 0 ? sum : sum * Math.exp(raw[k]);
    }
    if (this.classes > 0) {
      let mean = 0;
      for (let k = 0; k < this.classes; k++) mean += values[this.prob + k] * gradient[this.prob + k];
      for (let k = 0; k + 1 < this.classes; k++)
        into[thetas + P - model.gateConstants + k] += values[this.prob + k] * (gradient[this.prob + k] - mean);
    }
  }

  private pullBlock(block: BlockPlace, full: Float64Array, into: Float64Array): void {
    const { values, gradient } = this;
    const { size: n, cov, cor, sd } = block;
    const S = (r: number, c: number) => values[cov + r + c * n];
    const g = new Float64Array(n * n); // by the covariance, as if its entries were free
    for (let k = 0; k < n * n; k++) g[k] = gradient[cov + k];
    for (let k = 0; k < (block.serial ? 1 : n); k++) {
      const own = gradient[sd + k];
      if (own !== 0) g[k * (n + 1)] += own / (2 * values[sd + k]);
    }
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        const own = gradient[cor + r + c * n];
        if (own === 0 || r === c) continue;
        const scale = Math.sqrt(S(r, r) * S(c, c));
        g[r + c * n] += own / scale;
        g[r * (n + 1)] -= (own * S(r, c)) / scale / S(r, r) / 2;
        g[c * (n + 1)] -= (own * S(r, c)) / scale / S(c, c) / 2;
      }
    if (g.every((v) => v === 0)) return;
    const F = userFactor(block, full);
    const byF = new Float64Array(n * n);
    for (let c = 0; c < n; c++)
      for (let r = 0; r < n; r++) {
        let t = 0;
        for (let k = 0; k < n; k++) t += (g[r + k * n] + g[k + r * n]) * F[k + c * n];
        byF[r + c * n] = t;
      }
    addByUserFactor(block, byF, full, into);
  }
}
