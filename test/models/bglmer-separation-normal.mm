# Completely separated binary data, made estimable by normal priors.
model bglmer_separation_normal {
  data "../data/sim_separation.csv"

  y ~ bernoulli(p)
  logit(p) = arm + (1 | g)

  intercept ~ normal(0, 3)
  beta      ~ normal(0, 3)

  fit laplace
}
