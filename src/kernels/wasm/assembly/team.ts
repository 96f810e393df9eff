// Work that other threads help with, where the memory is shared. The thread that asks cuts a product with one packed part of B,
// or a triangular solve, into chunks of rows; it and the helpers take them until none is left. Every entry is the same sum, in
// the same order, whoever computes it. Without shared memory all of this is compiled away.
import { moveTo, multiplyRows } from './multiply';
import { solveLeaf } from './triangular';

/** Chunks that nobody has taken, and chunks that are finished; far enough apart not to share a cache line. */
const LEFT: usize = 0;
const DONE: usize = 64;
const JOB: usize = 128;
/** Operations of which a chunk has at least so many: some ten microseconds of work. */
const CHUNK: f64 = 1.25e5;
const CHUNKS_PER_THREAD: i32 = 4;
/** How often a thread looks for something new before it lies down: the wait of some 50 microseconds. */
const PATIENCE: i32 = 50000;

/** What multiplyRows or solveLeaf is to do, all but the rows; strides in bytes. */
@unmanaged
export class Job {
  solve: bool; // else multiply
  n: i32;
  k: i32;
  jc: i32; // first column of C
  pc: i32; // first column of A
  b: usize; // packed, or the triangle
  bRow: i32;
  bColumn: i32;
  a: usize;
  aRow: i32;
  aColumn: i32;
  c: usize;
  cColumn: i32;
  part: i32;
  kind: i32;
  places: usize;
  // How it is shared out.
  first: i32; // row
  m: i32; // the row behind the last
  step: i32; // rows of a chunk
  chunks: i32;
}

let threads: i32 = 1;

/** Tells the host that there is something to do. */
declare function wake(): void;

/**
 * Waits until more than this many chunks are done. By the host, for after `memory.atomic.wait32` the first compiler of V8 11 takes
 * local variables for zero.
 */
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

/** The job of the thread that asks, to be filled in by it; there is never more than one. */
export function theJob(): Job {
  return changetype<Job>(JOB);
}

/** Does the job on rows first .. m, with the helpers where so many operations are worth it. */
export function perform(first: i32, m: i32, operations: f64): void {
  if (ASC_FEATURE_THREADS && threads > 1) {
    const rows = m - first;
    const step = stepOf(rows, operations);
    if (step < rows) {
      share(first, m, step);
      return;
    }
  }
  performRows(theJob(), first, m);
}

/** Rows per chunk, a multiple of what the kernels keep in registers; all of them where it is not worth it. */
function stepOf(rows: i32, operations: f64): i32 {
  const chunks = <i32>min<f64>(<f64>(threads * CHUNKS_PER_THREAD), operations / CHUNK);
  if (chunks < 2) return rows;
  return ((rows + chunks - 1) / chunks + 15) & ~15;
}

function share(first: i32, m: i32, step: i32): void {
  if (ASC_FEATURE_THREADS) {
    const job = theJob();
    const chunks = (m - first + step - 1) / step;
    job.first = first;
    job.m = m;
    job.step = step;
    job.chunks = chunks;
    atomic.store<i32>(DONE, 0);
    atomic.store<i32>(LEFT, chunks); // from here on helpers read the job
    wake();
    takeChunks();
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
    const job = theJob();
    for (;;) {
      const left = atomic.load<i32>(LEFT);
      if (left <= 0) return;
      if (atomic.cmpxchg<i32>(LEFT, left, left - 1) !== left) continue;
      const chunks = job.chunks;
      const first = job.first + (chunks - left) * job.step;
      performRows(job, first, min(job.m, first + job.step));
      if (atomic.add<i32>(DONE, 1) === chunks - 1) atomic.notify(DONE, 1);
    }
  }
}

function performRows(job: Job, first: i32, m: i32): void {
  if (job.solve) solveLeaf(m - first, job.n, job.b, job.bRow, job.bColumn, job.c + (<usize>first << 3), job.cColumn);
  else multiplyRows(job, first, m);
}
