# Normal priors on the coefficients, relative to sigma, REML.
model blme_sleepstudy_normal_common_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  intercept  ~ normal(0, 20 * sigma)
  beta[Days] ~ normal(0, 2 * sigma)

  fit reml
}
