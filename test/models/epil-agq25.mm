# Seizure counts, Poisson, 25-point adaptive quadrature.
model epil_agq25 {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase * trt + lage + V4 + (1 | subject)

  fit agq(25)
}
