import { NodeTeam } from '../../../src/hosts/workers/node-team.js';
import { analyze, factorize, selectedInverse } from '../../../src/kernels/block-cholesky.js';
import { densePattern, denseValues } from './large-models.js';

// A process whose team is never closed.
const [file = ''] = process.argv.slice(2);
const team = new NodeTeam(file, 2);
const values = denseValues(601);
const chol = analyze(densePattern(601), { team });
for (let k = 0; k < 10; k++) {
  if (factorize(chol, values) !== 0) throw new Error('not positive definite');
  selectedInverse(chol, new Float64Array(values.length));
}
process.stdout.write('done\n');
