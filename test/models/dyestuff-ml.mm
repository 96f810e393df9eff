# One-way random effects of batches on yield, ML.
model dyestuff_ml {
  data "../data/Dyestuff.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  fit ml
}
