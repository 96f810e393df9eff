# Growth of a facial distance: age by sex, random intercept and slope, REML.
model orthodont_slope_reml {
  data "../data/Orthodont.csv" { Sex: factor("Male", "Female") }

  distance ~ age * Sex + (age | Subject)

  fit reml
}
