/**
 * What formula functions learn from the data (means, knots, coefficients of polynomials), by the text of the call, so that
 * prediction codes new rows as the fit did.
 */
export class Remembered {
  private readonly entries: Map<string, readonly number[]>;

  /** @param known what an earlier fit learned; left out: learn from the data at hand */
  constructor(known?: Readonly<Record<string, readonly number[]>>) {
    this.entries = new Map(Object.entries(known ?? {}));
  }

  /** The numbers under `key`; computed and kept where they are not known yet. */
  recall(key: string, learn: () => readonly number[]): readonly number[] {
    const known = this.entries.get(key);
    if (known !== undefined) return known;
    const learned = learn();
    this.entries.set(key, learned);
    return learned;
  }

  toJSON(): Record<string, readonly number[]> {
    return Object.fromEntries(this.entries);
  }
}
