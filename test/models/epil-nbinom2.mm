# Seizure counts, negative binomial with variance mu + mu^2 / shape.
model epil_nbinom2 {
  data "../data/epil.csv"

  y ~ negative_binomial(mu, shape)
  log(mu) = lbase * trt + lage + V4 + (1 | subject)

  fit laplace
}
