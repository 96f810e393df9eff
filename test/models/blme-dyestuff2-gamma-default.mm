# Improper gamma prior (rate 0) on the relative sd keeps the estimate off zero, REML.
model blme_dyestuff2_gamma_default {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch) / sigma ~ gamma(2.5, 0)

  fit reml
}
