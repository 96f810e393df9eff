# Recipe by baking temperature (an ordered factor), replicates within recipes, REML.
model cake_interaction_reml {
  data "../data/cake.csv" { temperature: ordered }

  angle ~ normal(mu, sigma)
  mu = recipe * temperature + (1 | recipe:replicate)

  fit reml
}
