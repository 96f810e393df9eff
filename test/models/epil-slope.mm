# Seizure counts with a random slope over periods.
model epil_slope {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase + trt + period + (period | subject)

  fit laplace
}
