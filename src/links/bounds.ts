/** Positive parameters stay inside [smallest, largest]: products of a few of them neither vanish nor overflow. */
export const smallest = 1e-300;
export const largest = 1e300;

/** The last number below one: probabilities stay inside [smallest, belowOne]. */
export const belowOne = 1 - 2 ** -53;

export function insideUnit(probability: number): number {
  return Math.min(Math.max(probability, smallest), belowOne);
}
