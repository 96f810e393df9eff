# Binomial trials, logit link, 11-point adaptive Gauss-Hermite quadrature.
model cbpp_logit_agq11 {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  fit agq(11)
}
