// Work that other threads help with, where the memory is shared. The thread that asks cuts one product or one triangular solve
// into chunks of columns or rows; it and the helpers take them until none is left. Every entry is the same sum, in the same
// order, whoever computes it. Without shared memory all of this is compiled away.
import { LOWER, moveTo, multiplyRows, SYMMETRIC } from './multiply';
import { solveRows } from './triangular';

/** Chunks that nobody has taken, and chunks that are finished; far enough apart not to share a cache line. */
const LEFT: usize = 0;
const DONE: usize = 64;
const JOB: usize = 128;
/** Operations of which a chunk has at least so many: some 20 microseconds of work. */
const CHUNK: f64 = 2.5e5;
/** Columns or rows of a chunk at least: narrower ones spend too much on packing what they are multiplied with. */
const NARROWEST: i32 = 32;
const CHUNKS_PER_THREAD: i32 = 4;
/** How often a thread looks for something new before it lies down: the wait of some 50 microseconds. */
const PATIENCE: i32 = 50000;

@unmanaged
class Job {
  chunks: i32;
  step: i32; // columns or rows of a chunk
  solve: bool; // with the triangle at b; else multiply
  byColumn: bool;
  m: i32;
  n: i32;
  k: i32;
  a: usize;
  aRow: i32;
  aColumn: i32;
  b: usize;
  bRow: i32;
  bColumn: i32;
  c: usize;
  cColumn: i32;
  part: i32;
  kind: i32;
}

let threads: i32 = 1;
/** In a chunk: no chunk is cut again. */
let working: bool = false;

/** Tells the host that there is something to do. */
// @ts-ignore: decorator
@external('env', 'wake')
declare function wake(): void;

/**
 * Waits until more than this many chunks are done. By the host, for after `memory.atomic.wait32` the first compiler of V8 11 takes
 * local variables for zero.
 */
// @ts-ignore: decorator
@external('env', 'linger')
declare function linger(done: i32): void;

/** First byte of the number of chunks that are done. */
export function done(): usize {
  return DONE;
}

/** Called once by the thread that asks: so many threads there are, it being one of them. */
export function lead(count: i32): void {
  threads = count;
}

/** Called once by a helper, with the start of its own room in bytes. */
export function join(start: usize): void {
  moveTo(start);
  working = true;
}

/** Does chunks as long as there are any, and a little longer. */
export function help(): void {
  if (ASC_FEATURE_THREADS) {
    for (let idle = 0; idle < PATIENCE; idle++) {
      if (atomic.load<i32>(LEFT) > 0) {
        takeChunks();
        idle = 0;
      }
    }
  }
}

/** C -= A B; see multiplyRows. */
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
): void {
  if (ASC_FEATURE_THREADS) {
    if (threads > 1 && !working) {
      // a symmetric A is dear to pack: by rows no two chunks need the same of it
      const byColumn = part === LOWER || (n >= m && kind !== SYMMETRIC);
      const length = byColumn ? n : m;
      const step = stepOf(length, <f64>m * <f64>n * <f64>k * (part === LOWER ? 1 : 2));
      if (step < length) {
        const job = changetype<Job>(JOB);
        job.solve = false;
        job.byColumn = byColumn;
        job.m = m;
        job.n = n;
        job.k = k;
        job.a = a;
        job.aRow = aRow;
        job.aColumn = aColumn;
        job.b = b;
        job.bRow = bRow;
        job.bColumn = bColumn;
        job.c = c;
        job.cColumn = cColumn;
        job.part = part;
        job.kind = kind;
        share(length, step);
        return;
      }
    }
  }
  multiplyRows(0, m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cColumn, part, kind);
}

/** B <- B L^-T; see solveRows. */
export function solveTransposed(m: i32, n: i32, l: usize, lRow: i32, lColumn: i32, b: usize, bColumn: i32): void {
  if (ASC_FEATURE_THREADS) {
    if (threads > 1 && !working) {
      const step = stepOf(m, <f64>m * <f64>n * <f64>n);
      if (step < m) {
        const job = changetype<Job>(JOB);
        job.solve = true;
        job.byColumn = false;
        job.m = m;
        job.n = n;
        job.b = l;
        job.bRow = lRow;
        job.bColumn = lColumn;
        job.c = b;
        job.cColumn = bColumn;
        share(m, step);
        return;
      }
    }
  }
  solveRows(m, n, l, lRow, lColumn, b, bColumn);
}

/** Columns or rows per chunk, a multiple of what the kernels keep in registers; `length` or more where it is not worth it. */
function stepOf(length: i32, operations: f64): i32 {
  const chunks = <i32>min<f64>(<f64>(threads * CHUNKS_PER_THREAD), operations / CHUNK);
  if (chunks < 2) return length;
  return (max(NARROWEST, (length + chunks - 1) / chunks) + 15) & ~15;
}

function share(length: i32, step: i32): void {
  if (ASC_FEATURE_THREADS) {
    const job = changetype<Job>(JOB);
    const chunks = (length + step - 1) / step;
    job.chunks = chunks;
    job.step = step;
    atomic.store<i32>(DONE, 0);
    atomic.store<i32>(LEFT, chunks); // from here on helpers read the job
    wake();
    working = true;
    takeChunks();
    working = false;
    for (let looks = 0; ; looks++) {
      const done = atomic.load<i32>(DONE);
      if (done === chunks) return;
      if (looks > PATIENCE) linger(done);
    }
  }
}

/**
 * The job is read after a chunk of it was taken: it then cannot change before that chunk is done, however late a helper comes.
 */
function takeChunks(): void {
  if (ASC_FEATURE_THREADS) {
    const job = changetype<Job>(JOB);
    for (;;) {
      const left = atomic.load<i32>(LEFT);
      if (left <= 0) return;
      if (atomic.cmpxchg<i32>(LEFT, left, left - 1) !== left) continue;
      const chunks = job.chunks;
      perform(job, (chunks - left) * job.step);
      if (atomic.add<i32>(DONE, 1) === chunks - 1) atomic.notify(DONE, 1);
    }
  }
}

function perform(job: Job, from: i32): void {
  const count = min(job.step, (job.byColumn ? job.n : job.m) - from);
  if (job.solve) {
    solveRows(count, job.n, job.b, job.bRow, job.bColumn, job.c + (<usize>from << 3), job.cColumn);
    return;
  }
  if (!job.byColumn) {
    const to = from + count;
    multiplyRows(
      from,
      to,
      job.n,
      job.k,
      job.a,
      job.aRow,
      job.aColumn,
      job.b,
      job.bRow,
      job.bColumn,
      job.c,
      job.cColumn,
      job.part,
      job.kind,
    );
    return;
  }
  // Of a lower triangle: columns from the diagonal down.
  const above = job.part === LOWER ? from : 0;
  multiplyRows(
    0,
    job.m - above,
    count,
    job.k,
    job.a + above * job.aRow,
    job.aRow,
    job.aColumn,
    job.b + from * job.bColumn,
    job.bRow,
    job.bColumn,
    job.c + (<usize>above << 3) + from * job.cColumn,
    job.cColumn,
    job.part,
    job.kind,
  );
}
