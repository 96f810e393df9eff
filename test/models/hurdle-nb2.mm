# Hurdle negative binomial, the zero part depends on x.
model hurdle_nb2 {
  data "../data/sim_hurdle_nb.csv"

  y ~ hurdle(negative_binomial(mu, shape), hu)
  log(mu) = x + (1 | g)
  logit(hu) = x

  fit laplace
}
