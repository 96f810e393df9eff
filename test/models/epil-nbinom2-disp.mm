# Seizure counts, negative binomial whose shape depends on the treatment.
model epil_nbinom2_disp {
  data "../data/epil.csv"

  y ~ negative_binomial(mu, shape)
  log(mu) = lbase * trt + lage + V4 + (1 | subject)
  log(shape) = trt

  fit laplace
}
