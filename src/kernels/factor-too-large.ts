/** Offsets are 32-bit integers. */
export const LARGEST = 0x7fffffff;

/** Not our mistake and not to be computed: the design has too many columns per level, or connects too many levels. */
export class FactorTooLarge extends Error {
  override readonly name = 'FactorTooLarge';
  /** @param numbers  how many numbers the matrix or its factor would have */
  constructor(readonly numbers: number) {
    super(`a matrix or its Cholesky factor would have ${numbers} numbers`);
  }
}
