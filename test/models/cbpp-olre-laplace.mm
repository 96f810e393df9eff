# Binomial trials with an observation-level random effect.
model cbpp_olre_laplace {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd) + (1 | obs)

  fit laplace
}
