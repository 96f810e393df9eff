# Zero-inflated negative binomial, random intercepts in both parts.
model zinb_re {
  data "../data/sim_zinb.csv"

  y ~ zero_inflated(negative_binomial(mu, shape), zi)
  log(mu) = x + (1 | g)
  logit(zi) = 1 + (1 | g)

  fit laplace
}
