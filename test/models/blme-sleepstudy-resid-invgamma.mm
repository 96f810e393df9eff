# Inverse gamma prior on the residual variance, REML.
model blme_sleepstudy_resid_invgamma {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  sigma^2 ~ inverse_gamma(3, 1000)

  fit reml
}
