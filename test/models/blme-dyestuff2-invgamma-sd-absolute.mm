# Inverse gamma prior on the sd itself, REML.
model blme_dyestuff2_invgamma_sd_absolute {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch) ~ inverse_gamma(2, 1)

  fit reml
}
