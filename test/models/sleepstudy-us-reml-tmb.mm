# Unstructured covariance of intercept and slope, REML.
model sleepstudy_us_reml_tmb {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  fit reml
}
