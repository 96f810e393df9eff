# Prior weights written as the residual sd of a row, sigma / sqrt(w); random intercept, ML.
model sleepstudy_weights_ml {
  data "../data/sleepstudy_wt.csv"

  Reaction ~ normal(mu, sigma / sqrt(w))
  mu = Days + (1 | Subject)

  fit ml
}
