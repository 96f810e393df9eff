# Random intercept per subject, ML.
model sleepstudy_ri_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (1 | Subject)

  fit ml
}
