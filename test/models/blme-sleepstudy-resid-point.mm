# Residual sd held fixed, REML.
model blme_sleepstudy_resid_point {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  fix sigma = 25

  fit reml
}
