# The sleep study with priors on the scale of the data, in milliseconds: how far drivers differ, their mean speed and
# decline, and the residual variance.
model sleepstudy_priors {
  data "sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  cov(Subject) ~ inverse_wishart(df = 4, scale = diag(1000, 50))
  intercept ~ normal(0, 300)
  beta[Days] ~ normal(0, 10)
  sigma^2 ~ gamma(3, 0.01)

  fit reml
}
