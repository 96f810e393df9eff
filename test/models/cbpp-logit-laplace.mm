# Binomial trials, logit link, random intercept per herd.
model cbpp_logit_laplace {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  fit laplace
}
