# Random intercept and slope, residual sd by sex, REML.
model orthodont_lme_varident_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = age * Sex + (I(age - 11) | Subject)
  log(sigma) = 0 + Sex

  fit reml
}
