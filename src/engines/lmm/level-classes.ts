import { largestBlock } from './level-blocks.js';
import type { LmmWork } from './lmm-work.js';

/**
 * Levels of the model's only grouping factor, those with the same Z'Z and Z'X as one class: the deviance tells them apart by their
 * response alone, of which it asks for sums of squares [LMM-20]. In a balanced design all levels are one class.
 */
export interface LevelClasses {
  readonly size: number; // k: effects of a level
  readonly fixed: number; // P
  readonly count: number;
  readonly levels: Float64Array; // count: levels of each class
  readonly classOf: Int32Array; // by level
  readonly A: Float64Array; // count x k x k, column-major: Z'Z of a level
  readonly B: Float64Array; // count x k x P, row-major: Z'X of a level
}

/** What the response adds: over the levels of each class the sums of b = Z'y, and of b b'. */
export interface ClassMoments {
  readonly sums: Float64Array; // count x k
  readonly squares: Float64Array | null; // count x k x k; null: each level is a class of its own
}

/** As many levels that are all different say that looking for equal ones is in vain. */
const enoughDifferent = 64;
/** More products of effects and coefficients are the general kernels' affair. */
const mostPairs = 40;

/**
 * Null for models with more grouping factors than one, larger blocks, priors, structure in the errors, constraints, or covariances that
 * are not linear.
 */
export function levelClasses(work: LmmWork): LevelClasses | null {
  const { layout, settings, products, m, P } = work;
  if (layout.blocks.length !== 1 || m > 0 || work.priors !== null || work.residual !== null) return null;
  if (settings.fixedSigma !== null) return null;
  const [{ model, size: k, levels, templates }] = layout.blocks;
  if ((model.name !== 'us' && model.name !== 'diag') || templates.length !== 1) return null;
  if (k > largestBlock || k * P > mostPairs) return null;
  // levels that meet no others: one block after the other
  const squares = products.A;
  const loads = products.ZX;
  const classOf = new Int32Array(levels);
  const first = firstOfEach(squares, k * k, loads, k * P, classOf);
  const count = first.length;
  const number = new Float64Array(count);
  for (const c of classOf) number[c]++;
  const own = { size: k, fixed: P, count, levels: number, classOf };
  if (count === levels) return { ...own, A: squares, B: loads };
  const A = new Float64Array(count * k * k);
  const B = new Float64Array(count * k * P);
  first.forEach((l, c) => {
    A.set(squares.subarray(l * k * k, (l + 1) * k * k), c * k * k);
    B.set(loads.subarray(l * k * P, (l + 1) * k * P), c * k * P);
  });
  return { ...own, A, B };
}

/**
 * Writes the class of each level.
 * @param a  `wide` numbers of each level, and b `more` of them: equal where all their bits are
 * @returns  the first level of each class
 */
function firstOfEach(a: Float64Array, wide: number, b: Float64Array, more: number, classOf: Int32Array): Int32Array {
  const bitsOfA = new Int32Array(a.buffer, a.byteOffset, 2 * a.length);
  const bitsOfB = new Int32Array(b.buffer, b.byteOffset, 2 * b.length);
  const known = new Map<number, number>(); // the latest class of a hash
  const first = new Int32Array(classOf.length);
  let count = 0;
  const before: number[] = []; // the class before with the same hash
  const equal = (l: number, k: number): boolean => {
    for (let e = 0; e < 2 * wide; e++) if (bitsOfA[2 * l * wide + e] !== bitsOfA[2 * k * wide + e]) return false;
    for (let e = 0; e < 2 * more; e++) if (bitsOfB[2 * l * more + e] !== bitsOfB[2 * k * more + e]) return false;
    return true;
  };
  for (let l = 0; l < classOf.length; l++) {
    let found = -1;
    if (l < enoughDifferent || count < l) {
      const hash = hashOf(bitsOfB, 2 * l * more, 2 * more, hashOf(bitsOfA, 2 * l * wide, 2 * wide, 0));
      found = known.get(hash) ?? -1;
      while (found >= 0 && !equal(l, first[found])) found = before[found];
      if (found < 0) {
        before.push(known.get(hash) ?? -1);
        known.set(hash, count);
      }
    }
    if (found < 0) {
      found = count++;
      first[found] = l;
    }
    classOf[l] = found;
  }
  return first.subarray(0, count);
}

function hashOf(bits: Int32Array, from: number, count: number, start: number): number {
  let hash = start;
  for (let e = from; e < from + count; e++) hash = Math.imul(hash ^ bits[e], 0x9e3779b1) ^ (hash >>> 15);
  return hash;
}

/**
 * @param Zy    levels x k, of the response at hand; kept where each level is a class of its own
 * @param room  moments of the same classes that nobody needs any more
 */
export function momentsOf(classes: LevelClasses, Zy: Float64Array, room: ClassMoments | null): ClassMoments {
  const { count, size: k, classOf } = classes;
  if (count === classOf.length) return { sums: Zy, squares: null };
  const sums = room === null ? new Float64Array(count * k) : room.sums.fill(0);
  const squares = room?.squares?.fill(0) ?? new Float64Array(count * k * k);
  for (let l = 0; l < classOf.length; l++) {
    const c = classOf[l] * k;
    for (let r = 0; r < k; r++) {
      const b = Zy[l * k + r];
      sums[c + r] += b;
      const to = (c + r) * k;
      for (let s = 0; s < k; s++) squares[to + s] += b * Zy[l * k + s];
    }
  }
  return { sums, squares };
}
