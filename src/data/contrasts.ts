import type { ContrastCoding } from '../graph/model-graph.js';
import { DataProblem } from './data-problem.js';

/** How a factor's levels become columns. */
export interface Contrast {
  readonly names: readonly string[]; // appended to the factor's name: `recipeB`, `temperature.L`
  readonly matrix: readonly (readonly number[])[]; // levels x columns
}

/** One column of 0/1 per level. */
export function indicatorContrast(levels: readonly string[]): Contrast {
  return { names: levels, matrix: levels.map((_, i) => levels.map((_, j) => (i === j ? 1 : 0))) };
}

/** R's contr.treatment, contr.sum, contr.helmert, contr.poly with the names R gives their columns. */
export function contrastOf(coding: ContrastCoding, levels: readonly string[], factor: string): Contrast {
  const k = levels.length;
  switch (coding.kind) {
    case 'treatment': {
      const base = coding.ref === null ? 0 : levels.indexOf(coding.ref);
      if (base < 0) throw DataProblem.of('MM426', { factor, level: coding.ref ?? '', levels });
      const others = levels.map((_, i) => i).filter((i) => i !== base);
      return {
        names: others.map((i) => levels[i]),
        matrix: levels.map((_, i) => others.map((j) => (i === j ? 1 : 0))),
      };
    }
    case 'sum':
      return {
        names: numbered(k - 1),
        matrix: levels.map((_, i) => numbered(k - 1).map((_, j) => (i === k - 1 ? -1 : i === j ? 1 : 0))),
      };
    case 'helmert':
      return {
        names: numbered(k - 1),
        matrix: levels.map((_, i) => numbered(k - 1).map((_, j) => (i <= j ? -1 : i === j + 1 ? j + 1 : 0))),
      };
    case 'poly':
      return { names: polyNames(k - 1), matrix: orthonormalPolynomials(k) };
  }
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, j) => String(j + 1));
}

function polyNames(count: number): string[] {
  return Array.from({ length: count }, (_, j) => ['.L', '.Q', '.C'][j] ?? `^${j + 1}`);
}

/** Orthonormal polynomials of degrees 1 ... k - 1 at the scores 1 ... k: rows are levels. */
function orthonormalPolynomials(k: number): number[][] {
  const scores = Array.from({ length: k }, (_, i) => i - (k - 1) / 2);
  const basis: number[][] = [scores.map(() => 1 / Math.sqrt(k))];
  for (let degree = 1; degree < k; degree++) {
    // The scores times the last polynomial, made orthogonal to all before it; twice, against rounding.
    const column = scores.map((s, i) => s * basis[degree - 1][i]);
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const t = other.reduce((sum, o, i) => sum + o * column[i], 0);
        for (let i = 0; i < k; i++) column[i] -= t * other[i];
      }
    }
    const length = Math.hypot(...column);
    basis.push(column.map((c) => c / length));
  }
  return scores.map((_, i) => basis.slice(1).map((column) => column[i]));
}
