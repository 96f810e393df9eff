import type { DenseKernels } from '../dense-kernels.js';
import { binary } from './binary.js';

const PAGE = 65536;

/** The compiled module: a constant, but compiled on first use only, since most commands never need it. */
const compiled: { module: WebAssembly.Module | null | undefined } = { module: undefined };

type Exports = Omit<DenseKernels, 'name' | 'memory'> & { readonly base: () => number };

/**
 * The dense kernels in WebAssembly (SIMD) on memory of their own, which never grows; undefined where the platform has no
 * SIMD or does not give that much memory.
 */
export function wasmKernels(length: number): DenseKernels | undefined {
  if (compiled.module === undefined) compiled.module = compile();
  if (compiled.module === null) return undefined;
  const reserved = 1 << 21; // more than what the kernels keep for themselves; checked below
  const pages = Math.ceil((reserved + length * 8) / PAGE);
  if (pages > 65536) return undefined;
  try {
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const instance = new WebAssembly.Instance(compiled.module, { env: { memory } });
    const kernels = instance.exports as unknown as Exports;
    const base = kernels.base();
    if (base > reserved) return undefined;
    return { ...kernels, name: 'wasm', memory: new Float64Array(memory.buffer, base, length) };
  } catch {
    return undefined;
  }
}

function compile(): WebAssembly.Module | null {
  try {
    const text = atob(binary);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  } catch {
    return null;
  }
}
