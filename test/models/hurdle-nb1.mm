# Hurdle negative binomial with variance mu (1 + phi) before truncation, constant zero part.
model hurdle_nb1 {
  data "../data/sim_hurdle_nb.csv"

  y ~ hurdle(negative_binomial1(mu, phi), hu)
  log(mu) = x + (1 | g)

  fit laplace
}
