import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fit } from '../../../src/results/fit.js';

/** What `examples.R` writes of an example. */
interface ExampleReference {
  readonly logLik: number;
  readonly predictor: readonly string[];
  readonly class?: readonly string[];
  readonly names: readonly string[];
  readonly estimate: readonly number[];
  readonly se: readonly number[];
  readonly sd?: number;
  readonly sigma?: number;
  readonly thresholds?: readonly number[];
  readonly posterior?: readonly number[]; // of the last class, of the first rows
}

/** What `../residual/residual.R` writes of the case whose model is that of orthodont.mm. */
interface ResidualReference {
  readonly id: string;
  readonly logLik: number;
  readonly names: readonly string[];
  readonly estimate: readonly number[];
  readonly se: readonly number[];
  readonly residual: { readonly sigma: Readonly<Record<string, number>> };
}

const logLikTolerance = 1e-6;
/** In standard errors: estimates move with the square root of what is left of the likelihood. */
const estimateTolerance = 1e-3;
/** Relative; the references differentiate twice by differences. */
const seTolerance = 1e-3;
const varianceTolerance = 1e-3;
const posteriorTolerance = 1e-6;

/** Everything in which the fit of an example and its reference disagree, in words. */
export function exampleDisagreements(name: string, fit: Fit): string[] {
  const id = name.replace('.mm', '');
  return compare(fit, id === 'orthodont' ? orthodont() : readJson<Cases>('examples.json').cases[id]);
}

interface Cases {
  readonly cases: Readonly<Record<string, ExampleReference>>;
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T;
}

/** The visits' standard deviations are coefficients of log(sigma). */
function orthodont(): ExampleReference {
  const { cases } = readJson<{ cases: readonly ResidualReference[] }>('../residual/residual.json');
  const found = cases.find(({ id }) => id === 'mmrm');
  if (found === undefined) throw new Error('no case mmrm');
  return { ...found, predictor: found.names.map(() => 'mu') };
}

function compare(fit: Fit, theirs: ExampleReference): string[] {
  const out: string[] = [];
  const check = (what: string, ours: number | null | undefined, value: number, tolerance: number) => {
    if (!(typeof ours === 'number' && Math.abs(ours - value) <= tolerance)) out.push(`${what}: ${ours} for ${value}`);
  };
  check('logLik', fit.logLik, theirs.logLik, logLikTolerance);
  theirs.names.forEach((name, j) => {
    const of = theirs.class?.[j] ?? null;
    const row = fit.fixef.find((f) => f.name === name && f.predictor === theirs.predictor[j] && f.class === of);
    check(`${theirs.predictor[j]} ${name}`, row?.estimate, theirs.estimate[j], estimateTolerance * theirs.se[j]);
    check(`se of ${theirs.predictor[j]} ${name}`, row?.se, theirs.se[j], seTolerance * theirs.se[j]);
  });
  if (theirs.sd !== undefined) check('sd', fit.varcorr[0]?.sd[0], theirs.sd, varianceTolerance * theirs.sd);
  if (theirs.sigma !== undefined) check('sigma', fit.sigma, theirs.sigma, varianceTolerance * theirs.sigma);
  theirs.thresholds?.forEach((value, k) => {
    check(`threshold ${k + 1}`, fit.familyParameters[`threshold[${k + 1}]`], value, estimateTolerance);
  });
  theirs.posterior?.forEach((value, i) => {
    check(`probability of row ${i + 1}`, fit.mixture?.posterior.probabilities[i]?.at(-1), value, posteriorTolerance);
  });
  return out;
}
