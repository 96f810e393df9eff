import type { ProfiledParameter } from './profile-problem.js';

/**
 * A coefficient's name: of the main predictor as it is, of another `sigma[x]`, as the language writes it; of a class with the class.
 * @param plain  it belongs to the main predictor
 */
export function coefficientNamed(
  name: string,
  predictor: string,
  plain: boolean,
  of: string | null = null,
): ProfiledParameter {
  const shown = plain ? name : `${predictor}[${name}]`;
  return {
    name: of === null ? shown : `${shown}@${of}`,
    kind: 'coefficient',
    group: null,
    terms: [],
    predictor,
    class: of,
  };
}
