# One intercept and one slope per sex (cell means coding), random intercept, REML.
model orthodont_catslope_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ normal(mu, sigma)
  mu = 0 + Sex + Sex:age + (1 | Subject)

  fit reml
}
