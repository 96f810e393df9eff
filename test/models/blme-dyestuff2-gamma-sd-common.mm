# Gamma prior on the relative sd, REML.
model blme_dyestuff2_gamma_sd_common {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch) / sigma ~ gamma(2, 0.5)

  fit reml
}
