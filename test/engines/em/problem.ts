import { DrawRule } from '../../../src/engines/em/draw-rule.js';
import { EStep } from '../../../src/engines/em/e-step.js';
import { type EmModel, emModel } from '../../../src/engines/em/em-model.js';
import { type EmObjective, emObjective } from '../../../src/engines/em/em-objective.js';
import type { NodeRule } from '../../../src/engines/em/node-rules.js';
import { integralOf } from '../../../src/engines/em/search-starts.js';
import { roughValues, startThetas } from '../../../src/engines/em/weighted-fit.js';
import { priorPenalties } from '../../../src/engines/glmm/prior-penalties.js';
import { createRng } from '../../../src/kernels/rng.js';
import { bindProgram } from '../glmm/bind.js';
import type { SimulatedColumns } from './simulate.js';

export interface BoundMixture {
  readonly model: EmModel;
  readonly objective: EmObjective;
  /** Free parameters near a reasonable start. */
  readonly x: Float64Array;
}

/** Binds a program, with points by a rule, at a start with every parameter moved a little. */
export function bindMixture(program: string, columns: SimulatedColumns, rule: NodeRule): BoundMixture {
  const { graph, design } = bindProgram(program, columns);
  const model = emModel(graph, design);
  if ('level' in model) throw new Error(`crossed: ${model.effect}`);
  const eStep = new EStep(
    model,
    model.classes.map((c) => integralOf(c, model, rule)),
  );
  const objective = emObjective(eStep, priorPenalties(graph, model.design, model.joint));
  const full = roughValues(model);
  startThetas(model, full, 1);
  const rng = createRng('start');
  const x = Float64Array.from(model.space.free, (i) => full[i] + 0.3 * rng.normal());
  objective.evaluate(x, null);
  eStep.adapt();
  return { model, objective, x };
}

export function draws(groups: number, count: number, key = '1'): DrawRule {
  return new DrawRule(groups, { draws: count, sampler: 'sobol', df: 4, key });
}
