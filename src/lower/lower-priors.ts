import type { NodeId, ParameterRef, PriorNode } from '../graph/model-graph.js';
import type { CheckedPrior, References } from '../semantics/checked-model.js';
import { mentionsSigma } from '../semantics/prior-left.js';
import { reachKeys, targetsOf } from '../semantics/prior-reach.js';
import type { Expression } from '../syntax/ast.js';
import { lowerExpression } from './lower-expression.js';

/**
 * Priors as written, with their scale read off the expression, and with general ones telling which parameters have a
 * statement of their own. Where that differs between predictors a general prior is split, one node for each.
 */
export function lowerPriors(
  priors: readonly CheckedPrior[],
  sharedTerms: SharedTerms,
  text: (e: { span: CheckedPrior['statement']['span'] }) => string,
): PriorNode[] {
  const targets = priors.map((p) => ({ prior: p, refs: targetsOf(p.left, p.refs) }));
  const nodes = priors.flatMap((p) =>
    splitByReach(p, targets, sharedTerms).map((refs) => lowerOne(p, refs, text(p.statement))),
  );
  return nodes.map((node, i) => ({ ...node, id: `prior${i + 1}` }));
}

/** Labels of the terms that a predictor has from named parts outside of the classes. */
type SharedTerms = (predictor: NodeId) => readonly string[];

type Targets = readonly { readonly prior: CheckedPrior; readonly refs: readonly ParameterRef[] }[];

function lowerOne(p: CheckedPrior, refs: References, text: string): Omit<PriorNode, 'id'> {
  return {
    text,
    left: lowerExpression(p.left, refs),
    distribution: p.distribution,
    args: p.args.map((a) => ({ name: a.name, value: lowerExpression(a.value, refs) })),
    scale: isCommonScale(p) ? 'common' : 'absolute',
    class: p.class,
    origin: p.statement.span,
  };
}

/** Common: the left side is divided by sigma, or an argument mentions it. A prior of sigma itself is absolute. */
function isCommonScale(p: CheckedPrior): boolean {
  if (p.args.some((a) => mentionsSigma(a.value, p.refs))) return true;
  const aboutSigma = targetsOf(p.left, p.refs).some((ref) => ref.kind === 'scalar' && ref.name === 'sigma');
  return !aboutSigma && mentionsSigma(p.left, p.refs);
}

/** The references of one prior with exceptions filled in; several maps where predictors need different ones. */
function splitByReach(p: CheckedPrior, all: Targets, sharedTerms: SharedTerms): References[] {
  const mine = targetsOf(p.left, p.refs);
  const [ref] = mine;
  if (ref === undefined || mine.length !== 1) return [p.refs];
  switch (ref.kind) {
    case 'sd':
    case 'cor':
    case 'cov':
      if (isReplacedInside(p, ref, all)) return [];
      return [replaceRef(p.refs, ref, withSdExceptions(ref, p, all))];
    case 'scalar': {
      const predictors = ref.predictors.filter((id) => !isReplacedInside(p, { ...ref, predictors: [id] }, all));
      return predictors.length === 0 ? [] : [replaceRef(p.refs, ref, { ...ref, predictors })];
    }
    case 'coefficients':
      return splitCoefficients(p, ref, all, sharedTerms);
    default:
      return [p.refs];
  }
}

type Coefficients = Extract<ParameterRef, { kind: 'coefficients' }>;

/** Predictors with the same exceptions stay together. What they share is left to the first group of them. */
function splitCoefficients(p: CheckedPrior, ref: Coefficients, all: Targets, sharedTerms: SharedTerms): References[] {
  const { select } = ref;
  const groups = new Map<string, { predictors: NodeId[]; except: string[] }>();
  for (const id of ref.predictors) {
    if (isReplacedInside(p, { ...ref, predictors: [id] }, all)) continue;
    const except = exceptionsOf(ref, id, p, all);
    const key = except.join('\n');
    const group = groups.get(key) ?? { predictors: [], except };
    group.predictors.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ predictors, except }, i) => {
    const elsewhere = select.kind === 'slopes' && (i > 0 || p.inside) ? predictors.flatMap(sharedTerms) : [];
    const all = [...new Set([...except, ...elsewhere])];
    const narrowed = all.length === 0 || select.kind === 'intercept' ? select : { ...select, except: all };
    return replaceRef(p.refs, ref, { ...ref, predictors, select: narrowed });
  });
}

function replaceRef(refs: References, from: ParameterRef, to: ParameterRef): References {
  return new Map([...refs].map(([e, ref]): [Expression, ParameterRef] => [e, ref === from ? to : ref]));
}

/** A statement inside a class replaces one of the same reach outside. */
function isReplacedInside(p: CheckedPrior, ref: ParameterRef, all: Targets): boolean {
  if (p.inside) return false;
  const keys = new Set(reachKeys(ref));
  return all.some(({ prior, refs }) => prior.inside && refs.flatMap(reachKeys).some((key) => keys.has(key)));
}

function exceptionsOf(general: Coefficients, id: NodeId, p: CheckedPrior, all: Targets): string[] {
  const except = new Set<string>();
  for (const { prior, refs } of all) {
    if (prior === p) continue;
    for (const ref of refs) {
      if (ref.kind !== 'coefficients' || ref.select.kind !== 'named' || !ref.predictors.includes(id)) continue;
      if (isNarrower(ref.select.name, general)) except.add(ref.select.name);
    }
  }
  return [...except];
}

// A coefficient's name starts with its term's: `trtdrug` is narrower than `trt`.
function isNarrower(name: string, general: Coefficients): boolean {
  if (general.select.kind === 'slopes') return true;
  return general.select.kind === 'named' && name !== general.select.name && name.startsWith(general.select.name);
}

function withSdExceptions(ref: ParameterRef, p: CheckedPrior, all: Targets): ParameterRef {
  if (ref.kind !== 'sd') return ref;
  const except = all
    .filter(({ prior }) => prior !== p)
    .flatMap(({ refs }) => refs)
    .flatMap((other) =>
      other.kind === 'sd' && other.effect === ref.effect && other.column !== null ? [other.column] : [],
    )
    .filter((column) => column !== ref.column && (ref.column === null || column.startsWith(ref.column)));
  return except.length === 0 ? ref : { ...ref, except: [...new Set(except)] };
}
