# Raters sparsely crossed with items, REML.
model crossed_sparse_reml {
  data "../data/sim_crossed_sparse.csv"

  y ~ normal(mu, sigma)
  mu = x + (1 | rater) + (1 | item)

  fit reml
}
