import { InternalError } from '../diagnostics/internal-error.js';
import type { FamilyUse } from './check-family.js';
import type { CheckedArgument, CheckedFamily, CheckedLikelihood, CheckedPredictor } from './checked-model.js';
import type { ClassUse } from './predictor-builder.js';

/** The likelihood of a class, its arguments joined to their predictors; none where the family was not understood. */
export function finishFamily(c: ClassUse, predictors: ReadonlyMap<string, CheckedPredictor>): CheckedLikelihood[] {
  const use = c.likelihood;
  if (use === null || use.family === null) return [];
  return [
    {
      id: c.class === null ? 'y' : `y@${c.class}`,
      class: c.class,
      response: use.response,
      family: joinArguments(use.family, predictors),
      weights: use.family.weights,
      correlation: use.family.correlation,
      span: use.statement.span,
    },
  ];
}

function joinArguments(use: FamilyUse, predictors: ReadonlyMap<string, CheckedPredictor>): CheckedFamily {
  const args = use.arguments.map((a): CheckedArgument => {
    if (a.kind === 'data') return { kind: 'data', name: a.name, value: a.value };
    if (a.kind === 'number' || a.kind === 'link') return a;
    const predictor = predictors.get(a.parameter.name);
    if (predictor === undefined) throw new InternalError('a parameter without its predictor', a.parameter.name);
    return { kind: 'predictor', name: a.parameter.name, predictor: predictor.id };
  });
  const base = use.base === null ? null : joinArguments(use.base, predictors);
  return { name: use.name, base, arguments: args, span: use.call.span };
}
