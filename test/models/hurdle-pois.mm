# Hurdle Poisson: zeros by their own logistic part, positive counts zero-truncated Poisson.
model hurdle_pois {
  data "../data/sim_hurdle.csv"

  y ~ hurdle(poisson(lambda), hu)
  log(lambda) = x + (1 | g)
  logit(hu) = x

  fit laplace
}
