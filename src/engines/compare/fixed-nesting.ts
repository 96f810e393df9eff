import type { PredictorDesign } from '../../data/design.js';
import { familiesIn } from '../../graph/walk-graph.js';
import { links } from '../../links/index.js';
import { type LinkName, linkNames } from '../../links/link.js';
import { heldCoefficients } from '../glmm/held-parameters.js';
import { ColumnSpan } from './column-span.js';
import type { BoundModel } from './comparable.js';

/** The fixed part of one parameter: eta = offset + X beta over the free coefficients. */
interface FixedPart {
  readonly key: string; // parameter and class
  readonly shown: string;
  readonly link: string;
  readonly columns: readonly { readonly coefficient: number; readonly values: Float64Array }[];
  readonly offset: Float64Array | null;
  /** One number for all rows, whatever the coefficients. */
  readonly constant: boolean;
}

/**
 * Whether every linear predictor of a is one of b: the columns of a, and what its offsets differ by, lie in the span of b's. A
 * parameter that is constant in a may have another link in b, if b's predictor has constants in it.
 * @returns null, or the parameter whose effects are not contained
 */
export function fixedDifference(a: BoundModel, b: BoundModel): string | null {
  const { rows } = a.design;
  const partsOfA = fixedParts(a);
  const partsOfB = new Map(fixedParts(b).map((p) => [p.key, p]));
  if (partsOfA.length !== partsOfB.size) return 'parameters of the family';
  const together: [FixedPart, FixedPart][] = [];
  for (const own of partsOfA) {
    const other = partsOfB.get(own.key);
    if (other === undefined) return `parameter ${own.shown}`;
    if (own.link === other.link) together.push([own, other]);
    else if (!own.constant || other.offset !== null || !spanOf(other, rows).contains(new Float64Array(rows).fill(1)))
      return `link of ${own.shown}`;
  }
  if (!shares(together.map(([own]) => own)) && !shares(together.map(([, other]) => other))) {
    for (const [own, other] of together) {
      const span = spanOf(other, rows);
      if (own.columns.some((c) => !span.contains(c.values)) || !span.contains(offsetGap(own, other, rows)))
        return `fixed effects of ${own.shown}`;
    }
    return null;
  }
  return stackedDifference(together, rows);
}

/** Where predictors share coefficients, only all of them together span what the model says. */
function stackedDifference(together: readonly (readonly [FixedPart, FixedPart])[], rows: number): string | null {
  const length = rows * together.length;
  const stack = (side: 0 | 1): Map<number, Float64Array> => {
    const columns = new Map<number, Float64Array>();
    together.forEach((pair, d) => {
      for (const { coefficient, values } of pair[side].columns) {
        const column = columns.get(coefficient) ?? new Float64Array(length);
        column.set(values, d * rows);
        columns.set(coefficient, column);
      }
    });
    return columns;
  };
  const span = new ColumnSpan(length);
  for (const column of stack(1).values()) span.add(column);
  for (const column of stack(0).values()) if (!span.contains(column)) return 'fixed effects';
  const gap = new Float64Array(length);
  together.forEach(([own, other], d) => {
    gap.set(offsetGap(own, other, rows), d * rows);
  });
  return span.contains(gap) ? null : 'offsets';
}

function spanOf(part: FixedPart, rows: number): ColumnSpan {
  const span = new ColumnSpan(rows);
  for (const { values } of part.columns) span.add(values);
  return span;
}

function offsetGap(own: FixedPart, other: FixedPart, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => (own.offset?.[i] ?? 0) - (other.offset?.[i] ?? 0));
}

function shares(parts: readonly FixedPart[]): boolean {
  const all = parts.flatMap((p) => p.columns.map((c) => c.coefficient));
  return new Set(all).size < all.length;
}

/** The parts of all parameters that are predicted or given as a number. */
function fixedParts(of: BoundModel): FixedPart[] {
  const { graph, design } = of;
  const held = heldCoefficients(graph, design);
  const predicted = design.predictors.map((p) => partOf(p, held, design.rows));
  const keys = new Set(predicted.map((p) => p.key));
  const given = graph.likelihoods.flatMap((likelihood) =>
    familiesIn(likelihood.family).flatMap((family) =>
      family.arguments.flatMap((x): FixedPart[] => {
        const key = keyOf(x.name, likelihood.class);
        if (x.kind !== 'number' || keys.has(key)) return [];
        const offset = new Float64Array(design.rows).fill(x.value);
        return [{ key, shown: x.name, link: 'identity', columns: [], offset, constant: true }];
      }),
    ),
  );
  return [...predicted, ...given];
}

function keyOf(parameter: string, of: string | null): string {
  return JSON.stringify([parameter, of]);
}

function partOf(p: PredictorDesign, held: ReadonlyMap<number, number>, rows: number): FixedPart {
  const columns: FixedPart['columns'][number][] = [];
  let { offset } = p;
  Array.from(p.columns).forEach((coefficient, j) => {
    const values = p.X.slice(j * rows, (j + 1) * rows);
    const value = held.get(coefficient);
    if (value === undefined) columns.push({ coefficient, values });
    else offset = values.map((v, i) => (offset?.[i] ?? 0) + value * v);
  });
  const still = (v: Float64Array): boolean => v.every((x) => x === v[0]);
  const constant = columns.every((c) => still(c.values)) && (offset === null || still(offset)) && p.random.length === 0;
  const shown = p.class === null ? p.parameter : `${p.parameter} of ${p.class}`;
  return { key: keyOf(p.parameter, p.class), shown, link: linkOf(p.link), columns, offset, constant };
}

function linkOf(name: string): LinkName {
  return linkNames.find((known) => known === name && links[known] !== undefined) ?? 'identity';
}
