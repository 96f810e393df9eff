# Zero-inflated negative binomial with variance mu (1 + phi).
model zinb1 {
  data "../data/sim_zinb.csv"

  y ~ zero_inflated(negative_binomial1(mu, phi), zi)
  log(mu) = x + (1 | g)
  logit(zi) = 1

  fit laplace
}
