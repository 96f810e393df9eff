# Two-by-two design, all effects random over subjects, REML.
model maximal10_reml {
  data "../data/sim_maximal.csv"

  y ~ normal(mu, sigma)
  mu = A * B + (A * B | subj)

  fit reml
}
