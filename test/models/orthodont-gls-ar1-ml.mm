# AR(1) errors within a subject, ML.
model orthodont_gls_ar1_ml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma, cor = ar1(age | Subject))
  mu = age * Sex

  fit ml
}
