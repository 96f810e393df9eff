# Seizure counts, Poisson, 11-point adaptive quadrature.
model epil_agq11 {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase * trt + lage + V4 + (1 | subject)

  fit agq(11)
}
