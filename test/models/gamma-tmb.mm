# Gamma response with mean mu and variance mu^2/shape, log link.
model gamma_tmb {
  data "../data/sim_gamma.csv"

  y ~ gamma(mu, shape)
  log(mu) = x + z + (1 | g)

  fit laplace
}
