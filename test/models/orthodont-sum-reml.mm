# Sum contrasts for sex, random intercept, REML.
model orthodont_sum_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }
  contrasts Sex = sum

  distance ~ normal(mu, sigma)
  mu = age * Sex + (1 | Subject)

  fit reml
}
