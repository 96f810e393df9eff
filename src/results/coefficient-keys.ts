/** What tells coefficients apart: of a fit, or of a model that was bound to data. */
export interface NamedCoefficient {
  readonly name: string;
  readonly predictor: string;
  readonly class: string | null;
}

/**
 * One key per coefficient: of the first predictor its name alone, of another `zi[x]`, in a class `x@low`; as `mm confint` calls them.
 * A name that occurs again (in two parts of one predictor, say) is numbered, `x#2`.
 */
export function coefficientKeys(coefficients: readonly NamedCoefficient[]): string[] {
  const main = coefficients[0]?.predictor;
  const seen = new Map<string, number>();
  return coefficients.map(({ name, predictor, class: of }) => {
    const shown = predictor === main ? name : `${predictor}[${name}]`;
    const key = of === null ? shown : `${shown}@${of}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? key : `${key}#${times}`;
  });
}

/** The key of a grouping factor's random effects: a class's own are told apart by the class. */
export function effectKey(group: string, of: string | null): string {
  return of === null ? group : `${group}@${of}`;
}
