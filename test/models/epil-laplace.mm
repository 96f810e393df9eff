# Seizure counts, Poisson, random intercept per patient.
model epil_laplace {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase * trt + lage + V4 + (1 | subject)

  fit laplace
}
