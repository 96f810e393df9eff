# Inverse gamma prior on the relative variance, REML.
model blme_dyestuff2_invgamma_var_common {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch)^2 / sigma^2 ~ inverse_gamma(1.5, 0.2)

  fit reml
}
