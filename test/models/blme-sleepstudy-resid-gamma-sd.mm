# Gamma prior on the residual sd, REML.
model blme_sleepstudy_resid_gamma_sd {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  sigma ~ gamma(3, 0.1)

  fit reml
}
