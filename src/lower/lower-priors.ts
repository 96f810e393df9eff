import type { NodeId, ParameterRef, PriorNode } from '../graph/model-graph.js';
import type { CheckedPrior, References } from '../semantics/checked-model.js';
import { mentionsSigma } from '../semantics/prior-left.js';
import { targetsOf } from '../semantics/prior-reach.js';
import type { Expression } from '../syntax/ast.js';
import { lowerExpression } from './lower-expression.js';

/**
 * Priors as written, with their scale read off the expression, and with general ones telling which parameters have a
 * statement of their own. Where that differs between predictors a general prior is split, one node for each.
 */
export function lowerPriors(
  priors: readonly CheckedPrior[],
  text: (e: { span: CheckedPrior['statement']['span'] }) => string,
): PriorNode[] {
  const targets = priors.map((p) => ({ prior: p, refs: targetsOf(p.left, p.refs) }));
  const nodes = priors.flatMap((p) => splitByReach(p, targets).map((refs) => lowerOne(p, refs, text(p.statement))));
  return nodes.map((node, i) => ({ ...node, id: `prior${i + 1}` }));
}

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
function splitByReach(p: CheckedPrior, all: Targets): References[] {
  const mine = targetsOf(p.left, p.refs);
  const general = mine.find((ref) => ref.kind === 'coefficients' && ref.select.kind !== 'intercept');
  if (general === undefined || general.kind !== 'coefficients' || mine.length !== 1) {
    return [replaceRefs(p.refs, (ref) => withSdExceptions(ref, p, all))];
  }
  const byExceptions = new Map<string, { predictors: NodeId[]; except: string[] }>();
  for (const id of general.predictors) {
    const { covered, except } = coefficientExceptions(general, id, p, all);
    if (covered) continue; // a class's own general prior replaces this one there
    const key = except.join('\n');
    const group = byExceptions.get(key) ?? { predictors: [], except };
    group.predictors.push(id);
    byExceptions.set(key, group);
  }
  return [...byExceptions.values()].map(({ predictors, except }) =>
    replaceRefs(p.refs, (ref) => {
      if (ref !== general || general.kind !== 'coefficients') return ref;
      const { select } = general;
      const narrowed = except.length === 0 || select.kind === 'intercept' ? select : { ...select, except };
      return { ...general, predictors, select: narrowed };
    }),
  );
}

function replaceRefs(refs: References, replace: (ref: ParameterRef) => ParameterRef): References {
  return new Map([...refs].map(([e, ref]): [Expression, ParameterRef] => [e, replace(ref)]));
}

function coefficientExceptions(
  general: Extract<ParameterRef, { kind: 'coefficients' }>,
  id: NodeId,
  p: CheckedPrior,
  all: Targets,
): { covered: boolean; except: string[] } {
  const except = new Set<string>();
  let covered = false;
  for (const { prior, refs } of all) {
    if (prior === p) continue;
    for (const ref of refs) {
      if (ref.kind !== 'coefficients' || !ref.predictors.includes(id)) continue;
      const inside = prior.class !== null && p.class === null;
      if (sameSelection(ref, general)) covered ||= inside;
      else if (ref.select.kind === 'named' && isNarrower(ref.select.name, general)) except.add(ref.select.name);
    }
  }
  return { covered, except: [...except] };
}

function sameSelection(
  a: Extract<ParameterRef, { kind: 'coefficients' }>,
  b: Extract<ParameterRef, { kind: 'coefficients' }>,
): boolean {
  if (a.select.kind === 'named' && b.select.kind === 'named') return a.select.name === b.select.name;
  return a.select.kind === b.select.kind;
}

// A coefficient's name starts with its term's: `trtdrug` is narrower than `trt`.
function isNarrower(name: string, general: Extract<ParameterRef, { kind: 'coefficients' }>): boolean {
  if (general.select.kind === 'slopes') return true;
  return general.select.kind === 'named' && name !== general.select.name && name.startsWith(general.select.name);
}

function withSdExceptions(ref: ParameterRef, p: CheckedPrior, all: Targets): ParameterRef {
  if (ref.kind !== 'sd') return ref;
  const except = all
    .filter(({ prior }) => prior !== p)
    .flatMap(({ refs }) => refs)
    .flatMap((other) =>
      other.kind === 'sd' && other.effect === ref.effect && narrowerColumn(other.column, ref.column)
        ? [other.column]
        : [],
    )
    .filter((column) => column !== null);
  return except.length === 0 ? ref : { ...ref, except: [...new Set(except)] };
}

function narrowerColumn(column: string | null, general: string | null): boolean {
  if (column === null || column === general) return false;
  return general === null || column.startsWith(general);
}
