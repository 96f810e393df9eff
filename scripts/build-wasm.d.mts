/** Where compiled kernels stand, from the root. */
export const files: readonly string[];
/** The text of one of these files for the assembly source as it is now. */
export function compileKernels(file: string): Promise<string>;
/** Rewrites them where the source has changed. */
export function writeBinaries(): Promise<void>;
