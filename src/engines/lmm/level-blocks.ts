// Blocks are k x k and column-major, k up to 4, with the loops over k written out: as loops over a size that is only known at run time
// the same sums make the deviance by levels take half as long again. Products with the P columns of X are loops all the same: P is any.

/** Arithmetic of blocks of one size. */
export interface BlockArithmetic {
  /** into = A[at ..] B[from ..]. */
  multiply(A: Float64Array, at: number, B: Float64Array, from: number, into: Float64Array): void;
  /** into = A B'. */
  multiplyTransposed(A: Float64Array, B: Float64Array, into: Float64Array): void;
  /**
   * into = L^-1 of M = L L', of which the lower triangle is read; its upper triangle is zero.
   * @returns |L|; NaN, with `into` spoilt, where a pivot is not positive
   */
  invertFactor(M: Float64Array, into: Float64Array): number;
}

const one: BlockArithmetic = {
  multiply(A, at, B, from, into) {
    into[0] = A[at] * B[from];
  },
  multiplyTransposed(A, B, into) {
    into[0] = A[0] * B[0];
  },
  invertFactor(M, into) {
    const root = rootOf(M[0]);
    into[0] = 1 / root;
    return root;
  },
};

const two: BlockArithmetic = {
  multiply(A, at, B, from, into) {
    const a00 = A[at];
    const a10 = A[at + 1];
    const a01 = A[at + 2];
    const a11 = A[at + 3];
    for (let j = 0; j < 4; j += 2) {
      const b0 = B[from + j];
      const b1 = B[from + j + 1];
      into[j] = a00 * b0 + a01 * b1;
      into[j + 1] = a10 * b0 + a11 * b1;
    }
  },
  multiplyTransposed(A, B, into) {
    for (let j = 0; j < 2; j++) {
      const b0 = B[j];
      const b1 = B[j + 2];
      into[2 * j] = A[0] * b0 + A[2] * b1;
      into[2 * j + 1] = A[1] * b0 + A[3] * b1;
    }
  },
  invertFactor(M, into) {
    const l00 = rootOf(M[0]);
    const l10 = M[1] / l00;
    const l11 = rootOf(M[3] - l10 * l10);
    into[0] = 1 / l00;
    into[3] = 1 / l11;
    into[1] = -l10 * into[0] * into[3];
    into[2] = 0;
    return l00 * l11;
  },
};

const three: BlockArithmetic = {
  multiply(A, at, B, from, into) {
    for (let j = 0; j < 9; j += 3) {
      const b0 = B[from + j];
      const b1 = B[from + j + 1];
      const b2 = B[from + j + 2];
      into[j] = A[at] * b0 + A[at + 3] * b1 + A[at + 6] * b2;
      into[j + 1] = A[at + 1] * b0 + A[at + 4] * b1 + A[at + 7] * b2;
      into[j + 2] = A[at + 2] * b0 + A[at + 5] * b1 + A[at + 8] * b2;
    }
  },
  multiplyTransposed(A, B, into) {
    for (let j = 0; j < 3; j++) {
      const b0 = B[j];
      const b1 = B[j + 3];
      const b2 = B[j + 6];
      into[3 * j] = A[0] * b0 + A[3] * b1 + A[6] * b2;
      into[3 * j + 1] = A[1] * b0 + A[4] * b1 + A[7] * b2;
      into[3 * j + 2] = A[2] * b0 + A[5] * b1 + A[8] * b2;
    }
  },
  invertFactor(M, into) {
    const l00 = rootOf(M[0]);
    const i00 = 1 / l00;
    const l10 = M[1] * i00;
    const l20 = M[2] * i00;
    const l11 = rootOf(M[4] - l10 * l10);
    const i11 = 1 / l11;
    const l21 = (M[5] - l20 * l10) * i11;
    const l22 = rootOf(M[8] - l20 * l20 - l21 * l21);
    const i22 = 1 / l22;
    const i10 = -l10 * i00 * i11;
    into[0] = i00;
    into[1] = i10;
    into[2] = -(l20 * i00 + l21 * i10) * i22;
    into[3] = 0;
    into[4] = i11;
    into[5] = -l21 * i11 * i22;
    into[6] = 0;
    into[7] = 0;
    into[8] = i22;
    return l00 * l11 * l22;
  },
};

