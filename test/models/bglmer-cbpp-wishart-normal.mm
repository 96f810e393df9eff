# Binomial trials with an improper Wishart prior on the variance and normal priors on the coefficients.
model bglmer_cbpp_wishart_normal {
  data "../data/cbpp.csv" { period: factor }

  incidence ~ binomial(size, p)
  logit(p) = period + (1 | herd)

  cov(herd)  ~ wishart(df = 3.5, scale = inf)
  intercept  ~ normal(0, 3)
  beta       ~ normal(0, 1)

  fit laplace
}
