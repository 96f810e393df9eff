# Two-by-two design, all effects random over subjects and over items, ML.
model maximal20_ml {
  data "../data/sim_maximal.csv"

  y ~ normal(mu, sigma)
  mu = A * B + (A * B | subj) + (A * B | item)

  fit ml
}
