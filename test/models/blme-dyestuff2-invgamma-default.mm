# Weak inverse gamma prior on the relative variance, REML.
model blme_dyestuff2_invgamma_default {
  data "../data/Dyestuff2.csv"

  Yield ~ normal(mu, sigma)
  mu = 1 + (1 | Batch)

  sd(Batch)^2 / sigma^2 ~ inverse_gamma(0.001, 0.051)

  fit reml
}
