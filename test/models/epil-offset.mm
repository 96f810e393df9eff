# Seizure counts relative to the baseline rate, by an offset.
model epil_offset {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = trt + lage + V4 + offset(log(base/4)) + (1 | subject)

  fit laplace
}
