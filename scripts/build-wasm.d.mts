/** The text of src/kernels/wasm/binary.ts for the assembly source as it is now. */
export function compileKernels(): Promise<string>;
/** Rewrites binary.ts where the source has changed. */
export function writeBinary(): Promise<void>;
