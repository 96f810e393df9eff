import type { Severity } from './diagnostic.js';

/** What one code says; its parameters are typed, so a message cannot be given the wrong ones. */
export interface CodeEntry<P> {
  readonly severity: Severity;
  readonly message: (p: P) => string;
  readonly hint?: (p: P) => string | undefined;
  readonly replacement?: (p: P) => string | undefined;
}

export function define<P = Record<string, never>>(entry: CodeEntry<P>): CodeEntry<P> {
  return entry;
}
