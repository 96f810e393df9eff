// Loops over rows or random effects, each alone in its function. V8 compiles such a function after a few calls, wherever they
// come from, and never the function that calls it: a first fit spends most of its time on loops that are not compiled yet,
// and on compiling functions of which only a loop is worth it. `n` numbers from `start`, `from` or `at` on.

/** into[start ..] += f x[from ..]. */
export function addMultiple(
  into: Float64Array,
  start: number,
  f: number,
  x: Float64Array,
  from: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) into[start + i] += f * x[from + i];
}

/** into = a + f b, all of the same length; `into` may be `a`. */
export function sumInto(into: Float64Array, a: Float64Array, f: number, b: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] = a[i] + f * b[i];
}

/** into = f x, of the length of `into`, x from `from` on. */
export function multipleInto(into: Float64Array, f: number, x: Float64Array, from: number): void {
  for (let i = 0; i < into.length; i++) into[i] = f * x[from + i];
}

/** into = f x y, of the length of `into`, x and y from where is said. */
export function productsInto(
  into: Float64Array,
  f: number,
  x: Float64Array,
  fromX: number,
  y: Float64Array,
  fromY: number,
): void {
  for (let i = 0; i < into.length; i++) into[i] = f * x[fromX + i] * y[fromY + i];
}

/** into[start ..] += f x[fromX ..] y[fromY ..]. */
export function addProducts(
  into: Float64Array,
  start: number,
  f: number,
  x: Float64Array,
  fromX: number,
  y: Float64Array,
  fromY: number,
  n: number,
): void {
  for (let i = 0; i < n; i++) into[start + i] += f * x[fromX + i] * y[fromY + i];
}

/** Sum of x[fromX ..] y[fromY ..]. */
export function dotProduct(x: Float64Array, fromX: number, y: Float64Array, fromY: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[fromX + i] * y[fromY + i];
  return sum;
}

/** Sum of x[from ..]. */
export function sumOf(x: Float64Array, from: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += x[from + i];
  return sum;
}
