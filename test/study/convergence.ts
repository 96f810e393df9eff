import seedrandom from 'seedrandom';
import { compile } from '../../src/compile.js';
import { buildDesign } from '../../src/data/build-design.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { Report } from '../../src/diagnostics/report.js';
import { createWork } from '../../src/engines/lmm/lmm-work.js';
import { optimizeLmm } from '../../src/engines/lmm/optimize-lmm.js';
import { rowsFromDesign } from '../../src/engines/lmm/rows-from-design.js';
import { startTheta } from '../../src/engines/lmm/start-theta.js';
import { fit } from '../../src/fit.js';
import { randomDesign } from './random-design.js';

/** What the study finds of one design; log-likelihoods are restricted ones where the model says REML. */
export interface StudyCase {
  readonly seed: number;
  readonly kind: string;
  readonly rows: number;
  readonly parameters: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly evaluations: number;
  readonly logLik: number;
  /** Best log-likelihood of the restarts. */
  readonly best: number;
}

/** Log-likelihood by which a fit may stay below the best of its restarts. */
export const allowed = 1e-6;

/** Fits a random design as a user would, and again from `restarts` random points. */
export function studyDesign(seed: number, restarts: number): StudyCase {
  const { label, source, table } = randomDesign(seed);
  const { models, diagnostics } = compile(source, { schema: schemaOf(table) });
  const [model] = models;
  const outcome = fit(model, table);
  const report = new Report();
  const design = model.graph === undefined ? undefined : buildDesign(model.graph, table, report);
  if (outcome.fit === undefined || model.graph === undefined || design === undefined)
    throw new Error(`design ${seed} is refused: ${JSON.stringify([diagnostics, outcome.diagnostics])}\n${source}`);

  const input = rowsFromDesign(model.graph, design);
  const work = createWork(input.model, { reml: outcome.fit.method === 'reml', fixedSigma: null });
  const uniform = seedrandom(`restarts ${seed}`);
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < restarts; k++) {
    const found = finish(optimizeLmm(work, randomStart(startTheta(work), uniform)));
    lowest = Math.min(lowest, found.state.value * design.rows);
  }
  const { rows, parameters, converged, singular, evaluations, logLik } = outcome.fit;
  return { seed, kind: label, rows, parameters, converged, singular, evaluations, logLik, best: -lowest / 2 };
}

/** Every parameter of either sign, of a size from a hundredth to ten, in units of the residual's standard deviation. */
function randomStart(like: Float64Array, uniform: () => number): Float64Array {
  return like.map(() => (uniform() < 0.5 ? -1 : 1) * 10 ** (3 * uniform() - 2));
}

function finish<R>(iteration: Generator<unknown, R>): R {
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
  }
}

export function isBelowBest(c: StudyCase): boolean {
  return !(c.logLik >= c.best - allowed);
}

/** `converged` is false although no restart found anything better. */
export function isFalselyDenied(c: StudyCase): boolean {
  return !c.converged && !isBelowBest(c);
}