const four: BlockArithmetic = {
  multiply(A, at, B, from, into) {
    for (let j = 0; j < 16; j += 4) {
      const b0 = B[from + j];
      const b1 = B[from + j + 1];
      const b2 = B[from + j + 2];
      const b3 = B[from + j + 3];
      into[j] = A[at] * b0 + A[at + 4] * b1 + A[at + 8] * b2 + A[at + 12] * b3;
      into[j + 1] = A[at + 1] * b0 + A[at + 5] * b1 + A[at + 9] * b2 + A[at + 13] * b3;
      into[j + 2] = A[at + 2] * b0 + A[at + 6] * b1 + A[at + 10] * b2 + A[at + 14] * b3;
      into[j + 3] = A[at + 3] * b0 + A[at + 7] * b1 + A[at + 11] * b2 + A[at + 15] * b3;
    }
  },
  multiplyTransposed(A, B, into) {
    for (let j = 0; j < 4; j++) {
      const b0 = B[j];
      const b1 = B[j + 4];
      const b2 = B[j + 8];
      const b3 = B[j + 12];
      into[4 * j] = A[0] * b0 + A[4] * b1 + A[8] * b2 + A[12] * b3;
      into[4 * j + 1] = A[1] * b0 + A[5] * b1 + A[9] * b2 + A[13] * b3;
      into[4 * j + 2] = A[2] * b0 + A[6] * b1 + A[10] * b2 + A[14] * b3;
      into[4 * j + 3] = A[3] * b0 + A[7] * b1 + A[11] * b2 + A[15] * b3;
    }
  },
  invertFactor(M, into) {
    const l00 = rootOf(M[0]);
    const i00 = 1 / l00;
    const l10 = M[1] * i00;
    const l20 = M[2] * i00;
    const l30 = M[3] * i00;
    const l11 = rootOf(M[5] - l10 * l10);
    const i11 = 1 / l11;
    const l21 = (M[6] - l20 * l10) * i11;
    const l31 = (M[7] - l30 * l10) * i11;
    const l22 = rootOf(M[10] - l20 * l20 - l21 * l21);
    const i22 = 1 / l22;
    const l32 = (M[11] - l30 * l20 - l31 * l21) * i22;
    const l33 = rootOf(M[15] - l30 * l30 - l31 * l31 - l32 * l32);
    const i33 = 1 / l33;
    const i10 = -l10 * i00 * i11;
    const i21 = -l21 * i11 * i22;
    const i20 = -(l20 * i00 + l21 * i10) * i22;
    into[0] = i00;
    into[1] = i10;
    into[2] = i20;
    into[3] = -(l30 * i00 + l31 * i10 + l32 * i20) * i33;
    into[4] = 0;
    into[5] = i11;
    into[6] = i21;
    into[7] = -(l31 * i11 + l32 * i21) * i33;
    into[8] = 0;
    into[9] = 0;
    into[10] = i22;
    into[11] = -l32 * i22 * i33;
    into[12] = 0;
    into[13] = 0;
    into[14] = 0;
    into[15] = i33;
    return l00 * l11 * l22 * l33;
  },
};

function rootOf(pivot: number): number {
  return pivot > 0 ? Math.sqrt(pivot) : Number.NaN;
}

const bySize: readonly BlockArithmetic[] = [one, two, three, four];

/** Levels have no more effects than this. */
export const largestBlock = bySize.length;

/** @param k  1 to `largestBlock` */
export function blockArithmetic(k: number): BlockArithmetic {
  return bySize[k - 1];
}
