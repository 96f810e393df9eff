# Normal response with a log link for the mean.
model gausslog_tmb {
  data "../data/sim_gausslog.csv"

  y ~ normal(mu, sigma)
  log(mu) = x + (1 | g)

  fit laplace
}
