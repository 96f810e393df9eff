# Binomial trials, complementary log-log link.
model cbpp_cloglog_tmb {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  cloglog(p) = period + (1 | herd)

  fit laplace
}
