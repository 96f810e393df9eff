# One-way random effects whose variance estimate is zero, REML.
model dyestuff2_reml {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  fit reml
}
