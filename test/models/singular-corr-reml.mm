# Random intercept and slope whose estimated correlation is -1, REML.
model singular_corr_reml {
  data "../data/sim_singular.csv"

  y ~ normal(mu, sigma)
  mu = x + (x | g)

  fit reml
}
