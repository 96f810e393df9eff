import type { Fit } from './fit.js';
import { type ResultTable, type TableCell, tableFrom } from './result-table.js';

/** The tables that `fitTable` makes, as `mm fit --table` names them. */
export const fitTableNames = ['coefficients', 'varcomp', 'ranef', 'fitted', 'classes'] as const;
/** One of `fitTableNames`. */
export type FitTableName = (typeof fitTableNames)[number];

/** A table of a fit, a line for each coefficient, variance parameter, random effect, row or group. */
export function fitTable(fit: Fit, name: FitTableName): ResultTable {
  switch (name) {
    case 'coefficients':
      return tableFrom(name, coefficientRows(fit));
    case 'varcomp':
      return tableFrom(name, varianceRows(fit));
    case 'ranef':
      return tableFrom(name, effectRows(fit));
    case 'fitted':
      return {
        name,
        columns: [
          { name: 'row', values: Array.from(fit.fitted, (_, i) => i + 1) },
          { name: 'fitted', values: fit.fitted },
          { name: 'linear', values: fit.linear },
          { name: 'residual', values: fit.residuals },
        ],
      };
    case 'classes':
      return tableFrom(name, classRows(fit));
  }
}

function coefficientRows(fit: Fit): Record<string, TableCell>[] {
  return fit.fixef.map((f) => ({
    name: f.name,
    predictor: f.predictor,
    class: f.class,
    estimate: f.estimate,
    se: f.se,
    statistic: f.statistic,
    df: f.df,
    p: f.p,
  }));
}

/** Standard deviations, correlations, sigma and the family's own parameters. */
function varianceRows(fit: Fit): Record<string, TableCell>[] {
  const rows: Record<string, TableCell>[] = [];
  const add = (
    kind: string,
    group: string | null,
    term: string | null,
    term2: string | null,
    of: string | null,
    estimate: TableCell,
  ) => rows.push({ kind, group, class: of, term, term2, estimate });
  for (const v of fit.varcorr) {
    v.sd.forEach((sd, i) => {
      add('sd', v.group, v.terms[i] ?? null, null, v.class, sd);
    });
    if (v.serial !== undefined) add('cor', v.group, v.serial.structure, null, v.class, v.serial.correlation);
    else
      for (let i = 1; i < v.sd.length; i++)
        for (let j = 0; j < i; j++)
          add('cor', v.group, v.terms[j] ?? null, v.terms[i] ?? null, v.class, v.cor[i]?.[j] ?? null);
  }
  const own = Object.entries(fit.familyParameters);
  if (
    fit.sigma !== null &&
    (fit.engine === 'lmm' || own.length === 0 || fit.sigma !== 1) &&
    !('sigma' in fit.familyParameters)
  )
    add('sigma', null, null, null, null, fit.sigma);
  for (const [name, value] of own) add('parameter', null, name, null, null, value);
  return rows;
}

function effectRows(fit: Fit): Record<string, TableCell>[] {
  return fit.ranef.flatMap(({ group, class: of, levels, terms, mode, sd }) =>
    levels.flatMap((level, l) =>
      terms.flatMap((term, c) => {
        const value = mode[l]?.[c];
        if (value === undefined || Number.isNaN(value)) return [];
        return [{ group, class: of, level, term, mode: value, sd: sd[l]?.[c] ?? null }];
      }),
    ),
  );
}

function classRows({ mixture }: Fit): Record<string, TableCell>[] {
  if (mixture === null) return [];
  const { levels, probabilities } = mixture.posterior;
  return levels.flatMap((level, i) =>
    mixture.classes.map((name, k) => ({
      [mixture.per ?? 'row']: level,
      class: name,
      probability: probabilities[i]?.[k] ?? null,
    })),
  );
}
