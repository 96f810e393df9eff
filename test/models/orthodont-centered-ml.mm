# Growth with age centred at 11 by I(), random intercept and slope, ML.
model orthodont_centered_ml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = I(age - 11) * Sex + (I(age - 11) | Subject)

  fit ml
}
