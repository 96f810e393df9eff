# Seizure counts: two classes of patients, a random intercept of its own in each.
model mix_epil_two_class {
  data "../data/epil.csv"

  mixture z per subject {
    y ~ poisson(lambda)
    class low, high { log(lambda) = lbase + trt + V4 + (1 | subject) }
  }
  order z by intercept

  fit em(quadrature = 61)
}
