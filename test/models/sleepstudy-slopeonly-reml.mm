# Random slope without random intercept, REML.
model sleepstudy_slopeonly_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (0 + Days | Subject)

  fit reml
}
