# Seizure counts, Poisson.
model epil_poisson_tmb {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase * trt + lage + V4 + (1 | subject)

  fit laplace
}
