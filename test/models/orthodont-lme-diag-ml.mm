# Random intercept and slope without correlation, by diag(), ML.
model orthodont_lme_diag_ml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = age * Sex + diag(I(age - 11) | Subject)

  fit ml
}
