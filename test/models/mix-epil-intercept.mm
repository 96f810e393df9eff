# Seizure counts: two classes of patients without covariates, shared random intercept.
model mix_epil_intercept {
  data "../data/epil.csv"

  v = (1 | subject)

  mixture z per subject {
    y ~ poisson(lambda)
    class low, high { log(lambda) = 1 + v }
  }
  order z by intercept

  fit em(quadrature = 61)
}
