# Priors on covariance, coefficients and residual variance together, absolute, REML.
model blme_sleepstudy_combo_absolute_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) ~ inverse_wishart(df = 4, scale = diag(1000, 50))
  intercept    ~ normal(0, 300)
  beta[Days]   ~ normal(0, 10)
  sigma^2      ~ gamma(3, 0.01)

  fit reml
}
