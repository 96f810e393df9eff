# Seizure counts: two classes of patients, shared random intercept.
model mix_epil_two {
  data "../data/epil.csv"

  v = (1 | subject)

  mixture z per subject {
    y ~ poisson(lambda)
    class low, high { log(lambda) = lbase + trt + V4 + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
