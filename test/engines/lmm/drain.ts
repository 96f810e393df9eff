/** Runs an iteration to its end. */
export function drain<R>(iteration: Generator<unknown, R>): R {
  for (;;) {
    const next = iteration.next();
    if (next.done) return next.value;
  }
}
