import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logScale } from '../../../src/engines/lmm/column-transform.js';
import { createWork } from '../../../src/engines/lmm/lmm-work.js';
import { profiledDeviance } from '../../../src/engines/lmm/profiled-deviance.js';
import { internalTheta, publicTheta } from '../../../src/engines/lmm/public-theta.js';
import { readReferenceCase } from '../../reference/reference-case.js';
import { handRows } from './hand-rows.js';

/** The reference prints fifteen digits; its optimum is converged to about eight of theta. */
const relativeTolerance = 1e-10;

interface Pieces {
  readonly ldL2: number;
  readonly ldRX2: number;
  readonly ussq: number;
  readonly pwrss: number;
}

test.each([
  ['sleepstudy-slope-reml', true],
  ['sleepstudy-slope-ml', false],
])("the parts of the deviance at the reference's theta: %s", (name, reml) => {
  const file = join(import.meta.dirname, '../../data/sleepstudy.csv');
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
  const names = head.replaceAll('"', '').split(',');
  const column = (wanted: string): string[] =>
    lines.map((line) => line.replaceAll('"', '').split(',')[names.indexOf(wanted)]);
  const days = column('Days').map(Number);
  const one = days.map(() => 1);
  const model = handRows({
    y: column('Reaction').map(Number),
    X: [one, days],
    blocks: [{ group: column('Subject'), columns: [one, days] }],
  });
  const reference = readReferenceCase(name) as unknown as { pieces: Pieces; theta: number[]; minus2logLik: number };
  const { pieces } = reference;
  const work = createWork(model, { reml, fixedSigma: null });
  const theta = internalTheta(work.layout, Float64Array.from(reference.theta));
  const deviance = profiledDeviance(work, theta);
  const { length } = work.products.response;
  const close = (ours: number, theirs: number): void =>
    expect(Math.abs(ours - theirs)).toBeLessThan(relativeTolerance * Math.abs(theirs));
  close(deviance, reference.minus2logLik);
  close(work.at.logDetOmega, pieces.ldL2);
  close(work.at.logDetRX + 2 * logScale(work.products.transform), pieces.ldRX2);
  close(work.at.r2 * length ** 2, pieces.pwrss);
  close(work.u.reduce((t, u) => t + u * u, 0) * length ** 2, pieces.ussq);
  publicTheta(work.layout, theta).forEach((v, i) => {
    close(v, reference.theta[i]);
  });
});
