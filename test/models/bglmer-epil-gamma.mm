# Seizure counts with a gamma prior on the sd and normal priors on the coefficients.
model bglmer_epil_gamma {
  data "../data/epil.csv"

  y ~ poisson(lambda)
  log(lambda) = lbase * trt + lage + V4 + (1 | subject)

  sd(subject) ~ gamma(2, 1)
  intercept   ~ normal(0, 10)
  beta        ~ normal(0, 2.5)

  fit laplace
}
