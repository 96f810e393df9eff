# One-way random effects whose variance estimate is zero, ML.
model dyestuff2_ml {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  fit ml
}
