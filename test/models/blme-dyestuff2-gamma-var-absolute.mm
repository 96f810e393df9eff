# Gamma prior on the variance itself, REML.
model blme_dyestuff2_gamma_var_absolute {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch)^2 ~ gamma(2, 0.5)

  fit reml
}
