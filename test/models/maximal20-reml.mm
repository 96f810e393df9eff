# Two-by-two design, all effects random over subjects and over items, REML.
model maximal20_reml {
  data "../data/sim_maximal.csv"

  y ~ normal(mu, sigma)
  mu = A * B + (A * B | subj) + (A * B | item)

  fit reml
}
