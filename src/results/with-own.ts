/**
 * The properties of `of`, with those of `more` beside them or in their place; what is computed when it is first asked for stays
 * so, where a spread would ask for all of it.
 */
export function withOwn<A extends object, B extends object>(of: A, more: B): Omit<A, keyof B> & B {
  return Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(of),
    ...Object.getOwnPropertyDescriptors(more),
  });
}
