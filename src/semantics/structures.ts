/** Calls that stand around a random effect: its covariance, or a constraint on its levels. */
export const structureNames = ['us', 'diag', 'cs', 'homcs', 'ar1', 'car1', 'sum_to_zero'] as const;
export type StructureName = (typeof structureNames)[number];

export function isStructureName(name: string): name is StructureName {
  return (structureNames as readonly string[]).includes(name);
}

/** Structures of correlated errors, `cor = ar1(time | g)`. */
export const errorStructureNames = ['ar1', 'car1', 'cs', 'us'] as const;
export type ErrorStructureName = (typeof errorStructureNames)[number];

export function isErrorStructureName(name: string): name is ErrorStructureName {
  return (errorStructureNames as readonly string[]).includes(name);
}
