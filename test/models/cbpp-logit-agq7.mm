# Binomial trials, logit link, 7-point adaptive Gauss-Hermite quadrature.
model cbpp_logit_agq7 {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  fit agq(7)
}
