# Helmert contrasts for recipe, REML.
model cake_helmert_reml {
  data "../data/cake.csv"
  contrasts recipe = helmert

  angle ~ normal(mu, sigma)
  mu = recipe * temp + (1 | replicate)

  fit reml
}
