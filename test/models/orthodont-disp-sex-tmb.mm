# Random intercept, residual sd by sex, ML.
model orthodont_disp_sex_tmb {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = age * Sex + (1 | Subject)
  log(sigma) = Sex

  fit ml
}
