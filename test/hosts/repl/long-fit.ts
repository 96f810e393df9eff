/** A model of the seizure counts and `:fit`: it would take minutes, since EM is told to draw so often. */
export const longFit: readonly string[] = [
  `v = (1 | subject)
mixture z per subject {
  y ~ poisson(lambda)
  class stable { log(lambda) = 1 + base + v }
  class responder { log(lambda) = 1 + base + trt + v }
}
fit em(draws = 200000, seed = 1)`,
  ':fit',
];
