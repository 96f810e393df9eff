# Plates crossed with samples, REML.
model penicillin_reml {
  data "../data/Penicillin.csv"

  diameter ~ normal(mu, sigma)
  mu = 1 + (1 | plate) + (1 | sample)

  fit reml
}
