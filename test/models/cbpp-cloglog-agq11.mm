# Binomial trials, complementary log-log link, 11-point adaptive quadrature.
model cbpp_cloglog_agq11 {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  cloglog(p) = period + (1 | herd)

  fit agq(11)
}
