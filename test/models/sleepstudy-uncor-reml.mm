# Random intercept and slope without correlation, REML.
model sleepstudy_uncor_reml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days || Subject)

  fit reml
}
