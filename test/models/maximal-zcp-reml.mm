# Two-by-two design, all effects random, no correlations, REML.
model maximal_zcp_reml {
  data "../data/sim_maximal.csv"

  y ~ normal(mu, sigma)
  mu = A * B + (A * B || subj) + (A * B || item)

  fit reml
}
