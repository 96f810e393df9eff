# Binomial trials, probit link.
model cbpp_probit_tmb {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  probit(p) = period + (1 | herd)

  fit laplace
}
