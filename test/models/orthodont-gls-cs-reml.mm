# Errors with one correlation within a subject (compound symmetry), REML.
model orthodont_gls_cs_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma, cor = cs(age | Subject))
  mu = age * Sex

  fit reml
}
