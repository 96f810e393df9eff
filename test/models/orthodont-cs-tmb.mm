# Errors with one correlation and one sd per age (heterogeneous compound symmetry), ML.
model orthodont_cs_tmb {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma, cor = cs(age | Subject))
  mu = age * Sex
  log(sigma) = 0 + factor(age)

  fit ml
}
