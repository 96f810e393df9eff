# Tighter normal priors on the coefficients, relative to sigma, ML.
model blme_sleepstudy_normal_common_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  intercept  ~ normal(0, 5 * sigma)
  beta[Days] ~ normal(0, 0.2 * sigma)

  fit ml
}
