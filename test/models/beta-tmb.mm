# Beta response with mean mu and precision phi, logit link.
model beta_tmb {
  data "../data/sim_beta.csv"

  y ~ beta(mu, phi)
  logit(mu) = x + (1 | g)

  fit laplace
}
