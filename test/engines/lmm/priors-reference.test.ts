import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { untransformBeta } from '../../../src/engines/lmm/column-transform.js';
import { conditionalModes } from '../../../src/engines/lmm/estimates.js';
import type { LmmWork } from '../../../src/engines/lmm/lmm-work.js';
import { jointProblem } from '../../../src/engines/lmm/priors/joint-problem.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { internalTheta } from '../../../src/engines/lmm/public-theta.js';
import type { SmoothProblem } from '../../../src/optim/problem.js';
import { bindModel } from './prior-models.js';

interface Point {
  readonly theta: number | readonly number[];
  readonly beta?: number | readonly number[];
  readonly sigma?: number;
  readonly penalised_deviance: number;
}

interface Case {
  readonly kind: string;
  readonly data: { readonly file: string };
  readonly objective_check: { readonly points: readonly Point[] };
  readonly unpenalised_deviance: number;
  readonly theta: number | readonly number[];
  readonly fixef: { readonly estimate: readonly number[] };
  readonly fitted_head: readonly number[];
  readonly ranef: readonly { readonly levels: readonly string[]; readonly values: readonly (readonly number[])[] }[];
}

const folder = join(import.meta.dirname, '..', '..');
const cases = readdirSync(join(folder, 'reference'))
  .filter((name) => name.startsWith('blme-') && name.endsWith('.json'))
  .map((name) => name.slice(0, -5));

function read(name: string): { reference: Case; source: string } {
  return {
    reference: JSON.parse(readFileSync(join(folder, 'reference', `${name}.json`), 'utf8')) as Case,
    source: readFileSync(join(folder, 'models', `${name}.mm`), 'utf8'),
  };
}

const list = (v: number | readonly number[]): number[] => (typeof v === 'number' ? [v] : [...v]);

/** The user's beta in the coordinates of the decomposition: untransforming is linear, so unit vectors tell its matrix. */
function internalBeta(work: LmmWork, beta: readonly number[]): Float64Array {
  const { P, products } = work;
  const columns = Array.from({ length: P }, (_, j) => {
    const e = new Float64Array(P);
    e[j] = 1;
    untransformBeta(products.transform, e);
    return e;
  });
  const base = new Float64Array(products.response.start);
  untransformBeta(products.transform, base);
  // Gaussian elimination of the small system M x = beta - M start
  const a = Array.from({ length: P }, (_, i) => [...columns.map((c) => c[i]), beta[i] - base[i]]);
  for (let k = 0; k < P; k++) {
    const best = a.slice(k).reduce((b, row, i) => (Math.abs(row[k]) > Math.abs(a[b][k]) ? k + i : b), k);
    [a[k], a[best]] = [a[best], a[k]];
    for (let i = 0; i < P; i++) {
      if (i === k) continue;
      const f = a[i][k] / a[k][k];
      for (let j = k; j <= P; j++) a[i][j] -= f * a[k][j];
    }
  }
  return Float64Array.from({ length: P }, (_, k) => a[k][P] / a[k][k] / products.response.length);
}

/** log sigma where the slope vanishes, by bisection. */
function minimiser(problem: SmoothProblem, theta: Float64Array): number {
  const gradient = new Float64Array(problem.dimension);
  let [low, high] = [-20, 20];
  for (let k = 0; k < 80; k++) {
    const middle = (low + high) / 2;
    problem.evaluate(Float64Array.from([...theta, middle]), gradient);
    if (gradient[theta.length] > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** blme's optimizer works with the same objective; its file has the value at four points, checked against written-out densities. */
describe.each(cases)('%s', (name) => {
  test('the objective, with every constant, at the points of the reference', async () => {
    const { reference, source } = read(name);
    const { work } = await bindModel(source, reference.data.file);
    for (const { theta, beta, sigma, penalised_deviance } of reference.objective_check.points) {
      const own = internalTheta(work.layout, Float64Array.from(list(theta)));
      let value: number;
      if (beta === undefined && sigma === undefined) value = profiledDeviance(work, own);
      else {
        const { length } = work.products.response;
        const origin = beta === undefined ? null : internalBeta(work, list(beta));
        const place = origin === null ? null : { origin, basis: new Float64Array(0), free: 0 };
        const problem = jointProblem(work, { thetas: own.length, beta: place, sigma: true });
        const x = sigma === undefined ? minimiser(problem, own) : Math.log(sigma / length);
        value = problem.evaluate(Float64Array.from([...own, x]), null) * work.model.rows;
      }
      expect(Math.abs(value - penalised_deviance)).toBeLessThan(2e-8);
    }
  });
});

/** blme's random effects of these fits belong to another beta than it reports (`test/reference/agreement.ts`): ours at that one. */
test.each(['blme-sleepstudy-t-absolute-ml', 'blme-sleepstudy-t-common-ml'])(
  '%s: random effects at the mode of the likelihood',
  async (name) => {
    const { reference, source } = read(name);
    const { work } = await bindModel(source, reference.data.file);
    profiledDeviance(work, internalTheta(work.layout, Float64Array.from(list(reference.theta))));
    const [{ mode }] = conditionalModes(work);
    const [theirs] = reference.ranef;
    const levels = work.layout.blocks[0].block.group.levels;
    theirs.levels.forEach((level, l) => {
      const at = 2 * levels.indexOf(level);
      expect(mode[at]).toBeCloseTo(theirs.values[l][0], 3);
      expect(mode[at + 1]).toBeCloseTo(theirs.values[l][1], 3);
    });
    const [b0] = reference.fixef.estimate;
    const [u0] = theirs.values[0];
    // row 1 is Days 0 of the first subject: with its own estimates their fitted value would be this
    expect(Math.abs(b0 + u0 - reference.fitted_head[0])).toBeGreaterThan(0.3);
  },
);
