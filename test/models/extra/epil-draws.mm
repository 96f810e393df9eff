# Seizure counts: patients who respond to the drug and patients who do not.
model epil_draws {
  data "../../data/epil.csv" { V4: int }

  v = (1 | subject)
  common = 0 + lbase + lage + V4      # slopes shared by both classes

  mixture z per subject {
    y ~ poisson(lambda)
    class stable    { log(lambda) = 1 + common + v }
    class responder { log(lambda) = 1 + common + trt + v; beta[trt] ~ normal(0, 1) }
  }

  fit em(draws = 500, seed = 1)
}
