// The dense kernels of ../../dense-kernels.ts. Offsets and leading dimensions arrive in numbers and become bytes here.
import { factor, inverseFromFactor as inverse, solveRight as solve } from './cholesky';
import { BASE, FULL, GENERAL, LOWER, multiply, ROOM, SYMMETRIC } from './multiply';
import { addGatheredTimes as addTimes, gather as gatherFrom, subtractSquareScattered as scatter } from './scattered';
import { solveTransposed } from './triangular';

export { done, help, join, lead } from './team';

function at(offset: i32): usize {
  return BASE + (<usize>offset << 3);
}

/** First byte that belongs to the caller. */
export function base(): usize {
  return BASE;
}
/** Bytes that each helper wants for itself. */
export function room(): usize {
  return ROOM;
}
export function cholesky(n: i32, a: i32, lda: i32): i32 {
  return factor(n, at(a), lda << 3);
}
export function solveRightTransposed(m: i32, n: i32, l: i32, ldl: i32, b: i32, ldb: i32): void {
  solveTransposed(m, n, at(l), 8, ldl << 3, at(b), ldb << 3);
}
export function solveRight(m: i32, n: i32, l: i32, ldl: i32, b: i32, ldb: i32): void {
  solve(m, n, at(l), ldl << 3, at(b), ldb << 3);
}
export function subtractSquare(n: i32, k: i32, a: i32, lda: i32, c: i32, ldc: i32): void {
  multiply(n, n, k, at(a), 8, lda << 3, at(a), lda << 3, 8, at(c), ldc << 3, LOWER, GENERAL);
}
export function subtractTimesTransposed(
  m: i32,
  n: i32,
  k: i32,
  a: i32,
  lda: i32,
  b: i32,
  ldb: i32,
  c: i32,
  ldc: i32,
): void {
  multiply(m, n, k, at(a), 8, lda << 3, at(b), ldb << 3, 8, at(c), ldc << 3, FULL, GENERAL);
}
export function subtractTimes(
  m: i32,
  n: i32,
  k: i32,
  a: i32,
  lda: i32,
  b: i32,
  ldb: i32,
  c: i32,
  ldc: i32,
): void {
  multiply(m, n, k, at(a), 8, lda << 3, at(b), 8, ldb << 3, at(c), ldc << 3, FULL, GENERAL);
}
export function subtractSymmetricTimes(m: i32, n: i32, a: i32, lda: i32, b: i32, ldb: i32, c: i32, ldc: i32): void {
  multiply(m, n, m, at(a), 8, lda << 3, at(b), 8, ldb << 3, at(c), ldc << 3, FULL, SYMMETRIC);
}
export function subtractSymmetricProduct(n: i32, k: i32, a: i32, lda: i32, b: i32, ldb: i32, c: i32, ldc: i32): void {
  multiply(n, n, k, at(a), lda << 3, 8, at(b), 8, ldb << 3, at(c), ldc << 3, LOWER, GENERAL);
}
export function inverseFromFactor(n: i32, l: i32, ldl: i32, scratch: i32): void {
  inverse(n, at(l), ldl << 3, at(scratch));
}
/** Here and below `places` counts in numbers, too, though what stands there is half as long. */
export function subtractSquareScattered(m: i32, n: i32, k: i32, a: i32, lda: i32, places: i32, c: i32, ldc: i32): void {
  scatter(m, n, k, at(a), lda << 3, at(places), at(c), ldc << 3);
}
export function addGatheredTimes(
  m: i32,
  n: i32,
  k: i32,
  places: i32,
  z: i32,
  ldz: i32,
  b: i32,
  ldb: i32,
  g: i32,
  ldg: i32,
): void {
  addTimes(m, n, k, at(places), at(z), ldz << 3, at(b), ldb << 3, at(g), ldg << 3);
}
export function gather(m: i32, n: i32, places: i32, z: i32, ldz: i32, c: i32, ldc: i32): void {
  gatherFrom(m, n, at(places), at(z), ldz << 3, at(c), ldc << 3);
}
