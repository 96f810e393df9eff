# Zero-inflated Poisson with a constant share of structural zeros.
model zip_const {
  data "../data/sim_zip.csv"

  y ~ zero_inflated(poisson(lambda), zi)
  log(lambda) = x + z + (1 | g)

  fit laplace
}
