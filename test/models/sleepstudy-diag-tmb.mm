# Diagonal covariance of intercept and slope, ML.
model sleepstudy_diag_tmb {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + diag(Days | Subject)

  fit ml
}
