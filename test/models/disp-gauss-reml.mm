# The residual sd depends on x and z, REML.
model disp_gauss_reml {
  data "../data/sim_disp.csv"

  y ~ normal(mu, sigma)
  mu = x + (1 | g)
  log(sigma) = x + z

  fit reml
}
