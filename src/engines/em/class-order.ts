import type { ParameterRef } from '../../graph/model-graph.js';
import { predictorIdsOf } from '../../graph/walk-graph.js';
import { compileExpression } from '../../priors/compile-expression.js';
import { Quantities } from '../glmm/quantities.js';
import type { EmModel } from './em-model.js';

/** The value of `order z by ...` in each class, at the gates that stand; null where the model has no order. */
export function orderValues(model: EmModel, full: Float64Array): Float64Array | null {
  const { graph, mixture, joint, gates, rows } = model;
  const { order } = mixture;
  if (order === null) return null;
  const quantities = new Quantities(graph, model.design, joint);
  quantities.set(full);
  const K = mixture.classes.length;
  const first = quantities.values.length;
  const inputs = new Float64Array(first + K);
  inputs.set(quantities.values);
  for (let g = 0; g < rows.groups; g++)
    for (let k = 0; k < K; k++) inputs[first + k] += Math.exp(gates.logPrior[g * K + k]) / rows.groups;
  const value = new Float64Array(1);
  return Float64Array.from(mixture.classes, (name, k) => {
    const likelihood = graph.likelihoods.find((l) => l.class === name);
    const own = new Set(likelihood === undefined ? [] : predictorIdsOf(likelihood));
    const placeOf = (ref: ParameterRef) => {
      if (ref.kind === 'prob') {
        const of = ref.class === null ? k : mixture.classes.indexOf(ref.class);
        return { rows: 1, columns: 1, inputs: [first + of] };
      }
      if (ref.kind !== 'coefficients' && ref.kind !== 'scalar') return quantities.placeOf(ref);
      return quantities.placeOf({ ...ref, predictors: ref.predictors.filter((id) => own.has(id)) });
    };
    const { tape } = compileExpression(order.by, inputs.length, placeOf);
    tape.evaluate(inputs, value);
    return value[0];
  });
}

/**
 * Which class each name should stand for, so that the values ascend (or descend) among classes that may change places; null
 * where nothing needs to move.
 * @param kinds  classes of the same kind may change places
 */
export function wantedOrder(values: Float64Array, descending: boolean, kinds: readonly string[]): Int32Array | null {
  const from = Int32Array.from(values, (_, k) => k);
  for (const kind of new Set(kinds)) {
    const places = Array.from(from).filter((k) => kinds[k] === kind);
    const sorted = [...places].sort((a, b) => (descending ? values[b] - values[a] : values[a] - values[b]) || a - b);
    places.forEach((place, i) => {
      from[place] = sorted[i];
    });
  }
  return from.every((k, place) => k === place) ? null : from;
}

/** Two classes that stand against the order and cannot change places; null where there are none. */
export function outOfOrder(values: Float64Array, descending: boolean): readonly [number, number] | null {
  for (let k = 1; k < values.length; k++)
    if (descending ? values[k] > values[k - 1] : values[k] < values[k - 1]) return [k - 1, k];
  return null;
}
