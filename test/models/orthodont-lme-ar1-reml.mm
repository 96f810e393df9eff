# Random intercept plus AR(1) errors, REML.
model orthodont_lme_ar1_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma, cor = ar1(age | Subject))
  mu = age * Sex + (1 | Subject)

  fit reml
}
