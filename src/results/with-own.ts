/**
 * The properties of `of`, with those of `more` beside them or in their place; what is computed when it is first asked for stays
 * so, where a spread would ask for all of it.
 */
export function withOwn<A extends object, B extends object>(of: A, more: B): Omit<A, keyof B> & B {
  // property by property: an object made from descriptors at once is a dictionary, slow to make and to read
  const both = Object.create(Object.prototype);
  for (const key of Reflect.ownKeys(of)) if (!Object.hasOwn(more, key)) put(both, of, key);
  for (const key of Reflect.ownKeys(more)) put(both, more, key);
  return both;
}

function put(into: Record<PropertyKey, unknown>, from: object, key: PropertyKey): void {
  const property = Object.getOwnPropertyDescriptor(from, key);
  if (property === undefined) return;
  if (property.get === undefined && property.enumerable === true && key !== '__proto__') into[key] = property.value;
  else Object.defineProperty(into, key, property);
}
