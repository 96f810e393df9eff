// A function added to the deviance: it keeps a variance away from zero where the data alone would put it there.
// Data: the simulated yields of Box and Tiao (1973), as lme4's Dyestuff2.
// From the root of the repository: node scripts/run-ts.mjs examples/embedding/penalty.ts
import { compile } from 'mmlang';

const batches = 'ABCDEF';
const yields = [
  [7.298, 3.846, 2.434, 9.566, 7.99],
  [5.22, 6.556, 0.608, 11.788, -0.892],
  [0.11, 10.386, 13.434, 5.51, 8.166],
  [2.212, 4.852, 7.092, 9.288, 4.98],
  [0.282, 9.014, 4.458, 9.446, 7.198],
  [1.722, 4.782, 8.106, 0.758, 3.758],
];
const data = yields.flatMap((row, k) => row.map((Yield) => ({ Batch: batches[k] ?? '', Yield })));

const problem = compile('Yield ~ 1 + (1 | Batch)').bind(data);
console.log('alone', ...problem.fit().theta);

// -2 log of a gamma density with shape 2 for theta, but for its constant; the gradient may be left out
const penalised = problem.penalize(({ theta: [sd = 0] }) => -2 * Math.log(sd) + 2 * sd, {
  gradient: ({ theta: [sd = 0] }, into) => {
    into[0] = -2 / sd + 2;
  },
});
const fit = penalised.fit();
console.log('penalised', ...fit.theta, fit.deviance, fit.objective);
