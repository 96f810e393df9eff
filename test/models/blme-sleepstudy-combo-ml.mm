# Priors on covariance, coefficients and residual variance together, relative to sigma, ML.
model blme_sleepstudy_combo_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) / sigma^2 ~ wishart(df = 5, scale = diag(2, 0.3))
  intercept  ~ normal(0, 20 * sigma)
  beta[Days] ~ normal(0, 2 * sigma)
  sigma^2    ~ inverse_gamma(3, 1000)

  fit ml
}
