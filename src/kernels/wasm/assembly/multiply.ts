// C -= A B for any strides, by packed panels: A in blocks of MC x KC cut into strips of four rows, B in blocks of KC x NC cut
// into strips of four columns, both contiguous in the order the inner loop reads them and padded with zeros. The inner
// loop keeps a 4 x 4 tile of C in eight registers. Strides are in bytes and may be negative.
import { Job, perform, theJob } from './team';

export const MC: i32 = 64;
export const KC: i32 = 256;
export const NC: i32 = 512;
/** Room of a thread for what it is at: packed A, packed B, one tile. */
const PACKED_B: usize = <usize>(MC * KC) << 3;
const TILE: usize = PACKED_B + (<usize>(KC * NC) << 3);
export const ROOM: usize = TILE + 128;
/** The start of the memory is ours: what threads tell each other, and the room of the one that asks. Callers' offsets count from BASE. */
const SHARED: usize = 256; // 128 for the job
export const BASE: usize = SHARED + ROOM;

/** Where this thread's room is: helpers have theirs elsewhere. */
let room: usize = SHARED;

export function moveTo(start: usize): void {
  room = start;
}

/** What of C is wanted. */
export const FULL: i32 = 0;
export const LOWER: i32 = 1;
/** How A is stored. */
export const GENERAL: i32 = 0;
export const SYMMETRIC: i32 = 1; // only its lower triangle

/** @param places  where it is not 0: C(i, j) stands in row places[i] and column places[j] of what begins at c */
export function multiply(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  c: usize,
  cColumn: i32,
  part: i32,
  kind: i32,
  places: usize = 0,
): void {
  const packedB = room + PACKED_B;
  const job = theJob();
  job.solve = false;
  job.a = a;
  job.aRow = aRow;
  job.aColumn = aColumn;
  job.b = packedB;
  job.c = c;
  job.cColumn = cColumn;
  job.part = part;
  job.kind = kind;
  job.places = places;
  for (let jc = 0; jc < n; jc += NC) {
    const nb = min(NC, n - jc);
    const first = part === LOWER ? jc - (jc % MC) : 0;
    job.jc = jc;
    job.n = nb;
    for (let pc = 0; pc < k; pc += KC) {
      const kb = min(KC, k - pc);
      pack(packedB, nb, kb, b + pc * bRow + jc * bColumn, bColumn, bRow);
      job.pc = pc;
      job.k = kb;
      perform(first, m, 2 * <f64>(m - first) * <f64>nb * <f64>kb);
    }
  }
}

/** What rows first .. m of the job's columns of C are owed by its columns of A, with that part of B packed. */
export function multiplyRows(job: Job, first: i32, m: i32): void {
  const jc = job.jc;
  const nb = job.n;
  const pc = job.pc;
  const kb = job.k;
  const packedB = job.b;
  const c = job.c;
  const cColumn = job.cColumn;
  const part = job.part;
  const places = job.places;
  const packedA = room;
  const scratch = room + TILE;
  for (let ic = first; ic < m; ic += MC) {
    const mb = min(MC, m - ic);
    if (job.kind === SYMMETRIC) packSymmetric(packedA, mb, kb, job.a, job.aColumn, ic, pc);
    else pack(packedA, mb, kb, job.a + ic * job.aRow + pc * job.aColumn, job.aRow, job.aColumn);
    for (let jr = 0; jr < nb; jr += 4) {
      const strip = packedB + (<usize>(jr * kb) << 3);
      const j = jc + jr;
      const nr = min(4, nb - jr);
      for (let ir = 0; ir < mb; ir += 4) {
        const i = ic + ir;
        if (part === LOWER && i + 3 < j) continue;
        const from = packedA + (<usize>(ir * kb) << 3);
        const mr = min(4, mb - ir);
        const whole = mr === 4 && nr === 4 && (part === FULL || i >= j + 3);
        if (whole && places === 0) {
          tile(kb, from, strip, c + (i << 3) + j * cColumn, cColumn);
          continue;
        }
        memory.fill(scratch, 0, 128);
        tile(kb, from, strip, scratch, 32);
        if (whole) {
          scatterTile(scratch, places + (i << 2), places + (j << 2), c, cColumn);
          continue;
        }
        for (let q = 0; q < nr; q++) {
          const column = c + (places === 0 ? j + q : load<i32>(places + ((j + q) << 2))) * cColumn;
          for (let r = part === LOWER ? max(0, j + q - i) : 0; r < mr; r++) {
            const at = column + ((places === 0 ? i + r : load<i32>(places + ((i + r) << 2))) << 3);
            store<f64>(at, load<f64>(at) + load<f64>(scratch + (<usize>(q * 4 + r) << 3)));
          }
        }
      }
    }
  }
}

/** Adds a 4 x 4 tile to the entries of C in these rows and columns. */
function scatterTile(from: usize, rows: usize, columns: usize, c: usize, cColumn: i32): void {
  const r0 = <usize>load<i32>(rows) << 3;
  const r1 = <usize>load<i32>(rows, 4) << 3;
  const r2 = <usize>load<i32>(rows, 8) << 3;
  const r3 = <usize>load<i32>(rows, 12) << 3;
  for (let q = 0; q < 4; q++) {
    const column = c + load<i32>(columns + (q << 2)) * cColumn;
    store<f64>(column + r0, load<f64>(column + r0) + load<f64>(from));
    store<f64>(column + r1, load<f64>(column + r1) + load<f64>(from, 8));
    store<f64>(column + r2, load<f64>(column + r2) + load<f64>(from, 16));
    store<f64>(column + r3, load<f64>(column + r3) + load<f64>(from, 24));
    from += 32;
  }
}

