# Beta-binomial trials: beta with shapes p phi and (1 - p) phi.
model cbpp_betabinomial {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ beta_binomial(size, p, phi)
  logit(p) = period + (1 | herd)

  fit laplace
}
