import type { Design, NewRows } from '../data/design.js';

/** The rows of a fit in the form of new rows: what coding them again would give. */
export function designRows(design: Design): NewRows {
  const { rows, predictors, blocks, classGroup, likelihoods } = design;
  return {
    rows,
    predictors,
    blocks: blocks.map(({ group, positions, columnStart }, b) => {
      const use = predictors.flatMap((p) => p.random).find((u) => u.block === b);
      const column = use?.z.kind === 'indicator' ? use.z.column : null;
      return {
        codes: group.codes,
        labels: group,
        position:
          positions === null || column === null
            ? null
            : Float64Array.from(group.codes, (code, i) => positions[columnStart[code] + column[i]]),
      };
    }),
    classGroup: classGroup?.codes ?? null,
    ...(classGroup === null ? {} : { classLabels: classGroup }),
    data: likelihoods.map(
      ({ data, weights }) => new Map([...data, ...(weights === null ? [] : [['weights', weights] as const])]),
    ),
    errors: likelihoods.map(({ correlation }) =>
      correlation === null ? null : { group: correlation.group, position: correlation.position },
    ),
  };
}