/** Strips of four rows; of columns where the strides change places. */
function pack(to: usize, m: i32, k: i32, a: usize, aRow: i32, aColumn: i32): void {
  for (let i = 0; i < m; i += 4) {
    let from = a + i * aRow;
    if (m - i >= 4) {
      if (aRow === 8) {
        for (let p = 0; p < k; p++) {
          v128.store(to, v128.load(from));
          v128.store(to, v128.load(from, 16), 16);
          to += 32;
          from += aColumn;
        }
      } else {
        for (let p = 0; p < k; p++) {
          store<f64>(to, load<f64>(from));
          store<f64>(to, load<f64>(from + aRow), 8);
          store<f64>(to, load<f64>(from + 2 * aRow), 16);
          store<f64>(to, load<f64>(from + 3 * aRow), 24);
          to += 32;
          from += aColumn;
        }
      }
    } else {
      for (let p = 0; p < k; p++) {
        for (let r = 0; r < 4; r++) store<f64>(to + (r << 3), r < m - i ? load<f64>(from + r * aRow) : 0);
        to += 32;
        from += aColumn;
      }
    }
  }
}

/** Rows ic .. ic + m, columns pc .. pc + k of a symmetric matrix of which the lower triangle is stored. */
function packSymmetric(to: usize, m: i32, k: i32, a: usize, lda: i32, ic: i32, pc: i32): void {
  const end = pc + k;
  for (let i = ic; i < ic + m; i += 4) {
    const whole = ic + m - i >= 4;
    let p = pc;
    if (whole) {
      // on and below the diagonal
      for (; p <= i && p < end; p++) {
        const from = a + (i << 3) + p * lda;
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        to += 32;
      }
    }
    // the columns of the diagonal block beyond its first, and all where there are fewer than four rows
    for (const beyond = whole ? min(i + 4, end) : end; p < beyond; p++) {
      for (let r = 0; r < 4; r++) {
        const row = i + r;
        let x: f64 = 0;
        if (row < ic + m) x = row >= p ? load<f64>(a + (row << 3) + p * lda) : load<f64>(a + (p << 3) + row * lda);
        store<f64>(to + (r << 3), x);
      }
      to += 32;
    }
    // above it: rows are columns of the triangle, two entries of each at a time
    let from = a + (p << 3) + i * lda;
    for (; p + 2 <= end; p += 2) {
      const x0 = v128.load(from);
      const x1 = v128.load(from + lda);
      const x2 = v128.load(from + 2 * lda);
      const x3 = v128.load(from + 3 * lda);
      v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
      v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
      v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
      v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
      to += 64;
      from += 16;
    }
    if (p < end) {
      for (let r = 0; r < 4; r++) store<f64>(to + (r << 3), load<f64>(from + r * lda));
      to += 32;
    }
  }
}

/** A 4 x 4 tile of C minus the product of one strip of A with one of B. */
function tile(k: i32, a: usize, b: usize, c: usize, cColumn: i32): void {
  let s00 = f64x2.splat(0);
  let s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0);
  let s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0);
  let s21 = f64x2.splat(0);
  let s30 = f64x2.splat(0);
  let s31 = f64x2.splat(0);
  const end = a + (<usize>k << 5);
  while (a < end) {
    const x0 = v128.load(a);
    const x1 = v128.load(a, 16);
    const y0 = v128.load64_splat(b);
    s00 = f64x2.add(s00, f64x2.mul(x0, y0));
    s01 = f64x2.add(s01, f64x2.mul(x1, y0));
    const y1 = v128.load64_splat(b, 8);
    s10 = f64x2.add(s10, f64x2.mul(x0, y1));
    s11 = f64x2.add(s11, f64x2.mul(x1, y1));
    const y2 = v128.load64_splat(b, 16);
    s20 = f64x2.add(s20, f64x2.mul(x0, y2));
    s21 = f64x2.add(s21, f64x2.mul(x1, y2));
    const y3 = v128.load64_splat(b, 24);
    s30 = f64x2.add(s30, f64x2.mul(x0, y3));
    s31 = f64x2.add(s31, f64x2.mul(x1, y3));
    a += 32;
    b += 32;
  }
  v128.store(c, f64x2.sub(v128.load(c), s00));
  v128.store(c, f64x2.sub(v128.load(c, 16), s01), 16);
  c += cColumn;
  v128.store(c, f64x2.sub(v128.load(c), s10));
  v128.store(c, f64x2.sub(v128.load(c, 16), s11), 16);
  c += cColumn;
  v128.store(c, f64x2.sub(v128.load(c), s20));
  v128.store(c, f64x2.sub(v128.load(c, 16), s21), 16);
  c += cColumn;
  v128.store(c, f64x2.sub(v128.load(c), s30));
  v128.store(c, f64x2.sub(v128.load(c, 16), s31), 16);
}
