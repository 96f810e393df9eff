export const linkNames = ['identity', 'log', 'logit', 'probit', 'cloglog', 'cauchit', 'inverse', 'sqrt'] as const;
export type LinkName = (typeof linkNames)[number];

/** link(parameter) = eta. Scalar functions; the derivatives are of the inverse, parameter = h(eta). */
export interface Link {
  readonly name: LinkName;
  link(parameter: number): number;
  inverse(eta: number): number;
  /** dh/deta, d2h/deta2, d3h/deta3 at eta. */
  derivative1(eta: number): number;
  derivative2(eta: number): number;
  derivative3(eta: number): number;
}
