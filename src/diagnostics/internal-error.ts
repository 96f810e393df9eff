/** A broken invariant: our mistake, never the user's. Hosts turn it into "please report this". */
export class InternalError extends Error {
  override readonly name = 'InternalError';
  constructor(
    message: string,
    readonly subject?: unknown,
  ) {
    super(message);
  }
}

/** Ends every `switch` over a tagged union, so that `tsc` names the case that is missing. */
export function assertNever(value: never): never {
  throw new InternalError('unhandled case', value);
}
