# Zero-inflated Poisson written as a mixture per row; the share of structural zeros depends on x.
model zip_x {
  data "../data/sim_zip.csv"

  mixture zero {
    class structural { y ~ dirac(0) }
    class sampling   { y ~ poisson(lambda); log(lambda) = x + z + (1 | g) }
  }
  logit(prob(structural)) = x

  fit laplace
}
