import { InternalError } from '../diagnostics/internal-error.js';
import type { Report } from '../diagnostics/report.js';
import { type FamilyName, type FamilySignature, familyNames } from '../families/family.js';
import { families } from '../families/index.js';
import type { CorrelationNode, FamilyArgument, FamilyNode, LikelihoodNode } from '../graph/model-graph.js';
import type { BoundValues } from './bound-values.js';
import { checkCorrelation } from './check-correlation.js';
import { checkResponse, type Response, type ResponseNeeds, type RowNumbers } from './check-response.js';
import type { LikelihoodDesign } from './design.js';
import { expressionText } from './expression-text.js';
import { groupFactor } from './group-values.js';
import { numberText } from './number-text.js';
import { positionsOf } from './positions.js';

/** Binds the likelihoods: responses as their families take them, data arguments, weights, correlated errors. */
export function bindLikelihoods(
  likelihoods: readonly LikelihoodNode[],
  bound: BoundValues,
  report: Report,
  file: string,
): LikelihoodDesign[] | undefined {
  // The classes of a mixture share their response and most arguments: each is computed, and said wrong, once.
  const responses = new Map<string, Response | undefined>();
  const constants = new Map<number, Float64Array>();
  const out: LikelihoodDesign[] = [];
  let sound = true;
  for (const likelihood of likelihoods) {
    const needs = responseNeeds(likelihood.family);
    const key = JSON.stringify([likelihood.response, needs]);
    if (!responses.has(key)) {
      const value = bound.value(likelihood.response, likelihood.origin);
      const place = { text: likelihood.responseText, span: likelihood.origin, file };
      responses.set(key, value === undefined ? undefined : checkResponse(value, needs, place, bound, report));
    }
    const response = responses.get(key);
    const data = bindArguments(likelihood, bound, constants);
    const weights = likelihood.weights === null ? null : bindWeights(likelihood, bound);
    const correlation = likelihood.correlation === null ? null : bindCorrelation(likelihood.correlation, bound);
    if (response === undefined || data === undefined || weights === undefined || correlation === undefined) {
      sound = false;
      continue;
    }
    if (!withinBounds(likelihood, response, needs, data, bound, report, file)) sound = false;
    out.push({ id: likelihood.id, class: likelihood.class, ...response, data, weights, correlation });
  }
  return sound ? out : undefined;
}

// ── families ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function signatureOf(family: FamilyNode): FamilySignature {
  const name = familyNames.find((known): known is FamilyName => known === family.name);
  if (name === undefined) throw new InternalError('a family that is not in the registry', family.name);
  return families[name];
}

export function responseNeeds(family: FamilyNode): ResponseNeeds {
  const signature = signatureOf(family);
  const inside = family.base === null ? undefined : responseNeeds(family.base);
  const kind = signature.response === 'inherit' ? inside?.kind : signature.response;
  if (kind === undefined) throw new InternalError('a family without a response', family.name);
  return { kind, zeroToo: signature.addsZero === true || inside?.zeroToo === true, family: family.name };
}

/** The arguments of a family and of those inside it, with the signature each belongs to. */
function argumentsOf(family: FamilyNode): { argument: FamilyArgument; signature: FamilySignature }[] {
  const signature = signatureOf(family);
  const own = family.arguments.map((argument) => ({ argument, signature }));
  return family.base === null ? own : [...own, ...argumentsOf(family.base)];
}

// ── data arguments ──────────────────────────────────────────────────────────────────────────────────────────────────

const requirements = {
  any: { text: 'numbers', holds: (v: number) => !Number.isNaN(v) },
  real: { text: 'finite numbers', holds: Number.isFinite },
  positive: { text: 'positive numbers', holds: (v: number) => v > 0 && Number.isFinite(v) },
  unit: { text: 'numbers between 0 and 1', holds: (v: number) => v > 0 && v < 1 },
  size: { text: 'numbers of trials (0, 1, 2, ...)', holds: (v: number) => v >= 0 && Number.isInteger(v) },
} as const;

