# Seizure counts, negative binomial with variance mu (1 + phi).
model epil_nbinom1 {
  data "../data/epil.csv"

  y ~ negative_binomial1(mu, phi)
  log(mu) = lbase * trt + lage + V4 + (1 | subject)

  fit laplace
}
