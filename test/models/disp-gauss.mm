# The residual sd depends on x and z, ML.
model disp_gauss {
  data "../data/sim_disp.csv"

  y ~ normal(mu, sigma)
  mu = x + (1 | g)
  log(sigma) = x + z

  fit ml
}
