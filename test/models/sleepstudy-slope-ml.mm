# Correlated random intercept and slope per subject, ML.
model sleepstudy_slope_ml {
  data "../data/sleepstudy.csv"

  Reaction ~ normal(mu, sigma)
  mu = Days + (Days | Subject)

  fit ml
}
