import seedrandom from 'seedrandom';
import { compile } from '../../src/compile.js';
import { schemaOf } from '../../src/data/schema-of.js';
import { glmmProblem } from '../../src/engines/glmm/fit-glmm.js';
import type { GlmmWork } from '../../src/engines/glmm/glmm-work.js';
import { optimizeGlmm, precondition } from '../../src/engines/glmm/optimize-glmm.js';
import type { ParameterSpace } from '../../src/engines/glmm/parameters.js';
import { startInto } from '../../src/engines/glmm/start.js';
import { fit } from '../../src/fit.js';
import { normalQuantile } from '../../src/kernels/special/normal.js';
import { randomGlmm } from './random-glmm.js';

/** What the study finds of one design. */
export interface RestartCase {
  readonly seed: number;
  readonly label: string;
  readonly source: string;
  readonly rows: number;
  readonly parameters: number;
  readonly converged: boolean;
  readonly singular: boolean;
  readonly evaluations: number;
  readonly logLik: number;
  readonly best: number; // of the restarts that ended at a proven optimum; -Infinity: none did
  readonly reached: number; // restarts that came within `allowed` of the better of the two
}

/** Log-likelihood by which a fit may stay below the best of its restarts. */
export const allowed = 1e-5;

/** Deviance that may be left where a restart is at an optimum. */
const leftAtOptimum = 1e-6;

/** Fits a random model as a user would, and again from `restarts` random points. */
export function restartGlmm(seed: number, restarts: number): RestartCase {
  const { label, source, table } = randomGlmm(seed);
  const { models, diagnostics } = compile(source, { schema: schemaOf(table) });
  const [model] = models;
  const outcome = fit(model, table);
  const { design } = outcome;
  if (outcome.fit === undefined || model.graph === undefined || design === undefined)
    throw new Error(`model ${seed} is refused: ${JSON.stringify([diagnostics, outcome.diagnostics])}\n${source}`);
  const { work, space, objective } = glmmProblem(model.graph, design);
  startInto(work, space);
  const start = space.full.slice();
  const uniform = seedrandom(`glmm restarts ${seed}`);
  const values: number[] = [];
  for (let k = 0; k < restarts; k++) {
    space.full.set(scatter(work, space, start, uniform));
    work.u.fill(0);
    objective.forget();
    const iteration = optimizeGlmm(objective, precondition(objective));
    for (;;) {
      const next = iteration.next();
      if (!next.done) continue;
      // a search may also end at an edge of the approximation, where the joint mode jumps: that is no optimum
      const { decrement, negativeCurvature } = next.value.certificate;
      if (decrement <= leftAtOptimum && negativeCurvature === null) values.push(-next.value.state.value / 2);
      break;
    }
  }
  const { rows, parameters, converged, singular, evaluations, logLik } = outcome.fit;
  const best = Math.max(...values);
  const top = Math.max(best, logLik);
  const reached = values.filter((v) => v > top - allowed).length;
  return { seed, label, source, rows, parameters, converged, singular, evaluations, logLik, best, reached };
}

/** Random effects of either sign from a hundredth to three times the start, the rest one or two units away. */
function scatter(work: GlmmWork, space: ParameterSpace, start: Float64Array, uniform: () => number): Float64Array {
  const { thetas } = work.model.layout;
  return start.map((v, i) => {
    if (!space.free.includes(i)) return v;
    const chance = uniform();
    if (i < thetas) return (uniform() < 0.5 ? -1 : 1) * 10 ** (2.5 * chance - 2);
    return v + normalQuantile(Math.max(chance, 1e-12));
  });
}

export function isBelowBest(c: RestartCase): boolean {
  return c.best > Number.NEGATIVE_INFINITY && !(c.logLik >= c.best - allowed);
}

/** No restart found an optimum: the approximation has an edge where its highest values are. */
export function hasEdge(c: RestartCase): boolean {
  return c.best === Number.NEGATIVE_INFINITY;
}

/** It must be said that there is none, and not said where there is one. */
export function isWronglyTold(c: RestartCase): boolean {
  return c.converged === hasEdge(c);
}
