import { InternalError } from '../diagnostics/internal-error.js';
import { createRng, shuffleInPlace } from './rng.js';
import { sobolTable } from './sobol-table.js';
import { normalQuantile } from './special/normal.js';

/** Most dimensions that `sobolPoints` has direction numbers for. */
export const sobolDimensions = sobolTable.length + 1;

const bits = 32;

/** Direction numbers of one dimension (0-based), as 32-bit integers, the first with the highest bit set. */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) {
    for (let k = 0; k < bits; k++) v[k] = 1 << (bits - 1 - k);
    return v;
  }
  const [polynomial, ...m] = sobolTable[dimension - 1];
  const degree = m.length;
  for (let k = 0; k < bits; k++) {
    if (k < degree) v[k] = m[k] << (bits - 1 - k);
    else {
      let t = v[k - degree] ^ (v[k - degree] >>> degree);
      for (let j = 1; j < degree; j++) if ((polynomial >>> (degree - j)) & 1) t ^= v[k - j];
      v[k] = t;
    }
  }
  return v;
}

/**
 * The first points of the Sobol sequence in Gray-code order, as 32-bit integers.
 * @returns count x dimension, row-major
 */
export function sobolIntegers(count: number, dimension: number): Uint32Array {
  if (!(dimension >= 0 && dimension <= sobolDimensions))
    throw new InternalError(`sobolIntegers: dimension beyond ${sobolDimensions}`, dimension);
  const points = new Uint32Array(count * dimension);
  for (let d = 0; d < dimension; d++) {
    const v = directions(d);
    let x = 0;
    for (let i = 1; i < count; i++) {
      x ^= v[Math.min(31 - Math.clz32(i & -i), bits - 1)];
      points[i * dimension + d] = x;
    }
  }
  return points;
}

/** A well-mixed function of two 32-bit numbers (the finaliser of MurmurHash3, twice). */
function mix(a: number, b: number): number {
  let h = a ^ Math.imul(b, 0x9e3779b1);
  for (let round = 0; round < 2; round++) {
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
    h = (h + b) | 0;
  }
  return h >>> 0;
}

/** Digits whose flips depend on the digits above them; 4096 points share no more, and those of a larger net may flip the rest together. */
const nested = 12;

/**
 * Owen's nested uniform scrambling: each of the first binary digits is flipped by a random bit that depends on all digits above
 * it, which keeps the net's balance and makes every point uniform. Those below them, and what is below the 32nd, are uniform, too.
 * @param flips  the bits of the first digits, by the digits above with a one before them; the others are found anew
 */
function scramble(x: number, seed: number, flips: Uint8Array): number {
  let y = 0;
  for (let k = 0; k < nested; k++) {
    // the one tells prefixes of different length apart: 0 and 00 would share their bit
    const prefix = k === 0 ? 1 : (1 << k) | (x >>> (bits - k));
    const flip = prefix < flips.length ? flips[prefix] : mix(seed, prefix) & 1;
    y = (y << 1) | (((x >>> (bits - 1 - k)) & 1) ^ flip);
  }
  const rest = bits - nested;
  const low = (x ^ mix(seed, (1 << nested) | (x >>> rest))) & ((1 << rest) - 1);
  y = ((y << rest) | low) >>> 0;
  return (y + (mix(mix(seed, x), bits) + 0.5) / 2 ** 32) / 2 ** 32;
}

/** The flips of the digits that `count` points share with each other. */
function sharedFlips(count: number, seed: number): Uint8Array {
  const flips = new Uint8Array(Math.min(1 << nested, 2 ** Math.ceil(Math.log2(Math.max(count, 1)))));
  for (let prefix = 1; prefix < flips.length; prefix++) flips[prefix] = mix(seed, prefix) & 1;
  return flips;
}

/**
 * Scrambled Sobol points on the open unit cube. Balanced when `count` is a power of two.
 * @param key  seed; the same key gives the same points, and fewer points are the first of more
 * @returns    count x dimension, row-major
 */
export function sobolPoints(count: number, dimension: number, key: number | string): Float64Array {
  const integers = sobolIntegers(count, dimension);
  const rng = createRng(`sobol/${key}`);
  const points = new Float64Array(count * dimension);
  for (let d = 0; d < dimension; d++) {
    const seed = rng.integer(2 ** 32);
    const flips = sharedFlips(count, seed);
    for (let i = 0; i < count; i++) {
      const u = scramble(integers[i * dimension + d], seed, flips);
      points[i * dimension + d] = u < 1 ? u : 1 - Number.EPSILON / 2; // rounding may reach 1
    }
  }
  return points;
}

/**
 * Halton points on the open unit cube with random digit permutations in every place of every base, for any number of
 * dimensions; for more than about ten Sobol points are better.
 * @returns count x dimension, row-major
 */
export function haltonPoints(count: number, dimension: number, key: number | string): Float64Array {
  const rng = createRng(`halton/${key}`);
  const bases = primes(dimension);
  const points = new Float64Array(count * dimension);
  for (let d = 0; d < dimension; d++) {
    const base = bases[d];
    // digits down to the resolution of a double; beyond the last one the rest is uniform
    const places = Math.ceil(40 / Math.log2(base));
    const tables = Array.from({ length: places }, () => {
      const table = Int32Array.from({ length: base }, (_, i) => i);
      shuffleInPlace(table, rng);
      return table;
    });
    for (let i = 0; i < count; i++) {
      let rest = i;
      let unit = 1 / base;
      let x = 0;
      for (let place = 0; place < places; place++) {
        x += tables[place][rest % base] * unit;
        rest = Math.floor(rest / base);
        unit /= base;
      }
      points[i * dimension + d] = x + rng.uniform() * unit * base;
    }
  }
  return points;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** Uniforms to standard normals, in place. */
export function normalsInPlace(points: Float64Array): void {
  for (let i = 0; i < points.length; i++) points[i] = normalQuantile(points[i]);
}
