# Raters sparsely crossed with items, random slope per rater, ML.
model crossed_sparse_slope_ml {
  data "../data/sim_crossed_sparse.csv"

  y ~ normal(mu, sigma)
  mu = x + (x | rater) + (1 | item)

  fit ml
}
