import type { Quantity } from './eliminate.js';

/**
 * value = at + weights'(x - origin), solved for the coordinate with the largest weight.
 * @param at  the value at `origin`
 */
export function linearQuantity(weights: Float64Array, at: number, origin: Float64Array, typical: number): Quantity {
  let axis = 0;
  for (let i = 1; i < weights.length; i++) if (Math.abs(weights[i]) > Math.abs(weights[axis])) axis = i;
  const others = Array.from(weights.keys()).filter((i) => i !== axis && weights[i] !== 0);
  const without = (x: Float64Array): number => {
    let t = at;
    for (const i of others) t += weights[i] * (x[i] - origin[i]);
    return t;
  };
  return {
    axis,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
    typical,
    value: (x) => without(x) + weights[axis] * (x[axis] - origin[axis]),
    gradientInto(_x, into) {
      into.set(weights);
    },
    solve: (x, c) => origin[axis] + (c - without(x)) / weights[axis],
    display: (c) => c,
  };
}
