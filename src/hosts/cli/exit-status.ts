/** What the command tells its caller; scripts rely on these numbers. */
export const exitStatus = {
  ok: 0,
  /** The model or the data are wrong: diagnostics on stderr. */
  wrong: 1,
  usage: 2,
  notConverged: 3,
  /** A broken invariant of ours (EX_SOFTWARE of sysexits). */
  internal: 70,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** Of several models: that one is wrong weighs more than that another has not converged. */
export function worse(a: ExitStatus, b: ExitStatus): ExitStatus {
  const weight: readonly ExitStatus[] = [
    exitStatus.ok,
    exitStatus.notConverged,
    exitStatus.wrong,
    exitStatus.usage,
    exitStatus.internal,
  ];
  return weight.indexOf(a) >= weight.indexOf(b) ? a : b;
}
