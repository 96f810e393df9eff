# Normal priors relative to sigma: one scale for the intercept, one for all other coefficients, REML.
model blme_orthodont_normal4 {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = age * Sex + (1 | Subject)

  cov(Subject) / sigma^2 ~ wishart(df = 3.5, scale = inf)
  intercept ~ normal(0, 10 * sigma)
  beta      ~ normal(0, sigma)

  fit reml
}
