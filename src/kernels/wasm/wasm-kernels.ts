import type { DenseKernels } from '../dense-kernels.js';
import type { ThreadTeam, Workplace } from '../thread-team.js';
import { binary } from './binary.js';
import { sharedBinary } from './shared-binary.js';

const PAGE = 65536;
const MOST_PAGES = 65536;
/** More than what the kernels keep for themselves, and than what one helper does; checked below. */
const RESERVED = 1 << 21;

/** The compiled modules: constants, but compiled on first use only, since most commands never need them. */
const compiled = new Map<string, WebAssembly.Module | null>();

type Exports = Omit<DenseKernels, 'name' | 'memory'> & {
  readonly base: () => number;
  readonly room: () => number;
  readonly lead: (threads: number) => void;
  readonly done: () => number;
};

/**
 * The dense kernels in WebAssembly (SIMD) on memory of their own, which never grows; undefined where the platform has no
 * SIMD or does not give that much memory.
 * @param length  numbers that the memory holds
 * @param team  helps with large pieces of work, where the platform lets threads share memory
 */
export function wasmKernels(length: number, team?: ThreadTeam): DenseKernels | undefined {
  const shared = team === undefined || team.threads < 2 ? undefined : sharedKernels(length, team);
  if (shared !== undefined) return shared;
  const module = compile(binary);
  if (module === null) return undefined;
  const pages = Math.ceil((RESERVED + length * 8) / PAGE);
  if (pages > MOST_PAGES) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    return kernelsOn(new WebAssembly.Instance(module, { env: { memory } }), memory, length);
  } catch {
    return undefined;
  }
}

function sharedKernels(length: number, team: ThreadTeam): DenseKernels | undefined {
  if (typeof SharedArrayBuffer === 'undefined') return undefined;
  const module = compile(sharedBinary);
  if (module === null) return undefined;
  const pages = Math.ceil((team.threads * RESERVED + length * 8) / PAGE);
  if (pages > MOST_PAGES) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const rooms = Array.from({ length: team.threads - 1 }, (_, k) => pages * PAGE - (k + 1) * RESERVED);
    const place: Workplace = { module, memory, rooms };
    const words = new Int32Array(memory.buffer);
    const instance = new WebAssembly.Instance(module, {
      env: { memory },
      team: {
        wake: () => team.wake(place),
        linger: (chunks: number) => Atomics.wait(words, done() >> 2, chunks, 1),
      },
    });
    const { room, lead, done } = instance.exports as unknown as Exports;
    if (room() > RESERVED) return undefined;
    lead(team.threads);
    return kernelsOn(instance, memory, length);
  } catch {
    return undefined;
  }
}

function kernelsOn(
  instance: WebAssembly.Instance,
  memory: WebAssembly.Memory,
  length: number,
): DenseKernels | undefined {
  const kernels = instance.exports as unknown as Exports;
  const base = kernels.base();
  if (base > RESERVED) return undefined;
  return { ...kernels, name: 'wasm', memory: new Float64Array(memory.buffer, base, length) };
}

function compile(binary: string): WebAssembly.Module | null {
  let module = compiled.get(binary);
  if (module === undefined) {
    module = compileText(binary);
    compiled.set(binary, module);
  }
  return module;
}

function compileText(binary: string): WebAssembly.Module | null {
  try {
    const text = atob(binary);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  } catch {
    return null;
  }
}