function requirementOf(signature: FamilySignature, name: string): keyof typeof requirements {
  const parameter = signature.parameters.find((p) => p.name === name);
  if (parameter !== undefined) return parameter.support;
  return signature.response === 'trials' ? 'size' : 'any'; // bounds of a truncation may be infinite
}

/** Data arguments by name, numbers among them repeated for all rows. */
function bindArguments(
  likelihood: LikelihoodNode,
  bound: BoundValues,
  constants: Map<number, Float64Array>,
): Map<string, Float64Array> | undefined {
  const data = new Map<string, Float64Array>();
  let sound = true;
  for (const { argument, signature } of argumentsOf(likelihood.family)) {
    if (argument.kind === 'number') {
      const values = constants.get(argument.value) ?? new Float64Array(bound.rows).fill(argument.value);
      constants.set(argument.value, values);
      data.set(argument.name, values);
    } else if (argument.kind === 'data') {
      const values = bound.numbers(argument.value, likelihood.origin, argument.name);
      const text = expressionText(argument.value);
      const { text: needs, holds } = requirements[requirementOf(signature, argument.name)];
      if (values === undefined || !bound.require(values, holds, text, needs, likelihood.origin)) sound = false;
      else data.set(argument.name, values);
    }
  }
  return sound ? data : undefined;
}

function bindWeights(likelihood: LikelihoodNode, bound: BoundValues): Float64Array | null | undefined {
  if (likelihood.weights === null) return null;
  const values = bound.numbers(likelihood.weights, likelihood.origin, 'weights');
  if (values === undefined) return undefined;
  const { text, holds } = requirements.positive;
  const sound = bound.require(values, holds, expressionText(likelihood.weights), text, likelihood.origin);
  return sound ? values : undefined;
}

/** No more successes than trials; nothing outside the bounds of a truncation. */
export function withinBounds(
  likelihood: LikelihoodNode,
  response: Response,
  needs: ResponseNeeds,
  data: ReadonlyMap<string, Float64Array>,
  bound: RowNumbers,
  report: Report,
  file: string,
): boolean {
  const limits: { name: string; beyond: (y: number, limit: number) => boolean; what: string }[] = [
    { name: 'upper', beyond: (y, limit) => y > limit, what: 'above' },
    { name: 'lower', beyond: (y, limit) => y < limit, what: 'below' },
  ];
  if (needs.kind === 'trials') limits.push({ name: 'size', beyond: (y, limit) => y > limit, what: 'above' });
  let sound = true;
  for (const { name, beyond, what } of limits) {
    const limit = data.get(name);
    if (limit === undefined) continue;
    const bad: number[] = [];
    for (let i = 0; i < response.y.length; i++) if (beyond(response.y[i], limit[i])) bad.push(i);
    if (bad.length === 0) continue;
    sound = false;
    const rows = bad.slice(0, 3).map((i) => bound.rowNumber(i));
    report.addData(
      'MM445',
      likelihood.origin,
      { file, row: rows[0], column: likelihood.responseText },
      {
        response: likelihood.responseText,
        value: numberText(response.y[bad[0]]),
        what,
        limit: name,
        bound: numberText(limit[bad[0]]),
        rows,
        more: bad.length - rows.length,
      },
    );
  }
  return sound;
}

// ── correlated errors ───────────────────────────────────────────────────────────────────────────────────────────────

function bindCorrelation(
  correlation: CorrelationNode,
  bound: BoundValues,
): LikelihoodDesign['correlation'] | undefined {
  const group = groupFactor(correlation.group, bound, correlation.origin);
  const value = bound.value(correlation.position, correlation.origin);
  if (group === undefined || value === undefined || value.kind === 'matrix') return undefined;
  const positions = positionsOf(value);
  if (!checkCorrelation(correlation, group, positions, bound)) return undefined;
  const position = Float64Array.from(positions.places, (place) =>
    correlation.structure === 'car1' ? positions.values[place] : place,
  );
  return { structure: correlation.structure, group, position, positionLabels: positions.labels };
}
