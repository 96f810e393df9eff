import type { CholeskySymbolic, Ordering } from './block-symbolic.js';
import { type DenseKernels, inverseScratch } from './dense-kernels.js';
import { typescriptKernels } from './dense-typescript.js';
import { FactorTooLarge } from './factor-too-large.js';
import type { ThreadTeam } from './thread-team.js';
import { wasmKernels } from './wasm/wasm-kernels.js';

/**
 * P A P' = L L' of a sparse symmetric positive definite matrix of small dense blocks. `symbolic` is shared between clones;
 * the numbers live in `kernels.memory`: the panels of L, the panels of the inverse (touched by `selectedInverse` only),
 * scratch.
 */
export interface BlockCholesky {
  readonly symbolic: CholeskySymbolic;
  readonly kernels: DenseKernels;
  readonly inverseStart: number; // panels of the inverse, in the same layout as those of L
  readonly scratchStart: number;
  readonly scratchLength: number;
  readonly team: ThreadTeam | undefined; // where it pays
  /** Places of a supernode's rows below in another panel: `largestBelow` of them, in the memory of the kernels from `placesStart` on. */
  readonly relative: Int32Array;
  readonly placesStart: number;
  readonly rowMap: Int32Array; // scalars: place of a permuted row in the panel that is being built
  /** Linked lists of supernodes that still have something to give, by the supernode that gets it next. */
  readonly listHead: Int32Array;
  readonly listNext: Int32Array;
  readonly listAt: Int32Array; // the row (index into `below`) that they come to next
  /** One right-hand side in permuted order; `scalars` long. */
  readonly vector: Float64Array;
  /** The array whose values the factor is of, by identity: what they were then, whatever it holds now. Null: there is no factor. */
  factorOf: Float64Array | null;
}

export interface AnalyzeOptions {
  readonly ordering?: Ordering;
  /** Which dense kernels work on wide panels: 'auto' takes WebAssembly where the platform has it and it pays. */
  readonly backend?: 'auto' | 'wasm' | 'typescript';
  /** Operations on wide panels from which on 'auto' takes WebAssembly; many factorizations are worth it earlier than a few. */
  readonly wasmPays?: number;
  /** Threads that help with wide panels where there is enough to do in them; the result is the same, bit by bit. */
  readonly team?: ThreadTeam | undefined;
}

/** Supernodes up to this width are worked on by loops in place, wider ones by the dense kernels. */
export const NARROW = 4;
/** Dense kernels are not worth a call for so few numbers. */
export const FEW = 16;

/**
 * Numeric storage and scratch for a factor; WebAssembly falls back to TypeScript where there is none.
 * @throws FactorTooLarge where memory does not suffice
 */
export function allocate(
  symbolic: CholeskySymbolic,
  backend: DenseKernels['name'],
  team: ThreadTeam | undefined,
): BlockCholesky {
  const { supernodes, scalars, panelStart, inverseLength, largestBelow, largestWidth } = symbolic;
  const inverseStart = panelStart[supernodes];
  const scratchStart = 2 * inverseStart;
  // Large right-hand sides are taken 16 columns at a time.
  const solving = 16 * (largestBelow + largestWidth);
  const scratchLength = Math.max(inverseLength, inverseScratch(largestWidth), solving);
  const placesStart = scratchStart + scratchLength;
  const kernels = allocateKernels(backend, placesStart + Math.ceil(largestBelow / 2), inverseStart, team);
  const { buffer, byteOffset } = kernels.memory;
  return {
    symbolic,
    kernels,
    inverseStart,
    scratchStart,
    scratchLength,
    team,
    relative: new Int32Array(buffer, byteOffset + 8 * placesStart, largestBelow),
    placesStart,
    rowMap: new Int32Array(scalars),
    listHead: new Int32Array(supernodes),
    listNext: new Int32Array(supernodes),
    listAt: new Int32Array(supernodes),
    vector: new Float64Array(scalars),
    factorOf: null,
  };
}

/**
 * Below this many operations per factorization an instance of the WebAssembly module (about half a millisecond, and compiling it, once,
 * another) costs more than it saves in the ten or so of a fit, each with an inverse: a dense block of thirty rows has as many.
 */
export const WASM_PAYS = 1e4;
/**
 * Below this many operations per factorization helpers are not asked: a fit needs some ten of them, each with an inverse of
 * twice the work, and all of that must be well above the 50 milliseconds that a thread takes to start.
 */
export const TEAM_PAYS = 5e7;

/**
 * Dense kernels on memory of their own, for work of so many operations.
 * @param team  helps where that is enough
 * @throws FactorTooLarge
 */
export function denseKernels(length: number, flops: number, team?: ThreadTeam | undefined): DenseKernels {
  return allocateKernels(
    flops > WASM_PAYS ? 'wasm' : 'typescript',
    length,
    length,
    flops > TEAM_PAYS ? team : undefined,
  );
}

function allocateKernels(
  backend: DenseKernels['name'],
  length: number,
  numbers: number,
  team?: ThreadTeam | undefined,
): DenseKernels {
  const wasm = backend === 'wasm' ? wasmKernels(length, team) : undefined;
  if (wasm !== undefined) return wasm;
  try {
    return typescriptKernels(length);
  } catch (error) {
    if (error instanceof RangeError) throw new FactorTooLarge(numbers);
    throw error;
  }
}

/** What goes through the dense kernels. */
export function widePanelFlops(symbolic: CholeskySymbolic): number {
  const { supernodes, first, belowStart } = symbolic;
  let sum = 0;
  for (let s = 0; s < supernodes; s++) {
    const w = first[s + 1] - first[s];
    if (w > NARROW) sum += panelFlops(w, belowStart[s + 1] - belowStart[s]);
  }
  return sum;
}
/** Operations to factor a panel of w columns with r rows below, and to subtract what it gives to others. */
export function panelFlops(w: number, r: number): number {
  return (w * w * w) / 3 + w * w * r + w * r * (r + 1);
}
